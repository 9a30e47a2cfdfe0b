// A browser, people who sign in with it, and what must hold wherever they go: nothing from elsewhere, nothing blocked.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";

export const ready = JSON.parse(readFileSync(process.argv[2], "utf8"));
export const origin = `http://${ready.listen}`;
export const data = process.env.DATA;
const netLog = join(dirname(data), "browser-net.json");

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", `--log-net-log=${netLog}`, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
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
    // A refusal is looked at by its status, and going elsewhere cuts off what was being asked.
    const refused = /^(Failed to load resource|htmx:(send|afterRequest))/.test(message.text());
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
  // A machine that does other things meanwhile is slow, not wrong.
  context.setDefaultTimeout(60_000);
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

// Closes the browser and reads in its own log what was asked for and whom it connected to: the server, and nobody else.
// (What Chromium wants for itself has no name to resolve, and its look for IPv6 sends nothing.)
export async function closed() {
  await browser.close();
  const { constants, events } = JSON.parse(readFileSync(netLog, "utf8"));
  const of = (name, field) => {
    const found = events.filter((event) => event.type === constants.logEventTypes[name] && event.params?.[field]);
    return [...new Set(found.map((event) => event.params[field]))];
  };
  assert.deepEqual(of("TCP_CONNECT_ATTEMPT", "address"), [ready.listen]);
  const pages = events.filter((event) => event.type === constants.logEventTypes.URL_REQUEST_START_JOB && event.params?.initiator === origin);
  assert.ok(pages.length > 0, "the browser's log names what pages asked for");
  const elsewhere = pages.map((event) => event.params.url).filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`));
  assert.deepEqual(elsewhere, []);
}
