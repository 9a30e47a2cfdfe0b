"""The ordinary flows of OpenAI's client for Python that speaks Responses, against a gateway before every stand-in.

FLOWS_URL is the gateway, without a path; FLOWS_KEY a key; FLOWS_STAND_INS the line that the stand-ins print.
"""

import json
import os
import sys
import urllib.request

import openai

URL, KEY = os.environ["FLOWS_URL"], os.environ["FLOWS_KEY"]
STAND_INS = json.loads(os.environ["FLOWS_STAND_INS"])
ROUTES = ["plain", "giga", "yandex", "yandex-compatible", "claude"]
IBAN = "DE89 3704 0044 0532 0130 00"
# Four digits alone stand in some random UUID of a header, once in a hundred runs or so.
SPELLINGS = ("3704 0044", "37040044")
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
TOOL = {"type": "function", "name": "get_weather", "parameters": PARAMETERS, "strict": False}
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
passed = 0

client = openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)


def check(route, what, holds, seen=None):
    global passed
    if not holds:
        sys.exit(f"responses: {route}: {what}: {seen!r}")
    passed += 1


def stand_in(route, path, body=None):
    root = STAND_INS[route.split("-")[0]]["root"]
    request = urllib.request.Request(f"{root}{path}", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def texts(route, ask):
    whole = ask(instructions="Be brief.", input=f"Refund {IBAN}", max_output_tokens=200)
    check(route, "restored", whole.output_text.endswith(f"You wrote: Refund {IBAN}"), whole)
    check(route, "state", (whole.status, whole.store) == ("completed", False), whole)
    check(route, "usage", whole.usage.input_tokens > 0 and whole.usage.output_tokens > 0, whole.usage)
    with client.responses.stream(model=route, input=f"Refund {IBAN}") as stream:
        names = [event.type for event in stream]
        final = stream.get_final_response()
    check(route, "restored in a stream", final.output_text.endswith(f"Refund {IBAN}"), final)
    check(route, "order", names[:2] == ["response.created", "response.in_progress"] and names[-1] == "response.completed", names)
    check(route, "usage of a stream", final.usage.output_tokens > 0, final.usage)
    turns = [{"role": "user", "content": "One"}, *whole.output, {"role": "user", "content": [{"type": "input_text", "text": "Two"}]}]
    check(route, "a conversation", ask(input=turns).output_text.endswith("Two"))
    check(route, "left as a token", not any(spelling in stand_in(route, "/_received") for spelling in SPELLINGS))


def calls(route, ask):
    asked = [{"role": "user", "content": "use the tool for the weather in Псков"}]
    first = ask(input=asked, tools=[TOOL])
    call = next(item for item in first.output if item.type == "function_call")
    check(route, "call", call.name == "get_weather" and "Псков" in call.arguments, first)
    result = {"type": "function_call_output", "call_id": call.call_id, "output": '{"degrees": 12}'}
    after = ask(input=[*asked, *first.output, result], tools=[TOOL])
    check(route, "after the result", after.status == "completed" and after.output_text, after)
    with client.responses.stream(model=route, input=asked, tools=[TOOL]) as stream:
        pieces = "".join(event.delta for event in stream if event.type == "response.function_call_arguments.delta")
        final = next(item for item in stream.get_final_response().output if item.type == "function_call")
    check(route, "streamed call", "Псков" in str(json.loads(pieces)) and final.arguments == pieces, final)


def refusals(route, ask):
    for name, value in [("store", True), ("previous_response_id", "resp_1"), ("background", True), ("conversation", "conv_1")]:
        try:
            ask(**{name: value})
            sys.exit(f"responses: {route}: {name} was taken")
        except openai.BadRequestError as error:
            check(route, name, (error.code, error.param) == ("unsupported_parameter", name), error.body)
    stand_in(route, "/_faults", json.dumps([{"fault": "status", "status": 400}]).encode())
    try:
        ask()
        sys.exit(f"responses: {route}: an error was an answer")
    except openai.BadRequestError as error:
        check(route, "error", error.status_code == 400 and error.message, error)


for route in ROUTES:
    ask = lambda **more: client.responses.create(**{"model": route, "input": "Hello, мир", **more})
    texts(route, ask)
    calls(route, ask)
    refusals(route, ask)
    if route != "plain":
        format = {"type": "json_schema", "name": "n", "schema": SCHEMA, "strict": True}
        shaped = ask(text={"format": format}).output_text
        check(route, "schema", isinstance(json.loads(shaped)["n"], int), shaped)

stand_in("plain", "/_faults", json.dumps([{"fault": "cut_after", "events": 4}]).encode())
names = [event.type for event in client.responses.create(model="plain", input="Hello", stream=True)]
check("plain", "a cut stream", names[-2:] == ["error", "response.failed"], names)

print(f"python, responses: {passed} passed, 0 failed")
