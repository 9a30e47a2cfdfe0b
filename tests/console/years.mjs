// Plans and forecasts without scripts: a case solved, a model asked, and what a reactor that comes later does to a target.
import assert from "node:assert/strict";
import { choose, enter, link, origin } from "./browser.mjs";

const PATIENCE_MS = 240_000;

// Fills a form in, sends it, and waits until the answer is there: its address.
async function asked(page, address, fields, button) {
  await page.goto(`${origin}${address}?organisation=%40`);
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name=${name}]`);
    if (await field.evaluate((it) => it.tagName) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
  await page.click(`main button:has-text("${button}")`);
  await page.waitForURL(/[/][0-9a-f]{12}([?]|$)/);
  const until = Date.now() + PATIENCE_MS;
  // Asked beside the browser: to draw the page each time would cost more than the answer that it waits for.
  const waits = async () => /<li class="info">/.test(await (await page.context().request.get(page.url())).text());
  while (await waits()) {
    assert.ok(Date.now() < until, `${address} is still under way`);
    await page.waitForTimeout(500);
  }
  await page.reload();
  assert.equal(await page.locator(".notices .info").count(), 0, "a page that waits is known by the same mark to both");
  assert.equal(await page.locator(".notices .bad").count(), 0, await page.textContent("main"));
  return new URL(page.url()).pathname;
}

export async function years() {
  const { context, page } = await enter(link("operator"), { javaScriptEnabled: false });
  await choose(context, { organisation: "@", lang: "en" });
  const plan = await asked(page, "/console/plan", { case: "plan" }, "Solve");
  assert.ok(await page.locator(".drawn svg").count() > 2, "a plan is drawn without scripts");
  const forecast = await asked(page, "/console/forecast", { model: MODEL }, "Work it out");
  assert.match(await page.textContent("main"), /11 trn|11 trillion|eleven/i);
  // The mine that waits for the reactors gives way, the halls do not: both plans are told, and the target is where it was.
  const reactor = { model: MODEL, case: CASE, late: REACTOR, years: "3" };
  await asked(page, "/console/forecast", reactor, "Work it out");
  assert.match(await page.textContent("main"), /the same in every year[^]*Both plans[^]*mine at Ust-Kuyga [(]Ust-Kuyga[)] in 2032/);
  // With halls beside the reactors, what comes late takes from the target, in a year and for want of something that are named.
  await asked(page, "/console/forecast", { ...reactor, case: ANNOUNCED }, "Work it out");
  assert.match(await page.textContent("main"), /changes most in 2030: [^]*megawatts [(]36[^]*Both plans[^]*goes unserved/);
  const late = { model: MODEL, case: CASE, late: GRID, years: "3" };
  const difference = await asked(page, "/console/forecast", late, "Work it out");
  assert.ok(await page.locator("main table").count() > 0);
  await context.close();
  return { plan, forecast, difference };
}

// What the demo's realm brings along.
const MODEL = "ru-2030/model";
const CASE = "ru-2030";
const ANNOUNCED = "ru-2030-as-announced";
const REACTOR = "ritm-200n";
const GRID = "grid-centre";
