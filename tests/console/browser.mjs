// A browser, people who sign in with it, and what must hold wherever they go: nothing from elsewhere, nothing blocked.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

export const ready = JSON.parse(readFileSync(process.argv[2], "utf8"));
export const origin = `http://${ready.listen}`;
export const data = process.env.DATA;
const netLog = `${data}/../browser-net.json`;

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", `--log-net-log=${netLog}`];
export const browser = await chromium.launch({ executablePath, args });

export function freehold(...args) {
  return execFileSync(process.env.FREEHOLD, args, { encoding: "utf8" });
}

export function link(role, name = `Ann ${role}`) {
  return JSON.parse(freehold("console", "link", "--json", "--role", role, "--name", name, "--url", origin, "--data", data)).link;
}

// A page that notices what must not happen in it.
export async function watched(context) {
  const page = await context.newPage();
  page.on("console", (message) => {
    const refused = message.text().startsWith("Failed to load resource");
    assert.ok(message.type() !== "error" || refused, `${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => assert.fail(`${page.url()}: ${error.stack}`));
  page.on("dialog", (dialog) => assert.fail(`${page.url()}: a dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    const here = request.url().startsWith(origin) || request.url().startsWith(`blob:${origin}`);
    assert.ok(here, request.url());
  });
  return page;
}

// Signs in with a link in a browser of its own.
export async function enter(href, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true, ...options });
  const page = await watched(context);
  await page.goto(href);
  await page.click("main button");
  await page.waitForURL(`${origin}/console`);
  return { context, page };
}

export async function choose(context, choices) {
  const cookie = ([name, value]) => ({ name: `freehold-${name}`, value, url: origin });
  await context.addCookies(Object.entries(choices).map(cookie));
}

// Closes the browser and reads in its own log whom it connected to: the server, and nobody else.
export async function closed() {
  await browser.close();
  const { constants, events } = JSON.parse(readFileSync(netLog, "utf8"));
  const kinds = ["TCP_CONNECT_ATTEMPT", "UDP_CONNECT"].map((name) => constants.logEventTypes[name]);
  const found = events.filter((event) => kinds.includes(event.type) && event.params?.address).map((event) => event.params.address);
  assert.ok(found.length > 0, "the browser's log names whom it connected to");
  assert.deepEqual([...new Set(found)], [ready.listen]);
}
