// What scripts add: tables that change in place, a live tail, charts, links in the clipboard; and how little is loaded.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { choose, origin } from "./browser.mjs";
import { ask } from "./traffic.mjs";

const FIRST_LOAD_BYTES_MAX = 250_000;

export async function scripts(context, page) {
  await choose(context, { lang: "en", theme: "light", organisation: "capital-hospital" });
  await loads(context);
  await tables(page);
  await live(page);
  await charts(context, page);
  await links(context, page);
  return 5;
}

// What a browser that has nothing yet receives for the page with the most in it, as it comes over the wire.
async function loads(context) {
  const sizes = {};
  for (const path of ["/console", "/console/requests"]) {
    const page = await context.newPage();
    const client = await context.newCDPSession(page);
    await client.send("Network.enable");
    await client.send("Network.setCacheDisabled", { cacheDisabled: true });
    await client.send("Network.setExtraHTTPHeaders", { headers: { "accept-encoding": "gzip" } });
    let bytes = 0;
    const names = {};
    client.on("Network.responseReceived", ({ requestId, response }) => { names[requestId] = response; });
    client.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
    await page.goto(origin + path, { waitUntil: "networkidle" });
    sizes[path] = { bytes, files: Object.values(names).map((it) => it.url.replace(/^.*\//, "").replace(/-[0-9a-f]{16}/, "")) };
    for (const { url, headers } of Object.values(names).filter((it) => it.url.includes("/assets/"))) {
      assert.match(headers["cache-control"], /immutable/, url);
    }
    await page.close();
  }
  assert.ok(sizes["/console"].files.includes("chart.js"));
  assert.ok(!sizes["/console/requests"].files.includes("chart.js"), "charts are loaded where there are charts");
  for (const [path, { bytes }] of Object.entries(sizes)) assert.ok(bytes <= FIRST_LOAD_BYTES_MAX, `${path}: ${bytes} bytes`);
  console.log(`first load, gzip: overview ${sizes["/console"].bytes} bytes, requests ${sizes["/console/requests"].bytes} bytes`);
}

// The table is put in the place of the old one; all else stays, and the address says what is shown.
async function tables(page) {
  await page.goto(`${origin}/console/requests`);
  const mark = () => page.evaluate(() => { document.querySelector("h1").dataset.same = "yes"; });
  const same = () => page.evaluate(() => document.querySelector("h1").dataset.same === "yes");
  await mark();
  await page.click("#s-requests-app");
  await page.waitForURL(/sort=app/);
  await page.waitForSelector("th[aria-sort=ascending] #s-requests-app");
  assert.equal(await page.evaluate(() => document.activeElement.id), "s-requests-app", "the focus stays");
  await page.selectOption("select[name=decision]", "deny");
  await page.waitForURL(/decision=deny/);
  assert.match(page.url(), /sort=app/, "the order stays");
  assert.ok(!/=(&|$)/.test(page.url()), "fields that say nothing are not in the address");
  await page.waitForSelector("#clear a");
  const denied = await page.locator("#t-requests tbody tr").count();
  assert.ok(await same() && denied > 0, "only the table was changed");
  assert.match(await page.textContent("#said"), /rows/);
  const json = await page.evaluate(async () => (await fetch(document.querySelector(".tools a[href*='.json']").href)).json());
  assert.equal(json.requests.length, denied, "files hold the rows that are seen");
  await page.click(".cols summary");
  for (const column of ["at", "cost", "joules"]) await page.uncheck(`.cols input[value=${column}]`);
  await page.click(".cols button");
  await page.waitForURL(/cols=/);
  await page.waitForFunction(() => !document.querySelector("#s-requests-cost"));
  assert.ok(await same());
  await page.goBack();
  await page.waitForSelector("#s-requests-cost");
  await page.goto(`${origin}/console/realm?organisation=%40`);
  await mark();
  await page.fill("#f-files", "apps.toml");
  await page.waitForURL(/find=apps\.toml/);
  await page.waitForFunction(() => document.querySelectorAll("#t-files tbody tr").length === 1);
  assert.ok(await same());
  assert.equal(await page.evaluate(() => document.activeElement.id), "f-files");
}

async function live(page) {
  await page.goto(`${origin}/console/requests?organisation=capital-hospital`);
  await page.click("#live-requests");
  await page.waitForURL(/live=on/);
  await page.waitForSelector("[data-live]", { state: "attached" });
  const { id } = await ask("clinic", "abroad", "A new one");
  await page.waitForSelector(`tr.fresh[data-key="${id}"]`, { timeout: 30_000 });
  assert.match(await page.textContent("#said"), /New requests: 1/);
  await page.click("#live-requests");
  await page.waitForURL((url) => !url.search.includes("live"));
  const after = await ask("clinic", "abroad", "One that waits");
  await page.waitForTimeout(2_600);
  assert.equal(await page.locator(`tr[data-key="${after.id}"]`).count(), 0, "it stands still");
}

async function charts(context, page) {
  await choose(context, { organisation: "tourist-office" });
  for (const path of ["/console", "/console?span=month", "/console/map"]) {
    await page.goto(origin + path);
    await page.waitForSelector("fh-chart[data-drawn] svg path", { state: "attached" });
    for (const chart of await page.locator("fh-chart").all()) {
      await chart.locator(".plot").focus();
      await page.keyboard.press("End");
      const told = await chart.locator(".point").textContent();
      assert.match(told, /\d|not known/, `${path}: a key says the value of a point`);
      await page.keyboard.press("Home");
      assert.ok((await chart.locator(".point").textContent()).length > 3);
      await page.keyboard.press("Escape");
    }
  }
  // The point that is told is the one in the table.
  for (let tries = 5; ; tries -= 1) {
    await page.goto(`${origin}/console`);
    const { hours } = await (await context.request.get(`${origin}/console.json?table=hours`)).json();
    await page.locator("#t-hours").waitFor({ state: "attached" });
    await page.locator("fh-chart .plot.stacked").focus();
    await page.keyboard.press("End");
    const told = await page.textContent("fh-chart:has(.stacked) .point");
    if (told.endsWith(`Answered: ${hours[0].answered}`)) break;
    // A request that came between the page and its file, or an hour that ended.
    assert.ok(tries > 1, `${told} is not ${hours[0].answered}`);
  }
  for (const [kind, start] of [["PNG", "\x89PNG"], ["SVG", "<svg"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`fh-chart:has(.stacked) > .tools button:text-is("${kind}")`)]);
    assert.equal(download.suggestedFilename(), `hours.${kind.toLowerCase()}`);
    const body = readFileSync(await download.path(), "latin1");
    assert.ok(body.startsWith(start) && body.length > 2_000, kind);
  }
  // Who asks for less motion gets none; the system's change of theme is followed.
  await page.emulateMedia({ colorScheme: "dark" });
  await choose(context, { theme: "auto" });
  await page.reload();
  const colour = () => page.evaluate(() => document.querySelector(".plot.stacked svg text").getAttribute("fill"));
  const dark = await colour();
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForFunction((dark) => document.querySelector(".plot.stacked svg text").getAttribute("fill") !== dark, dark);
  await choose(context, { theme: "light" });
}

async function links(context, page) {
  await choose(context, { organisation: "capital-hospital" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  await page.goto(`${origin}/console/requests?decision=deny`);
  await page.click(".tools a[data-copy]");
  await page.waitForSelector("[data-copy][data-done=yes]");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${origin}/console/requests?decision=deny&organisation=capital-hospital`);
}
