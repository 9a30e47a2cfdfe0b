// Every page, in both languages and all themes, at three widths: no WCAG violation, nothing wider than the window.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { choose, origin, watched } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SIZES = [[1440, 900], [768, 1024], [390, 844]];
const WORKERS = 3;

// Other looks of a page that is there already: each language and theme sees them once, not every pair of these.
const VARIANTS = [
  "overview-month", "overview-whole", "requests-filtered", "requests-none", "requests-live", "request-permitted", "go-none", "go-whole",
  "usage-whole", "map-whole", "exposure-whole", "drills-whole", "studio-filled", "people-whole", "packs-whole", "explain-asked",
];

// Whose each path is: an organisation's, or the whole's.
const at = (organisation) => ([name, path]) => [name, `${path}${path.includes("?") ? "&" : "?"}organisation=${organisation}`];

export function paths(seen, key, drill, years) {
  const ofTourism = [
    ["overview", "/console"],
    ["overview-month", "/console?span=month"],
    ["request-permitted", `/console/requests/${seen.permitted.id}`],
    ["request-redacted", `/console/requests/${seen.redacted.id}`],
    ["playground", "/console/playground"],
    ["usage", "/console/usage"],
    ["map", "/console/map"],
    ["exposure", "/console/exposure"],
    ["drills", "/console/drills"],
    ["studio", "/console/drills/new"],
    ["studio-filled", "/console/drills/new?ready=largest-parent"],
    ["drill", `/console/drills/${drill}`],
    ["impact", `/console/impact/${drill}`],
  ];
  const ofTheClinic = [
    ["requests", "/console/requests"],
    ["requests-filtered", "/console/requests?decision=deny&sort=app&cols=request,app,decision"],
    ["requests-none", "/console/requests?app=nobody"],
    ["requests-live", "/console/requests?live=on"],
    ["content", "/console/content"],
    ["request-refused", `/console/requests/${seen.refused.id}`],
    ["go", "/console/go?q=abroad"],
    ["go-none", "/console/go?q=no-such-thing"],
    ["ledger", "/console/ledger"],
    ["policies", "/console/policies"],
    ["rule", "/console/policies/rules/strategic-sectors"],
    ["matrix", "/console/policies/matrix?app=clinic"],
    ["packs", "/console/packs"],
    ["pack", "/console/packs/strategic-sectors"],
    ["explain", "/console/policies/explain"],
    ["explain-asked", "/console/policies/explain?app=clinic&class=personal"],
    ["models", "/console/models"],
    ["passport", "/console/models/republic-8b"],
    ["approvals", "/console/approvals"],
    ["obligations", "/console/obligations"],
    ["keys", "/console/keys?apps-find=clinic"],
    ["revoke", `/console/keys/${key}/revoke`],
    ["people", "/console/people"],
    ["missing", "/console/requests/no-such-request"],
  ];
  const ofTheWhole = [
    ["overview-whole", "/console"],
    ["go-whole", "/console/go?q=abroad"],
    ["usage-whole", "/console/usage"],
    ["map-whole", "/console/map"],
    ["exposure-whole", "/console/exposure"],
    ["drills-whole", "/console/drills"],
    ["packs-whole", "/console/packs"],
    ["people-whole", "/console/people"],
    ["entry", "/console/ledger/0"],
    ["suspend", "/console/suspend/provider/standin-abroad"],
    ["realm", "/console/realm"],
    ["realm-diff", "/console/realm/diff"],
    ["programme", "/console/programme"],
    ["plans", "/console/plan"],
    ["plan", years.plan],
    ["forecasts", "/console/forecast"],
    ["forecast", years.forecast],
    ["difference", years.difference],
    ["track-record", "/console/track-record"],
    ["observatory", "/console/observatory"],
    ["samples", "/console/samples"],
    ["system", "/console/system"],
  ];
  return [...ofTourism.map(at("tourist-office")), ...ofTheClinic.map(at("capital-hospital")), ...ofTheWhole.map(at("%40"))];
}

async function check(page, name, where) {
  // Told within the page: what axe says of everything that is as it should be is long, and the way here is dear.
  const { told, wide } = await page.evaluate(async (tags) => {
    // Colours that are still on their way would be measured halfway.
    document.getAnimations().forEach((animation) => animation.finish());
    const run = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false };
    const { violations } = await axe.run(document, run);
    const told = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
    return { told, wide: document.documentElement.scrollWidth - document.documentElement.clientWidth };
  }, TAGS);
  assert.deepEqual(told, [], where);
  assert.ok(wide <= 0, `${where} is ${wide} px wider than the window`);
}

// One language in one theme: each page is loaded once and looked at in every size.
async function look(context, { lang, theme, sizes }, all) {
  await choose(context, { lang, theme });
  const page = await watched(context);
  let passed = 0;
  for (const [name, path] of all) {
    const response = await page.goto(origin + path);
    assert.equal(response.status(), name === "missing" ? 404 : 200, path);
    assert.equal(await page.getAttribute("html", "lang"), lang);
    await page.evaluate(axe);
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await check(page, name, `${lang} ${theme} ${width} ${path}`);
      if (shots) await page.screenshot({ path: `${shots}/${lang}-${theme}-${width}-${name}.png`, fullPage: true });
      passed += 1;
    }
  }
  await page.close();
  return passed;
}

export async function everyPage(browser, state, all) {
  const looks = ["en", "ru"].flatMap((lang) => ["light", "dark", "contrast"].map((theme) => (
    { lang, theme, sizes: theme === "contrast" ? SIZES.slice(0, 1) : SIZES }
  )));
  let passed = 0;
  const worker = async () => {
    for (let next = looks.shift(); next; next = looks.shift()) {
      const context = await browser.newContext({ storageState: state, reducedMotion: "reduce" });
      const varied = (next.lang === "en") === (next.theme === "light");
      const more = await look(context, next, all.filter(([name]) => varied || !VARIANTS.includes(name)));
      // Added after the wait: others add meanwhile.
      passed += more;
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return passed;
}
