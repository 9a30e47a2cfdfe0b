// Signing in with an identity provider: a real one, in a browser of its own, for it is elsewhere.
import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import Provider from "oidc-provider";
import { data, freehold, origin } from "./browser.mjs";

const who = "ann@house.example";

// A provider whose only page is a button for each of two people.
function provider(issuer) {
  const oidc = new Provider(issuer, {
    clients: [{ client_id: "freehold", client_secret: "of-the-test", redirect_uris: [`${origin}/console/sign-in/back`] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["of-the-test"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified") }) }),
  });
  oidc.use(async (context, next) => {
    if (!context.path.startsWith("/interaction/")) return next();
    const { prompt, session, grantId, params } = await oidc.interactionDetails(context.req, context.res);
    if (prompt.name === "login" && context.method === "GET") {
      const button = (id) => `<button name="as" value="${id}">${id}</button>`;
      context.type = "html";
      context.body = `<form method="post">${button(who)}${button("unverified@house.example")}${button("eve@house.example")}</form>`;
      return undefined;
    }
    let result;
    if (prompt.name === "login") {
      const as = new URLSearchParams(await text(context.req)).get("as");
      result = { login: { accountId: as } };
    } else {
      const grant = grantId ? await oidc.Grant.find(grantId) : new oidc.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope("openid email");
      result = { consent: { grantId: await grant.save() } };
    }
    await oidc.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: true });
    context.respond = false;
    return undefined;
  });
  return oidc;
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function declared(issuer) {
  const table = `\n[realm.sign_in]\nname = "House"\nissuer = "${issuer}"\nclient_id = "freehold"\nclient_secret = { file = "sign-in.secret" }\nconsole_url = "${origin}"\n`;
  writeFileSync(`${data}/realm/sign-in.secret`, "of-the-test\n");
  appendFileSync(`${data}/realm/realm.toml`, table);
  for (let n = 0; n < 100; n += 1) {
    if ((await (await fetch(`${origin}/console/enter`)).text()).includes("House")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("the realm's provider is not offered");
}

// From the door to the provider and back, as somebody.
async function entered(browser, as) {
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  await page.goto(`${origin}/console/enter`);
  await page.click("main a[href*='/console/sign-in']");
  await page.click(`button[value="${as}"]`);
  return { context, page };
}

export async function identity() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on("request", provider(issuer).callback());
  await declared(issuer);
  freehold("console", "account", "add", who, "--role", "viewer", "--organisation", "capital-hospital", "--data", data, "--realm", `${data}/realm`);
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const { context, page } = await entered(browser, who);
  await page.waitForURL(/\/console(\?|$)/);
  assert.ok((await page.textContent("body")).includes(who));
  const session = (await context.cookies(origin)).find((cookie) => cookie.name === "freehold-console");
  assert.deepEqual([session.sameSite, session.httpOnly], ["Strict", true]);
  for (const [as, words] of [["eve@house.example", /no account here|нет учётной записи/], ["unverified@house.example", /could not be asked|не ответил/]]) {
    const stranger = await entered(browser, as);
    await stranger.page.waitForURL(/sign-in\/back/);
    assert.match(await stranger.page.textContent(".error"), words);
    assert.ok(!(await stranger.context.cookies(origin)).some((cookie) => cookie.name === "freehold-console"));
  }
  await browser.close();
  server.close();
  server.closeAllConnections();
  return 3;
}
