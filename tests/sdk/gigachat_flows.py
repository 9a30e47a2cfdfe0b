"""The ordinary flows of GigaChat's official client for Python, against the stand-in.

FREEHOLD_GIGACHAT_URL is the stand-in's address, without a path: http://127.0.0.1:9104. Needs `gigachat==0.2.3`;
`langchain-gigachat==0.5.1` is tried too where it is installed. Says nothing about the live service.
"""

import base64
import json
import os
import sys
import urllib.request

import gigachat
from gigachat.exceptions import (
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    RateLimitError,
    ResponseError,
    ServerError,
    UnprocessableEntityError,
)

ROOT = os.environ["FREEHOLD_GIGACHAT_URL"].rstrip("/")
KEY = base64.b64encode(b"id:secret").decode()
KNOWN = dict(base_url=f"{ROOT}/api/v1", auth_url=f"{ROOT}/api/v2/oauth", model="GigaChat-2")
passed = 0


def client(**more):
    return gigachat.GigaChat(**{**KNOWN, "credentials": KEY, **more})


def check(what, holds, seen=None):
    global passed
    if not holds:
        sys.exit(f"gigachat: {what}: {seen!r}")
    passed += 1


def fails(what, expected, work):
    try:
        seen = work()
    except expected as error:
        check(what, True)
        return error
    sys.exit(f"gigachat: {what}: {seen!r} instead of an error")


def post(path, body):
    request = urllib.request.Request(ROOT + path, json.dumps(body).encode(), {"content-type": "application/json"})
    urllib.request.urlopen(request).close()


def received():
    with urllib.request.urlopen(f"{ROOT}/_received") as answer:
        return json.load(answer)["received"]


def said(text, **more):
    return {"messages": [{"role": "user", "content": text}], **more}


# Whole and streamed, in contract v1.
giga = client()
whole = giga.chat(said("Привет"))
check("whole", whole.choices[0].message.content.endswith("You wrote: Привет"), whole)
check("headers", whole.x_headers["x-request-id"], whole.x_headers)
chunks = list(giga.stream(said("Привет")))
text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
check("streamed", text == whole.choices[0].message.content, text)
check("usage of a stream", chunks[-1].usage.total_tokens > 0, chunks[-1])
check("one token for both", sum(entry["path"].endswith("/oauth") for entry in received()) == 1, received())
censored = giga.chat(said("запретная тема"))
check("censored", censored.choices[0].finish_reason == "blacklist", censored)

# Functions, there and back.
weather = {
    "name": "get_weather",
    "description": "Погода в городе",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
asked = said("Какая погода?", functions=[weather], function_call="auto")
called = giga.chat(asked).choices[0]
check("function call", called.finish_reason == "function_call", called)
check("arguments", called.message.function_call.arguments == {"city": "Какая погода?"}, called)
check("state", called.message.functions_state_id, called)
asked["messages"] += [called.message, {"role": "function", "name": "get_weather", "content": '{"temp": -3}'}]
check("result", "-3" in giga.chat(asked).choices[0].message.content)
streamed = [c.choices[0].delta for c in giga.stream(said("weather", functions=[weather], function_call="auto"))]
check("call in a stream", any(delta.function_call for delta in streamed), streamed)
check("state in a stream", any(delta.functions_state_id for delta in streamed), streamed)
schema = {"type": "object", "properties": {"name": {"type": "string"}}}
shaped = giga.chat(said("Пётр", response_format={"type": "json_schema", "schema": schema}))
check("structured", json.loads(shaped.choices[0].message.content) == {"name": "Пётр"}, shaped)

# A token taken back is fetched anew, once.
before = sum(entry["path"].endswith("/oauth") for entry in received())
post("/_faults", [{"fault": "status", "status": 401}])
check("after a 401", giga.chat(said("снова")).choices[0].finish_reason == "stop")
check("one refresh", sum(entry["path"].endswith("/oauth") for entry in received()) == before + 1)

# Errors.
for status, expected in [(402, ResponseError), (404, NotFoundError), (429, RateLimitError), (500, ServerError)]:
    post("/_faults", [{"fault": "status", "status": status}])
    fails(str(status), expected, lambda: giga.chat(said("x")))
late = {"messages": [{"role": "user", "content": "u"}, {"role": "system", "content": "s"}]}
fails("late system", UnprocessableEntityError, lambda: giga.chat(late))
fails("unknown model", NotFoundError, lambda: client(model="gpt-4").chat(said("x")))
fails("key encoded twice", BadRequestError, lambda: client(credentials=base64.b64encode(KEY.encode()).decode()).get_models())
fails("another scope", BadRequestError, lambda: client(scope="GIGACHAT_API_CORP").get_models())
fails("unknown token", AuthenticationError, lambda: client(credentials=None, access_token="other").get_models())

# Models, embeddings, tokens, files, balance.
models = {model.id_ for model in giga.get_models().data}
check("models", {"GigaChat-2", "Embeddings"} <= models, models)
check("model", giga.get_model("GigaChat-2").id_ == "GigaChat-2")
vectors = giga.embeddings(["один", "два"])
check("embeddings", [v.index for v in vectors.data] == [0, 1] and len(vectors.data[0].embedding) == 1024, vectors)
check("tokens", [t.characters for t in giga.tokens_count(["один", "два"], model="GigaChat-2")] == [4, 3])
stored = giga.upload_file(("note.txt", b"abc", "text/plain"))
check("upload", stored.bytes_ == 3 and stored.filename == "note.txt", stored)
check("list of files", stored.id_ in {f.id_ for f in giga.get_files().data})
check("attachment", giga.chat({"messages": [{"role": "user", "content": "x", "attachments": [stored.id_]}]}))
check("content", base64.b64decode(giga.get_image(stored.id_).content) == b"abc")
check("delete", giga.delete_file(stored.id_).deleted)
check("balance", giga.get_balance().balance[0].value > 0)

# Contract v2, which the client takes by default.
newer = client(model="GigaChat-3-Ultra")
answer = newer.chat.create(said("Привет"))
check("v2", answer.messages[0].content[0].text.endswith("You wrote: Привет"), answer)
events = list(newer.chat.stream(said("Привет")))
text = "".join(p.text or "" for e in events for m in e.messages or [] for p in m.content or [])
check("v2 streamed", text == answer.messages[0].content[0].text, text)
check("v2 end", events[-1].finish_reason == "stop" and events[-1].usage.total_tokens > 0, events[-1])
tools = [{"functions": {"specifications": [weather]}}]
forced = newer.chat.create(said("x", tools=tools, tool_config={"mode": "forced", "function_name": "get_weather"}))
check("v2 call", forced.messages[0].content[0].function_call.name == "get_weather", forced)
check("v2 state", forced.messages[0].tools_state_id, forced)

try:
    from langchain_gigachat import GigaChat as LangChain
except ImportError:
    print(f"gigachat: {passed} passed, 0 failed (without langchain)")
    sys.exit()

chain = LangChain(credentials=KEY, streaming=True, **KNOWN)
check("langchain", chain.invoke("Привет").content.endswith("You wrote: Привет"))
check("langchain streamed", "".join(str(c.content) for c in chain.stream("Привет")).endswith("You wrote: Привет"))
bound = chain.bind_tools([weather]).invoke("Какая погода?")
check("langchain tools", bound.tool_calls[0]["args"] == {"city": "Какая погода?"}, bound)
print(f"gigachat: {passed} passed, 0 failed")
