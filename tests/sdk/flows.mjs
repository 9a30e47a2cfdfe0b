// The ordinary flows of the official OpenAI client for JavaScript, against a running demo.
import { readFileSync } from "node:fs";
import OpenAI from "openai";

const ready = JSON.parse(readFileSync(process.argv[2], "utf8"));
const baseURL = `http://${ready.listen}/v1`;
const IBAN = "DE89 3704 0044 0532 0130 00";
let passed = 0;

const client = (app) => new OpenAI({ baseURL, apiKey: ready.keys[app], maxRetries: 0 });
const check = (what, holds, seen) => {
  if (!holds) {
    console.error(`javascript: ${what}:`, seen);
    process.exit(1);
  }
  passed += 1;
};
const fails = async (work) => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return undefined;
};

const said = [{ role: "user", content: `Refund ${IBAN}, please` }];
const refused = await fails(client("clinic").chat.completions.create({ model: "abroad", messages: said }));
check("refused", refused?.status === 403 && refused.code === "policy_denied", refused);
check("rule", refused.error.freehold.rules[0].id === "strategic-sectors", refused.error);

const tourism = client("tourism");
const { data, response } = await tourism.chat.completions.create({ model: "abroad", messages: said }).withResponse();
check("decision", response.headers.get("x-freehold-decision") === "redact", [...response.headers]);
check("restored", data.choices[0].message.content.includes(IBAN), data);

let text = "";
for await (const chunk of await tourism.chat.completions.create({ model: "abroad", messages: said, stream: true })) {
  text += chunk.choices[0]?.delta?.content ?? "";
}
check("restored in a stream", text.includes(IBAN), text);

const known = [{ role: "user", content: "What is Freehold?" }];
let here = "";
for await (const chunk of await client("clinic").chat.completions.create({ model: "domestic", messages: known, stream: true })) {
  here += chunk.choices[0]?.delta?.content ?? "";
}
check("the engine streams", here.length > 20, here);

const vectors = await client("parts-search").embeddings.create({ model: "vectors", input: "one" });
check("embeddings", vectors.data[0].embedding.length === 8, vectors);

// A client that leaves in the middle must not hurt the next one.
const leaving = await tourism.chat.completions.create({ model: "abroad", messages: said, stream: true });
leaving.controller.abort();
const after = await tourism.chat.completions.create({ model: "abroad", messages: said });
check("after a client left", after.choices[0].message.content.includes(IBAN), after);

console.log(`javascript: ${passed} passed, 0 failed`);
