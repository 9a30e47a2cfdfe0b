// The console in a browser, from signing in to texts that want to be more than text.
import assert from "node:assert/strict";
import { browser, closed, data, enter, freehold, origin, ready } from "./browser.mjs";
import { asTheCommand, atTheDesk } from "./drills.mjs";
import { foreign } from "./foreign.mjs";
import { identity } from "./identity.mjs";
import { keyboard } from "./keyboard.mjs";
import { everyPage, paths } from "./pages.mjs";
import { withoutScripts } from "./plain.mjs";
import { scripts } from "./scripts.mjs";
import { traffic } from "./traffic.mjs";
import { years } from "./years.mjs";

const began = Date.now();
let passed = 0;
async function step(name, work) {
  const from = Date.now();
  passed += await work();
  console.log(`${name}: ${((Date.now() - from) / 1000).toFixed(1)} s`);
}

const seen = await traffic();
assert.deepEqual([seen.permitted.status, seen.redacted.status, seen.refused.status], [200, 200, 403]);
const { context, page } = await enter(ready.console);
const keys = await (await context.request.get(`${origin}/console/keys.json?organisation=capital-hospital`)).json();
const drill = await atTheDesk();
const all = paths(seen, keys.keys[0].key, drill, await years());
const embedded = await page.evaluate(() => document.scripts.length > 0);

await step("every page", async () => everyPage(browser, await context.storageState(), all));
await step("totals", totals);
await step("drills", () => asTheCommand(context));
await step("a used link", usedLink);
if (embedded) {
  await step("keyboard", () => keyboard(context, page));
  await step("scripts", () => scripts(context, page));
}
await step("without scripts", () => withoutScripts(seen));
await step("foreign texts", () => foreign(all, embedded));
await step("an identity provider", identity);
await step("connections", async () => { await closed(); return 1; });
console.log(`console in a browser: ${passed} passed, 0 failed, ${((Date.now() - began) / 1000).toFixed(0)} s`);

// Totals on the page are the ledger's, as the command sums them.
async function totals() {
  const usage = JSON.parse(freehold("usage", "--json", "--data", data, "--realm", `${data}/realm`));
  for (const organisation of ["capital-hospital", "tourist-office", "robot-works", "first-bank"]) {
    const told = (await (await context.request.get(`${origin}/console.json?organisation=${organisation}`)).json()).apps;
    assert.ok(told.length > 0, organisation);
    for (const app of told) {
      const sum = usage.groups[app.app] ?? { requests: 0, refused: 0, tokens_in: 0, tokens_out: 0, cost_nano: 0 };
      const figures = [app.requests, app.refused, app.tokens_in, app.tokens_out];
      assert.deepEqual(figures, [sum.requests, sum.refused, sum.tokens_in, sum.tokens_out], app.app);
      assert.equal(Math.round(Number(app.cost) * 1e9), sum.cost_nano, app.app);
    }
  }
  return 1;
}

// A used link lets nobody in again.
async function usedLink() {
  await page.goto(ready.console);
  await page.click("main button:not(.unseen)");
  assert.match(await page.textContent(".error"), /уже использована|used already/);
  return 1;
}
