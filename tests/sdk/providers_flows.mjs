// The ordinary flows of OpenAI's and Anthropic's clients for JavaScript, against a gateway before every stand-in.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const { FLOWS_URL: url, FLOWS_KEY: apiKey } = process.env;
const IBAN = "DE89 3704 0044 0532 0130 00";
const said = (content) => [{ role: "user", content }];
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const ours = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const theirs = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
let passed = 0;

const check = (route, what, holds, seen) => {
  if (!holds) {
    console.error(`providers: ${route}: ${what}:`, seen);
    process.exit(1);
  }
  passed += 1;
};

for (const model of ["plain", "giga", "yandex", "yandex-compatible", "claude"]) {
  const whole = await ours.chat.completions.create({ model, messages: said(`Refund ${IBAN}`) });
  check(model, "restored", whole.choices[0].message.content.endsWith(`Refund ${IBAN}`), whole);
  let text = "";
  for await (const chunk of await ours.chat.completions.create({ model, messages: said(`Refund ${IBAN}`), stream: true })) {
    text += chunk.choices[0]?.delta?.content ?? "";
  }
  check(model, "restored in a stream", text.endsWith(`Refund ${IBAN}`), text);
  const tools = [{ type: "function", function: { name: "get_weather", parameters } }];
  const messages = said("use the tool for the weather in Псков");
  const called = await ours.chat.completions.create({ model, messages, tools });
  const call = called.choices[0].message.tool_calls[0];
  check(model, "call", call.function.arguments.includes("Псков"), called);
  const result = { role: "tool", tool_call_id: call.id, content: '{"degrees": 12}' };
  const after = await ours.chat.completions.create({ model, messages: [...messages, called.choices[0].message, result], tools });
  check(model, "after the result", after.choices[0].finish_reason === "stop", after);

  const message = await theirs.messages.create({ model, max_tokens: 200, messages: said(`Refund ${IBAN}`) });
  check(model, "their text", message.content[0].text.endsWith(`Refund ${IBAN}`), message);
  const stream = theirs.messages.stream({ model, max_tokens: 200, messages, tools: [{ name: "get_weather", input_schema: parameters }] });
  const final = await stream.finalMessage();
  check(model, "their streamed call", JSON.stringify(final.content.at(-1).input).includes("Псков"), final);
}

for (const model of ["giga-vectors", "yandex-vectors"]) {
  const vectors = await ours.embeddings.create({ model, input: ["one", "two"] });
  check(model, "embeddings", vectors.data.length === 2 && vectors.data[0].embedding.length > 0, vectors);
}

console.log(`javascript, every provider: ${passed} passed, 0 failed`);
