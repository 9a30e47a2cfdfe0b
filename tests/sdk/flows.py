"""The ordinary flows of the official OpenAI client for Python, against a running demo."""

import json
import sys
import urllib.request

import openai

ready = json.load(open(sys.argv[1], encoding="utf-8"))
URL = f"http://{ready['listen']}/v1"
IBAN = "DE89 3704 0044 0532 0130 00"
passed = 0


def client(app):
    return openai.OpenAI(base_url=URL, api_key=ready["keys"][app], max_retries=0)


def check(what, holds, seen=None):
    global passed
    if not holds:
        sys.exit(f"python: {what}: {seen!r}")
    passed += 1


def text_of(stream):
    return "".join(c.choices[0].delta.content or "" for c in stream if c.choices)


def received():
    with urllib.request.urlopen(ready["stand_ins"]["standin-abroad"] + "/_received") as answer:
        return json.load(answer)["received"]


said = [{"role": "user", "content": f"Refund {IBAN}, please"}]

# Refused, with the rule and its citation.
try:
    client("clinic").chat.completions.create(model="abroad", messages=said)
    sys.exit("python: the foreign route answered a strategic sector")
except openai.PermissionDeniedError as error:
    check("code", error.code == "policy_denied", error.code)
    rules = error.body["freehold"]["rules"]
    check("rule", rules[0]["id"] == "strategic-sectors" and "Article 4" in rules[0]["cite"], rules)

# Let out only redacted, and restored, streamed and not.
tourism = client("tourism")
whole = tourism.chat.completions.with_raw_response.create(model="abroad", messages=said)
check("decision", whole.headers["x-freehold-decision"] == "redact", dict(whole.headers))
answer = whole.parse()
check("restored", IBAN in answer.choices[0].message.content, answer)
check("usage", answer.usage.completion_tokens > 0, answer.usage)
streamed = text_of(tourism.chat.completions.create(model="abroad", messages=said, stream=True))
check("restored in a stream", IBAN in streamed, streamed)
left = json.dumps(received()[-2:], ensure_ascii=False)
check("left as a token", "⟨IBAN_1⟩" in left and "3704 0044" not in left and "37040044" not in left, left)

# Tools: the model's call carries the value back.
tool = {"type": "function", "function": {"name": "refund", "parameters": {"type": "object", "properties": {"text": {"type": "string"}}}}}
asked = [{"role": "user", "content": f"Use the tool for {IBAN}"}]
called = tourism.chat.completions.create(model="abroad", messages=asked, tools=[tool])
call = called.choices[0].message.tool_calls[0].function
check("tool arguments", IBAN in json.loads(call.arguments)["text"], call)

# The embedded engine.
clinic = client("clinic")
known = [{"role": "user", "content": "What is Freehold?"}]
here = clinic.chat.completions.with_raw_response.create(model="domestic", messages=known, temperature=0)
check("served here", here.headers["x-freehold-deployment"] == "tiny-here", dict(here.headers))
check("it answers", len(here.parse().choices[0].message.content) > 20, here.parse())
check("it streams", len(text_of(clinic.chat.completions.create(model="domestic", messages=known, stream=True))) > 20)

# Completions, embeddings, models, errors.
done = client("parts-search").embeddings.create(model="vectors", input=["one", "two"])
check("embeddings", len(done.data) == 2 and len(done.data[0].embedding) == 8, done)
old = client("tourism").completions.create(model="abroad", prompt="Once")
check("completions", "Once" in old.choices[0].text, old)
models = {m.id for m in clinic.models.list()}
check("models", {"domestic", "abroad", "best"} <= models, models)
for wrong, expected in [("nowhere", openai.NotFoundError)]:
    try:
        clinic.chat.completions.create(model=wrong, messages=known)
        sys.exit("python: an unknown route answered")
    except expected as error:
        check("unknown route", error.code == "model_not_found", error.code)
try:
    openai.OpenAI(base_url=URL, api_key="fh_wrong", max_retries=0).models.list()
    sys.exit("python: a wrong key was let in")
except openai.AuthenticationError as error:
    check("wrong key", error.code == "invalid_api_key", error.code)

print(f"python: {passed} passed, 0 failed")
