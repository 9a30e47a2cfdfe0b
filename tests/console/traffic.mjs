// A day at the demo: requests that are permitted, redacted, refused, and one that nobody knows.
import { readFileSync } from "node:fs";

const IBAN = "DE89 3704 0044 0532 0130 00";
const ready = JSON.parse(readFileSync(process.argv[2], "utf8"));

export async function ask(app, model, content, headers = {}) {
  const response = await fetch(`http://${ready.listen}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${ready.keys[app]}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, max_tokens: 24, messages: [{ role: "user", content }] }),
  });
  await response.text();
  return { status: response.status, id: response.headers.get("x-freehold-request") };
}

export async function traffic() {
  const seen = {};
  seen.permitted = await ask("tourism", "abroad", "Where is the old town?");
  seen.redacted = await ask("tourism", "abroad", `Refund ${IBAN}, please`);
  seen.refused = await ask("clinic", "abroad", "Hello");
  for (let n = 0; n < 4; n += 1) {
    await ask("robot-line", "best", `Bearing ${n} is loud`);
    await ask("bank-desk", "domestic", `Question ${n}`);
  }
  await ask("bank-desk", "abroad", "Hello");
  seen.secret = await ask("robot-line", "abroad", "A secret", { "x-freehold-data-class": "secret" });
  return seen;
}
