// The ordinary flows of OpenAI's client for JavaScript that speaks Responses, against a gateway before every stand-in.
import OpenAI from "openai";

const { FLOWS_URL: url, FLOWS_KEY: apiKey } = process.env;
const IBAN = "DE89 3704 0044 0532 0130 00";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ type: "function", name: "get_weather", parameters, strict: false }];
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
let passed = 0;

const check = (route, what, holds, seen) => {
  if (!holds) {
    console.error(`responses: ${route}: ${what}:`, seen);
    process.exit(1);
  }
  passed += 1;
};

for (const model of ["plain", "giga", "yandex", "yandex-compatible", "claude"]) {
  const whole = await client.responses.create({ model, input: `Refund ${IBAN}` });
  check(model, "restored", whole.output_text.endsWith(`Refund ${IBAN}`), whole);
  let text = "";
  const names = [];
  for await (const event of await client.responses.create({ model, input: `Refund ${IBAN}`, stream: true })) {
    names.push(event.type);
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  check(model, "restored in a stream", text.endsWith(`Refund ${IBAN}`), text);
  check(model, "order", names[0] === "response.created" && names.at(-1) === "response.completed", names);
  const input = [{ role: "user", content: "use the tool for the weather in Псков" }];
  const stream = client.responses.stream({ model, input, tools });
  const first = await stream.finalResponse();
  const call = first.output.find((item) => item.type === "function_call");
  check(model, "streamed call", call.arguments.includes("Псков"), first);
  const result = { type: "function_call_output", call_id: call.call_id, output: '{"degrees": 12}' };
  const reply = { type: "function_call", call_id: call.call_id, name: call.name, arguments: call.arguments };
  const after = await client.responses.create({ model, input: [...input, reply, result], tools });
  check(model, "after the result", after.status === "completed" && after.output_text.length > 0, after);
  const refused = await client.responses.create({ model, input, store: true }).catch((error) => error);
  check(model, "store", refused.code === "unsupported_parameter" && refused.param === "store", refused);
}

console.log(`javascript, responses: ${passed} passed, 0 failed`);
