// Keyboard alone reaches everything, and the shortcuts do what they say and can be switched off.
import assert from "node:assert/strict";
import { choose, origin } from "./browser.mjs";

// Presses Tab until it comes round; what was passed must be everything that can be pressed, seen and not covered.
async function tabbed(page) {
  await page.evaluate(() => document.body.focus());
  const reached = new Set();
  let before;
  for (let n = 0; n < 500; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const all = [...document.querySelectorAll("*")];
      const box = element.getBoundingClientRect();
      const [x, y] = [box.x + Math.min(box.width, 20) / 2, box.y + Math.min(box.height, 20) / 2];
      const top = document.elementFromPoint(x, y);
      const ring = getComputedStyle(element).outlineStyle !== "none";
      const seen = ring && (!top || element.contains(top) || top.contains(element));
      return { place: all.indexOf(element), seen, html: element.outerHTML.slice(0, 160) };
    });
    if (!at) break;
    assert.ok(at.seen, `${page.url()}: the focus is not seen on ${at.html}`);
    // A field of a date has stops within it.
    if (at.place !== before && reached.has(at.place)) break;
    reached.add(at.place);
    before = at.place;
  }
  return reached;
}

async function pressable(page) {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    const open = (element) => {
      const box = element.closest("details:not([open])");
      return !box || element.matches("summary") && element.parentElement === box;
    };
    const found = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")];
    const live = found.filter((it) => open(it) && it.tabIndex >= 0 && !it.closest("dialog") && it.checkVisibility());
    return live.map((it) => [all.indexOf(it), it.outerHTML.slice(0, 160)]);
  });
}

export async function keyboard(context, page) {
  await choose(context, { lang: "en", theme: "light", keys: "on", organisation: "capital-hospital" });
  await page.setViewportSize({ width: 1440, height: 900 });
  // The first stop skips to the page.
  await page.goto(`${origin}/console`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  for (const path of ["/console", "/console/requests", "/console/keys", "/console/exposure", "/console/drills/new"]) {
    await page.goto(origin + path);
    const reached = await tabbed(page);
    for (const [place, html] of await pressable(page)) assert.ok(reached.has(place), `${path}: no key reaches ${html}`);
  }
  await shortcuts(context, page);
  return 5;
}

async function shortcuts(context, page) {
  await page.goto(`${origin}/console`);
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.waitForURL(/\/console\/requests\?organisation=capital-hospital$/);
  const there = page.url();
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.name), "q");
  await page.keyboard.type("gr");
  assert.equal(page.url(), there, "letters in a field are letters");
  // Ctrl-K finds a rule by a part of its name, and goes there.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("strategic");
  await page.waitForSelector("#palette .found a:has-text('strategic-sectors')");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/policies\/rules\/strategic-sectors(\?|$)/);
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.getElementById("palette").open), false);
  // Whoever speaks to the machine switches single keys off.
  await page.click(".me summary");
  await page.click("button[name=keys][value=off]");
  await page.waitForSelector("html[data-keys=off]");
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.keyboard.press("/");
  await page.waitForTimeout(200);
  assert.match(page.url(), /policies\/rules/);
  assert.notEqual(await page.evaluate(() => document.activeElement.name), "q");
  await choose(context, { keys: "on" });
}
