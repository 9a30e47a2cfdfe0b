// Texts of others, wherever the realm, people and clients may put one: in the browser none is ever more than text.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { data, enter, link, origin, ready } from "./browser.mjs";
import { ask } from "./traffic.mjs";

const CORPUS = [
  "<script>window.pwned=1;alert(1)</script>",
  "\"><img src=x onerror=\"window.pwned=1;alert(1)\">",
  "' autofocus onfocus='window.pwned=1' x='",
  "</title></textarea><svg/onload=alert(1)>",
  "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
  "javascript:alert(1)",
  "{a|b}{{7*7}}<b hx-get=/console/leave hx-trigger=load>",
];

function files(folder, ending) {
  const all = readdirSync(folder).map((name) => join(folder, name));
  return all.flatMap((path) => (statSync(path).isDirectory() ? files(path, ending) : path.endsWith(ending) ? [path] : []));
}

// Puts the corpus into every name of the realm and every title and citation of its rules.
function spoil(realm) {
  let n = 0;
  const next = () => CORPUS[n++ % CORPUS.length];
  for (const path of files(realm, ".toml")) {
    const text = readFileSync(path, "utf8").replace(/^(name|licence|title) = ".*"$/gm, (_, key) => `${key} = '''${next()}'''`);
    writeFileSync(path, text);
  }
  for (const path of files(realm, ".cedar")) {
    const text = readFileSync(path, "utf8").replace(/^@(title|cite)\(".*"\)$/gm, (_, key) => `@${key}(${JSON.stringify(next())})`);
    writeFileSync(path, text);
  }
  assert.ok(n > CORPUS.length, "the realm has names to spoil");
}

async function reloaded(context) {
  for (let n = 0; n < 100; n += 1) {
    const { models } = await (await context.request.get(`${origin}/console/models.json?table=models`)).json();
    const text = await (await context.request.get(`${origin}/console/models`)).text();
    if (models.length > 0 && text.includes("pwned")) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail("the server did not take the realm that was changed");
}

export async function foreign(all, embedded) {
  const { context, page } = await enter(link("admin", CORPUS[1]));
  spoil(`${data}/realm`);
  await reloaded(context);
  for (const text of CORPUS) await ask("clinic", text, text, { "x-request-id": encodeURIComponent(text), "x-freehold-purpose": encodeURIComponent(text) });
  const odd = CORPUS.map(encodeURIComponent);
  const more = odd.flatMap((it) => [`/console/requests?rule=${it}&app=${it}&sort=${it}&cols=${it}`, `/console/go?q=${it}`, `/console/keys?apps-find=${it}&apps-sort=${it}`, `/console/${it}`]);
  for (const path of [...all.map(([, path]) => path), ...more]) {
    await page.goto(origin + path);
    const found = await page.evaluate(() => ({
      pwned: window.pwned,
      here: location.href,
      strange: [...document.querySelectorAll("img, iframe, object, embed, script:not([src^='/console/assets/'])")].map((it) => it.outerHTML),
      handlers: [...document.querySelectorAll("*")].flatMap((it) => [...it.attributes]).map((it) => it.name).filter((name) => name.startsWith("on")),
      schemes: [...document.querySelectorAll("a[href], form[action]")].map((it) => it.href || it.action).filter((href) => !href.startsWith(location.origin)),
    }));
    assert.deepEqual(found, { pwned: undefined, here: found.here, strange: [], handlers: [], schemes: [] }, path);
  }
  // Typed into the palette, found or not.
  for (const text of embedded ? CORPUS : []) {
    await page.keyboard.press("Control+k");
    await page.fill("#palette input[type=search]", text);
    await page.waitForTimeout(200);
    await page.keyboard.press("Escape");
  }
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.ok(ready.listen && (await page.textContent(".who")).includes("onerror"), "texts are shown as they are");
  await context.close();
  return 1;
}
