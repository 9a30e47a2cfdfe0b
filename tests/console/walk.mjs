import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { traffic } from "./traffic.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ready = JSON.parse(readFileSync(process.argv[2], "utf8"));
const origin = `http://${ready.listen}`;
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
let passed = 0;

const seen = await traffic(ready);
assert.deepEqual([seen.permitted.status, seen.redacted.status, seen.refused.status], [200, 200, 403]);

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

function link(role) {
  const args = ["console", "link", "--json", "--role", role, "--name", `Ann ${role}`, "--url", origin, "--data", process.env.DATA];
  return JSON.parse(execFileSync(process.env.FREEHOLD, args, { encoding: "utf8" })).link;
}

// Signs in with a link in a browser of its own, and watches that nothing goes elsewhere or is blocked.
async function enter(href, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => {
    const refused = message.text().startsWith("Failed to load resource");
    assert.ok(message.type() !== "error" || refused, `${page.url()}: ${message.text()}`);
  });
  page.on("request", (request) => assert.ok(request.url().startsWith(origin), request.url()));
  await page.goto(href);
  await page.click("main button");
  await page.waitForURL(`${origin}/console`);
  return { context, page };
}

function paths(key) {
  return [
    ["overview", "/console"],
    ["requests", "/console/requests"],
    ["requests-filtered", "/console/requests?decision=deny&sort=app"],
    ["requests-none", "/console/requests?app=nobody"],
    ["request-permitted", `/console/requests/${seen.permitted.id}`],
    ["request-redacted", `/console/requests/${seen.redacted.id}`],
    ["request-refused", `/console/requests/${seen.refused.id}`],
    ["ledger", "/console/ledger"],
    ["entry", "/console/ledger/3"],
    ["policies", "/console/policies"],
    ["rule", "/console/policies/rules/strategic-sectors"],
    ["matrix", "/console/policies/matrix?app=clinic"],
    ["models", "/console/models"],
    ["suspend", "/console/suspend/provider/standin-abroad"],
    ["keys", "/console/keys"],
    ["revoke", `/console/keys/${key}/revoke`],
    ["missing", "/console/requests/no-such-request"],
  ];
}

async function check(page, name, path) {
  const response = await page.goto(origin + path);
  assert.equal(response.status(), name === "missing" ? 404 : 200, path);
  await page.evaluate(axe);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: { type: "tag", values: tags } }), tags);
  const told = found.violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
  assert.deepEqual(told, [], `${page.url()}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${path} is ${wide} px wider than the window`);
  passed += 1;
}

const { context, page } = await enter(ready.console);
const keys = await (await context.request.get(`${origin}/console/keys.json`)).json();
const key = keys.keys[0].key;
for (const lang of ["en", "ru"]) {
  for (const theme of ["light", "dark", "contrast"]) {
    const cookie = (name, value) => ({ name, value, url: origin });
    await context.addCookies([cookie("freehold-lang", lang), cookie("freehold-theme", theme)]);
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      for (const [name, path] of paths(key)) {
        await check(page, name, path);
        assert.equal(await page.getAttribute("html", "lang"), lang);
        if (shots) await page.screenshot({ path: `${shots}/${lang}-${theme}-${width}-${name}.png`, fullPage: true });
      }
    }
  }
}

// Totals on the page are the ledger's, as the command sums them.
const usage = JSON.parse(execFileSync(process.env.FREEHOLD, ["usage", "--json", "--data", process.env.DATA, "--realm", `${process.env.DATA}/realm`], { encoding: "utf8" }));
const told = (await (await context.request.get(`${origin}/console.json`)).json()).apps;
for (const app of told) {
  const sum = usage.groups[app.app] ?? { requests: 0, refused: 0, tokens_in: 0, tokens_out: 0, cost_nano: 0 };
  assert.deepEqual([app.requests, app.refused, app.tokens_in, app.tokens_out], [sum.requests, sum.refused, sum.tokens_in, sum.tokens_out], app.app);
  assert.equal(Math.round(Number(app.cost) * 1e9), sum.cost_nano, app.app);
}
passed += 1;

// A used link lets nobody in again.
await page.goto(ready.console);
await page.click("main button");
assert.match(await page.textContent(".error"), /уже использована|used already/);
passed += 1;

// Keyboard alone: the first stop skips to the page, then the menu is reached.
await page.goto(`${origin}/console`);
await page.keyboard.press("Tab");
assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
await page.keyboard.press("Enter");
assert.equal(await page.evaluate(() => document.activeElement.id), "main");
passed += 1;

// Without scripts: everything that is done here.
const plain = await enter(link("operator"), { javaScriptEnabled: false });
await plain.page.goto(`${origin}/console/requests`);
await plain.page.selectOption("select[name=decision]", "deny");
await plain.page.click(".filter button");
assert.ok((await plain.page.textContent("main")).includes(seen.refused.id));
assert.ok(!(await plain.page.textContent("main")).includes(seen.permitted.id));
await plain.page.goto(`${origin}/console/suspend/provider/standin-abroad`);
await plain.page.click("button.grave");
assert.match(await plain.page.textContent("main"), /suspended/);
await plain.page.goto(`${origin}/console/resume/provider/standin-abroad`);
await plain.page.click("main button");
await plain.page.goto(`${origin}/console/keys`);
await plain.page.click("button.main");
assert.match(await plain.page.textContent("pre"), /^fh_[0-9a-f]{48}$/);
await plain.page.click(".me summary");
await plain.page.click("button[value=ru]");
assert.equal(await plain.page.getAttribute("html", "lang"), "ru");
assert.equal((await plain.page.goto(`${origin}/console/ledger/0`)).status(), 403);
passed += 1;

await browser.close();
console.log(`console in a browser: ${passed} passed, 0 failed`);
