"""The ordinary flows of OpenAI's and Anthropic's clients for Python, against a gateway before every stand-in.

FLOWS_URL is the gateway, without a path; FLOWS_KEY a key; FLOWS_STAND_INS the line that the stand-ins print.
"""

import json
import os
import sys
import urllib.request

import anthropic
import openai

URL, KEY = os.environ["FLOWS_URL"], os.environ["FLOWS_KEY"]
STAND_INS = json.loads(os.environ["FLOWS_STAND_INS"])
ROUTES = ["plain", "giga", "yandex", "yandex-compatible", "claude"]
IBAN = "DE89 3704 0044 0532 0130 00"
# Four digits alone stand in some random UUID of a header, once in a hundred runs or so.
SPELLINGS = ("3704 0044", "37040044")
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
passed = 0

ours = openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
theirs = anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0)


def check(route, what, holds, seen=None):
    global passed
    if not holds:
        sys.exit(f"providers: {route}: {what}: {seen!r}")
    passed += 1


def said(text):
    return [{"role": "user", "content": text}]


def root(route):
    return STAND_INS[route.split("-")[0]]["root"]


def received(route):
    with urllib.request.urlopen(f"{root(route)}/_received") as answer:
        return answer.read().decode()


def fail(route, *faults):
    body, headers = json.dumps(faults).encode(), {"content-type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{root(route)}/_faults", body, headers)).close()


def openai_flows(route):
    ask = lambda **more: ours.chat.completions.create(**{"model": route, "messages": said("Hello, мир"), **more})
    whole = ask(messages=[{"role": "system", "content": "Be brief."}, *said(f"Refund {IBAN}")])
    text = whole.choices[0].message.content
    check(route, "restored", text.endswith(f"You wrote: Refund {IBAN}"), text)
    check(route, "usage", whole.usage.prompt_tokens > 0 and whole.usage.completion_tokens > 0, whole.usage)
    stream = ask(messages=said(f"Refund {IBAN}"), stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    check(route, "restored in a stream", streamed.endswith(f"Refund {IBAN}"), streamed)
    check(route, "usage of a stream", any(chunk.usage for chunk in chunks), chunks[-1])
    check(route, "left as a token", not any(spelling in received(route) for spelling in SPELLINGS))

    legacy = ours.completions.create(model=route, prompt=f"Refund {IBAN}", max_tokens=100)
    check(route, "an older completion", legacy.choices[0].text.endswith(f"Refund {IBAN}"), legacy)
    pieces = ours.completions.create(model=route, prompt=f"Refund {IBAN}", max_tokens=100, stream=True)
    text = "".join(piece.choices[0].text for piece in pieces if piece.choices)
    check(route, "an older completion in a stream", text == legacy.choices[0].text, text)

    tool = {"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}
    asked = said("use the tool for the weather in Псков")
    first = ask(messages=asked, tools=[tool])
    call = first.choices[0].message.tool_calls[0]
    check(route, "call", first.choices[0].finish_reason == "tool_calls" and call.function.name == "get_weather", first)
    check(route, "arguments", "Псков" in call.function.arguments, call)
    result = {"role": "tool", "tool_call_id": call.id, "content": '{"degrees": 12}'}
    after = ask(messages=[*asked, first.choices[0].message, result], tools=[tool])
    check(route, "after the result", after.choices[0].finish_reason == "stop", after)
    with ours.chat.completions.stream(model=route, messages=asked, tools=[tool]) as stream:
        final = stream.get_final_completion()
    check(route, "streamed call", final.choices[0].message.tool_calls[0].function.name == "get_weather", final)

    if route != "plain":
        format = {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA, "strict": True}}
        shaped = ask(response_format=format).choices[0].message.content
        check(route, "schema", isinstance(json.loads(shaped)["n"], int), shaped)
    fail(route, {"fault": "status", "status": 400})
    try:
        ask()
        sys.exit(f"providers: {route}: an error was an answer")
    except openai.BadRequestError as error:
        check(route, "error", error.status_code == 400 and error.message, error)
    leaving = ask(stream=True)
    next(iter(leaving))
    leaving.close()
    check(route, "after a client left", ask().choices[0].message.content.endswith("Hello, мир"))


def anthropic_flows(route):
    ask = lambda **more: theirs.messages.create(
        **{"model": route, "max_tokens": 200, "messages": said("Hello, мир"), **more}
    )
    whole = ask(system="Be brief.", messages=said(f"Refund {IBAN}"))
    check(route, "their text", whole.content[0].text.endswith(f"Refund {IBAN}"), whole)
    check(route, "their end", whole.stop_reason == "end_turn" and whole.usage.output_tokens > 0, whole)
    with theirs.messages.stream(model=route, max_tokens=200, messages=said(f"Refund {IBAN}")) as stream:
        text = "".join(stream.text_stream)
    check(route, "their stream", text.endswith(f"Refund {IBAN}"), text)
    tool = {"name": "get_weather", "input_schema": PARAMETERS}
    asked = said("use the tool for the weather in Псков")
    first = ask(messages=asked, tools=[tool])
    call = first.content[-1]
    check(route, "their call", first.stop_reason == "tool_use" and "Псков" in str(call.input), first)
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "12 degrees"}
    history = [*asked, {"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
    check(route, "their end of turns", ask(messages=history, tools=[tool]).stop_reason == "end_turn")
    check(route, "their count", theirs.messages.count_tokens(model=route, messages=said("Hello")).input_tokens > 0)
    try:
        ask(messages=[])
        sys.exit(f"providers: {route}: an empty conversation was answered")
    except anthropic.BadRequestError as error:
        check(route, "their error", error.body["error"]["type"] == "invalid_request_error", error.body)


for route in ROUTES:
    openai_flows(route)
    anthropic_flows(route)

for route in ["giga-vectors", "yandex-vectors"]:
    answer = ours.embeddings.create(model=route, input=["one", "two", "one"])
    vectors = [one.embedding for one in answer.data]
    check(route, "embeddings", len(vectors) == 3 and vectors[0] == vectors[2] != vectors[1], answer)
try:
    ours.chat.completions.create(model="claude", messages=said("x"), logit_bias={"1": 5})
    sys.exit("providers: claude: a parameter was dropped silently")
except openai.BadRequestError as error:
    check("claude", "unsupported", (error.code, error.param) == ("unsupported_parameter", "logit_bias"), error.body)
names = [model.id for model in theirs.models.list()]
check("all", "models", set(ROUTES) <= set(names) == set(model.id for model in ours.models.list()), names)

print(f"python, every provider: {passed} passed, 0 failed")
