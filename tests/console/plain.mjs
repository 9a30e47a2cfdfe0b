// The same without scripts: everything that can be done here is done by links and forms.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { choose, enter, link, origin } from "./browser.mjs";

export async function withoutScripts(seen) {
  const { context, page } = await enter(link("operator"), { javaScriptEnabled: false });
  await choose(context, { organisation: "capital-hospital" });
  const main = () => page.textContent("main");
  await page.goto(`${origin}/console/requests`);
  await page.selectOption("select[name=decision]", "deny");
  await page.click(".filter button");
  assert.ok((await main()).includes(seen.refused.id) && !(await main()).includes(seen.permitted.id));
  await page.click("#s-requests-app");
  assert.match(page.url(), /decision=deny&sort=app/);
  await page.click(".cols summary");
  await page.uncheck(".cols input[value=cost]");
  await page.click(".cols button");
  assert.equal(await page.locator("#s-requests-cost").count(), 0);
  assert.match(page.url(), /decision=deny/);
  // The chart is a picture with a table.
  await page.goto(`${origin}/console`);
  assert.ok(await page.locator(".still rect").count() > 0 && await page.isVisible(".still"));
  await page.locator(".twin summary").first().click();
  assert.ok(await page.isVisible("#t-hours"));
  await page.locator(".why summary").first().click();
  assert.match(await page.textContent(".why .panel"), / usage --by organisation --since/);
  await page.fill(".side input[name=q]", seen.refused.id);
  await page.keyboard.press("Enter");
  await page.click(`.found a:has-text("${seen.refused.id}")`);
  assert.ok((await main()).includes("policy_denied"));
  // Which rule had something taken out is worked out again, for the record does not say it.
  await page.goto(`${origin}/console/requests/${seen.redacted.id}?organisation=tourist-office`);
  assert.match(await page.textContent("#t-rules"), /visitors-stay-home\s*had something taken out/);
  await page.goto(`${origin}/console/suspend/provider/standin-abroad?organisation=%40`);
  await page.click("button.grave");
  assert.match(await main(), /suspended/);
  await page.goto(`${origin}/console/resume/provider/standin-abroad?organisation=%40`);
  await page.click("main form[method=post] button");
  await page.goto(`${origin}/console/keys?organisation=capital-hospital`);
  await page.click("button.main");
  assert.match(await page.textContent("pre"), /^fh_[0-9a-f]{48}$/);
  // A backup is asked for by a form and comes as a file.
  const whole = await enter(link("admin"), { javaScriptEnabled: false });
  await whole.page.goto(`${origin}/console/system?organisation=%40`);
  await whole.page.fill(".side input[name=q]", "meridian-large");
  await whole.page.keyboard.press("Enter");
  await whole.page.waitForURL(/organisation=%40/);
  assert.ok((await whole.page.textContent(".found")).includes("meridian-large"), "the whole is searched");
  await whole.page.goto(`${origin}/console/system?organisation=%40`);
  const [taken] = await Promise.all([whole.page.waitForEvent("download"), whole.page.click("form[action*='system/backup'] button")]);
  assert.match(taken.suggestedFilename(), /^freehold-log-[0-9a-f]+-[0-9-]+\.tar$/);
  assert.ok(readFileSync(await taken.path()).includes("SHA256SUMS"), "whole to its end");
  await whole.context.close();
  for (const [name, value] of [["theme", "contrast"], ["keys", "off"], ["lang", "ru"]]) {
    await page.click(".me summary");
    await page.click(`button[name=${name}][value=${value}]`);
    assert.equal(await page.getAttribute("html", name === "lang" ? "lang" : `data-${name}`), value);
  }
  assert.equal((await page.goto(`${origin}/console/ledger/0`)).status(), 403);
  await context.close();
  return 1;
}
