// Bundles the console's scripts into a folder, each also as its compressed forms, for the program to embed.
//   node build.mjs FOLDER
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2];
if (!folder) throw new Error("name the folder that the bundles go to");
mkdirSync(folder, { recursive: true });
const { metafile } = await build({
  entryPoints: { console: "src/console.js", chart: "src/chart.js" },
  outdir: folder,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  // Licences of what is inside go with it.
  legalComments: "eof",
  logLevel: "warning",
  metafile: true,
});
allowed(Object.keys(metafile.inputs));
for (const name of ["console.js", "chart.js"]) {
  const body = readFileSync(join(folder, name));
  const most = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  writeFileSync(join(folder, `${name}.gz`), gzipSync(body, { level: 9 }));
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(body, most));
}

// What is embedded may be given on: packages with other licences are refused.
function allowed(inputs) {
  const licences = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];
  const packages = new Set(inputs.map((path) => path.match(/^node_modules\/((@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  for (const name of packages) {
    const { license } = JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8"));
    if (!licences.includes(license)) throw new Error(`${name} is under ${license}: only ${licences.join(", ")} may be embedded`);
  }
}
