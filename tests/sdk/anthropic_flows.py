"""The ordinary flows of Anthropic's official client for Python.

Runs against whatever speaks the Messages API at ANTHROPIC_BASE_URL with ANTHROPIC_API_KEY and the model in
ANTHROPIC_FLOWS_MODEL: the stand-in itself, or a gateway before it. Works with `anthropic` 0.x (version 2023-06-01)
and 2.x (2026-10-21). The stand-in's own rules are checked too where ANTHROPIC_FLOWS_STANDIN is 1.
"""

import base64
import json
import os
import sys
import urllib.request

import anthropic

URL = os.environ["ANTHROPIC_BASE_URL"]
KEY = os.environ["ANTHROPIC_API_KEY"]
MODEL = os.environ.get("ANTHROPIC_FLOWS_MODEL", "claude")
STANDIN = os.environ.get("ANTHROPIC_FLOWS_STANDIN") == "1"
NEWER = int(anthropic.__version__.split(".")[0]) >= 2
passed = 0

client = anthropic.Anthropic(api_key=KEY, base_url=URL, max_retries=0)


def check(what, holds, seen=None):
    global passed
    if not holds:
        sys.exit(f"anthropic: {what}: {seen!r}")
    passed += 1


def user(content):
    return [{"role": "user", "content": content}]


def ask(**more):
    return client.messages.create(**{"model": MODEL, "max_tokens": 200, "messages": user("Hello, мир"), **more})


# A message, whole and streamed.
whole = ask(system="Be brief.")
check("text", whole.content[0].text.endswith("You wrote: Hello, мир"), whole)
check("shape", (whole.type, whole.role, whole.stop_reason) == ("message", "assistant", "end_turn"), whole)
check("usage", whole.usage.input_tokens > 0 and whole.usage.output_tokens > 0, whole.usage)
with client.messages.stream(model=MODEL, max_tokens=200, messages=user("Hello, мир"), system="Be brief.") as stream:
    text = "".join(stream.text_stream)
    final = stream.get_final_message()
check("streamed text", text == whole.content[0].text, text)
check("final message", final.content[0].text == text and final.stop_reason == "end_turn", final)
check("streamed usage", final.usage.output_tokens == whole.usage.output_tokens, final.usage)
kinds = [event.type for event in ask(stream=True)]
check("order of events", kinds[0] == "message_start" and kinds[-2:] == ["message_delta", "message_stop"], kinds)

# A call, its result, and the answer after it.
tool = {
    "name": "get_weather",
    "description": "The weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
asked = user("What is the weather in Псков?")
called = ask(messages=asked, tools=[tool])
call = called.content[-1]
check("call", called.stop_reason == "tool_use" and call.type == "tool_use" and call.name == "get_weather", called)
check("arguments", "Псков" in call.input["city"], call)
with client.messages.stream(model=MODEL, max_tokens=200, messages=asked, tools=[tool]) as stream:
    streamed = stream.get_final_message()
check("streamed call", streamed.content[-1].input == call.input and streamed.stop_reason == "tool_use", streamed)
result = {"type": "tool_result", "tool_use_id": call.id, "content": "rain at 12 degrees"}
history = asked + [{"role": "assistant", "content": called.content}, {"role": "user", "content": [result]}]
after = ask(messages=history, tools=[tool])
check("after the result", "rain at 12 degrees" in after.content[0].text, after)
failed = {**result, "content": [{"type": "text", "text": "no network"}], "is_error": True}
after = ask(messages=history[:-1] + [{"role": "user", "content": [failed]}], tools=[tool])
check("after a failure", "no network" in after.content[0].text, after)
forced = ask(tools=[tool], tool_choice={"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True})
check("forced call", forced.content[-1].type == "tool_use", forced)

# Images, documents, schemas, limits.
image = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(b"\x89PNG").decode()}
seen = ask(messages=user([{"type": "image", "source": image}, {"type": "text", "text": "Look"}]))
check("image", seen.content[0].text.endswith("Look"), seen)
schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
shaped = ask(output_config={"format": {"type": "json_schema", "schema": schema}})
check("schema", json.loads(shaped.content[0].text) == {"n": 1}, shaped)
check("length", ask(max_tokens=2).stop_reason == "max_tokens")
check("refusal", ask(messages=user("Please refuse")).stop_reason == "refusal")

# Counting, models, errors.
counted = client.messages.count_tokens(model=MODEL, messages=user("Hello"))
check("count", counted.input_tokens > 0, counted)
check("models", MODEL in [model.id for model in client.models.list()])
try:
    anthropic.Anthropic(api_key="wrong", base_url=URL, max_retries=0).messages.create(
        model=MODEL, max_tokens=5, messages=user("x")
    )
    sys.exit("anthropic: a wrong key was let in")
except anthropic.AuthenticationError as error:
    check("wrong key", error.body["error"]["type"] == "authentication_error", error.body)
try:
    ask(messages=[])
    sys.exit("anthropic: an empty conversation was answered")
except anthropic.BadRequestError as error:
    check("bad request", error.body["error"]["type"] == "invalid_request_error", error.body)

if STANDIN:
    refused = False
    try:
        ask(extra_body={"temperature": 1.0})
    except anthropic.BadRequestError as error:
        refused = "Extra inputs are not permitted" in error.message
    check("sampling parameters", refused == NEWER, refused)

    def fail(*faults):
        body = json.dumps(faults).encode()
        headers = {"content-type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(f"{URL}/_faults", body, headers)).close()

    fail({"fault": "status", "status": 529})
    try:
        ask()
        sys.exit("anthropic: an overloaded provider answered")
    except anthropic.APIStatusError as error:
        check("overloaded", error.status_code == 529 and error.body["error"]["type"] == "overloaded_error", error.body)
    fail({"fault": "status", "status": 529})
    again = anthropic.Anthropic(api_key=KEY, base_url=URL, max_retries=2)
    check("tried again", again.messages.create(model=MODEL, max_tokens=200, messages=user("x")).content)
    fail({"fault": "error_in_ok"})
    try:
        list(ask(stream=True))
        sys.exit("anthropic: an error in a stream went unnoticed")
    except anthropic.APIError as error:
        check("error in a stream", "verloaded" in str(error), error)

print(f"anthropic {anthropic.__version__}: {passed} passed, 0 failed")
