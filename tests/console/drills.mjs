// Drills at the desk, without scripts: from what the traffic depends on to what would be left without it.
import assert from "node:assert/strict";
import { choose, data, enter, freehold, link, origin } from "./browser.mjs";

// What somebody of the tourist office cuts off: the id of the drill, for the pages about it.
export async function atTheDesk() {
  const { context, page } = await enter(link("viewer"), { javaScriptEnabled: false });
  await choose(context, { organisation: "tourist-office", lang: "en" });
  const main = () => page.textContent("main");
  await page.goto(`${origin}/console/map`);
  await page.click(".tabs a:has-text('Exposure')");
  assert.match(await main(), /meridian/);
  await page.fill("#f-keys", "standin-abroad");
  await page.press("#f-keys", "Enter");
  // The share leads to the requests behind it.
  const row = "#t-keys tr:has-text('Provider')";
  const share = await page.locator(`${row} td a`).first().getAttribute("href");
  await page.click(`${row} a:has-text('cut this off')`);
  assert.equal(await page.inputValue("select[name=cut]"), "provider:standin-abroad");
  await page.fill("input[name=title]", "A provider leaves");
  await page.fill("input[name=stopped_requests_max]", "0");
  await page.click("button.main:has-text('Run') >> nth=0");
  await page.waitForURL(/\/console\/drills\/[0-9a-f]{12}(\?|$)/);
  const id = new URL(page.url()).pathname.split("/").pop();
  for (const said of ["A provider leaves", "not held", "provider = \"standin-abroad\""]) assert.ok((await main()).includes(said), said);
  assert.ok(await page.locator("fh-chart details.twin[open] table").count() > 0, "what moves where is told without scripts");
  await page.click(".tabs a:has-text('Impact')");
  assert.match(await main(), /not built/);
  await page.locator(".why summary").first().click();
  assert.match(await page.textContent(".why .panel"), / impact drill\.toml --json/);
  const behind = await (await context.request.get(`${origin}${share.replace("?", ".json?")}`)).json();
  const drill = await (await context.request.get(`${origin}/console/drills/${id}.json?organisation=tourist-office`)).json();
  const answered = drill.apps.reduce((sum, app) => sum + app.answered, 0);
  assert.ok(behind.requests.length > 0 && answered >= behind.requests.length);
  await context.close();
  return id;
}

// The whole is decided as the command decides it.
export async function asTheCommand(context) {
  const file = `${data}/realm/drills/largest-parent.toml`;
  const told = run(file);
  const { context: own, page } = await enter(link("viewer"), { javaScriptEnabled: false });
  await page.goto(`${origin}/console/drills?organisation=%40&lang=en`);
  await page.click("#t-ready a:has-text('largest-parent')");
  await page.click("button.main >> nth=0");
  await page.waitForURL(/\/console\/drills\/[0-9a-f]{12}(\?|$)/);
  const path = new URL(page.url()).pathname;
  const shown = await (await context.request.get(`${origin}${path}.json?organisation=%40`)).json();
  const sum = (name) => shown.organisations.reduce((all, row) => all + row[name], 0);
  for (const name of ["answered", "unchanged", "moved", "stopped"]) assert.equal(sum(name), told.totals[name], name);
  assert.ok(told.totals.answered > 0);
  await own.close();
  return 1;
}

// A drill whose margins do not hold ends with 1, and tells the same.
function run(file) {
  try {
    return JSON.parse(freehold("drill", "run", file, "--json", "--data", data, "--realm", `${data}/realm`));
  } catch (ended) {
    return JSON.parse(ended.stdout);
  }
}
