"""Official clients against the stand-in for YandexGPT.

YANDEXGPT_STANDIN is where the stand-in listens, without a path (`http://127.0.0.1:PORT`); start one with
`cargo run --release -p testkit --example stand_ins`. Needs `openai`, `yandex-ai-studio-sdk`, `cryptography` and
`PyJWT`; where `yandexcloud` is there too, its protocol buffers judge the request bodies that the stand-in was sent.

Ends at the first thing that is not as it should be.
"""

import datetime
import ipaddress
import json
import os
import pathlib
import socket
import ssl
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import jwt
import openai
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

URL = os.environ["YANDEXGPT_STANDIN"].rstrip("/")
FOLDER = os.environ.get("YANDEXGPT_FOLDER", "b1gstandin")
KEY = os.environ.get("YANDEXGPT_API_KEY", "AQVNstandin-key-of-a-stand-in-opens-nothing")
KEY_FILE = pathlib.Path(__file__).parents[2] / "crates/testkit/src/standin/yandexgpt/key.json"
MODEL = f"gpt://{FOLDER}/yandexgpt/latest"
WEATHER = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
passed = 0


def check(what, holds, seen=None):
    global passed
    if not holds:
        sys.exit(f"yandexgpt: {what}: {seen!r}")
    passed += 1


def call(path, body, authorization=None, status=200):
    headers = {"content-type": "application/json"} | ({"authorization": authorization} if authorization else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            seen, text = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        seen, text = error.code, error.read().decode()
    check(f"{path} answers {status}", seen == status, text)
    return text


def tls_in_front(directory):
    """A certificate of our own and a port that speaks TLS with it: the SDK refuses plain HTTP."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, hashes.SHA256())
    )
    pem = pathlib.Path(directory) / "standin.pem"
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    public = certificate.public_bytes(serialization.Encoding.PEM)
    pem.write_bytes(key.private_bytes(serialization.Encoding.PEM, *private) + public)
    authority = pathlib.Path(directory) / "ca.pem"
    authority.write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = socket.create_server(("127.0.0.1", 0))
    host, port = URL.removeprefix("http://").split(":")

    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def serve():
        while True:
            plain, _ = server.accept()
            try:
                outer = context.wrap_socket(plain, server_side=True)
            except OSError:
                continue
            inner = socket.create_connection((host, int(port)))
            for pair in ((outer, inner), (inner, outer)):
                threading.Thread(target=copy, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return f"https://localhost:{server.getsockname()[1]}/v1/", authority


def openai_flows():
    client = openai.OpenAI(api_key=KEY, project=FOLDER, base_url=f"{URL}/v1", max_retries=0)
    said = [{"role": "user", "content": "Привет, мир"}]
    whole = client.chat.completions.create(model=MODEL, messages=said)
    text = whole.choices[0].message.content
    check("chat", "Привет, мир" in text and whole.choices[0].finish_reason == "stop", whole)
    pieces = list(client.chat.completions.create(model=MODEL, messages=said, stream=True))
    check("a stream says the same", text == "".join(c.choices[0].delta.content or "" for c in pieces if c.choices), pieces)
    check("usage last", pieces[-1].usage.total_tokens > 0 and not pieces[-1].choices, pieces[-1])
    tools = [{"type": "function", "function": WEATHER}]
    asked = [{"role": "user", "content": "погода в Москве?"}]
    called = client.chat.completions.create(model=MODEL, messages=asked, tools=tools).choices[0].message
    check("a call", json.loads(called.tool_calls[0].function.arguments) == {"city": asked[0]["content"]}, called)
    result = {"role": "tool", "tool_call_id": called.tool_calls[0].id, "content": "-3"}
    history = [*asked, called.model_dump(exclude_none=True), result]
    after = client.chat.completions.create(model=MODEL, messages=history, tools=tools)
    check("its result", "-3" in after.choices[0].message.content, after)
    vector = client.embeddings.create(model=f"emb://{FOLDER}/text-search-doc/latest", input="а", encoding_format="float")
    check("embeddings", len(vector.data[0].embedding) == 256, vector)
    check("models", MODEL in {model.id for model in client.models.list()})
    try:
        client.with_options(api_key="AQVNwrong").chat.completions.create(model=MODEL, messages=said)
        sys.exit("yandexgpt: a wrong key was let in")
    except openai.AuthenticationError:
        check("wrong key", True)


def studio_flows():
    from yandex_ai_studio_sdk import AIStudio

    with tempfile.TemporaryDirectory() as directory:
        address, authority = tls_in_front(directory)
        sdk = AIStudio(folder_id=FOLDER, auth=KEY, service_map={"http_completions": address}, verify=authority)
        model = sdk.chat.completions("yandexgpt")
        whole = model.run("Привет")
        check("AI Studio: run", "Привет" in whole.text, whole)
        last = list(model.run_stream("Привет"))
        check("AI Studio: run_stream", any(result.text == whole.text for result in last), last)
        filtered = list(model.run_stream("[filter] Привет"))
        check("AI Studio: filtered", any("сменим тему" in (result.text or "") for result in filtered), filtered)
        tool = sdk.tools.function({"type": "object", "properties": {"city": {"type": "string"}}}, name="weather")
        called = model.configure(tools=tool).run("погода")
        check("AI Studio: tools", called.tool_calls[0].function.name == "weather", called)
        vector = sdk.chat.text_embeddings("text-search-query").run("а")
        check("AI Studio: embeddings", len(vector) == 256, vector)
        check("AI Studio: list", len(list(sdk.chat.completions.list())) > 3)


def native_flows():
    """No official client for Python speaks this; the calls are those of the documentation."""
    key = json.loads(KEY_FILE.read_text())
    now = int(time.time())
    claims = {"iss": key["service_account_id"], "aud": "https://iam.api.cloud.yandex.net/iam/v1/tokens", "iat": now, "exp": now + 3600}
    pem = key["private_key"][key["private_key"].index("-----BEGIN") :]
    signed = jwt.encode(claims, pem, algorithm="PS256", headers={"kid": key["id"]})
    token = json.loads(call("/iam/v1/tokens", {"jwt": signed}))["iamToken"]
    call("/iam/v1/tokens", {"jwt": signed[:-8] + "AAAAAAAA"}, status=401)
    call("/iam/v1/tokens", {"jwt": jwt.encode(claims, pem, algorithm="RS256", headers={"kid": key["id"]})}, status=401)
    bearer = f"Bearer {token}"
    body = {"modelUri": MODEL, "completionOptions": {"stream": True, "maxTokens": "100"}, "messages": [{"role": "user", "text": "Привет"}]}
    lines = [json.loads(line)["result"] for line in call("/foundationModels/v1/completion", body, bearer).splitlines()]
    texts = [line["alternatives"][0]["message"]["text"] for line in lines]
    check("each line holds the whole text so far", all(b.startswith(a) for a, b in zip(texts, texts[1:])), texts)
    check("integers are strings", isinstance(lines[-1]["usage"]["totalTokens"], str), lines[-1])
    body["completionOptions"] = {}
    operation = json.loads(call("/foundationModels/v1/completionAsync", body, bearer))
    for _ in range(5):
        operation = json.loads(call(f"/operations/{operation['id']}", None, bearer))
    check("an operation ends", operation["response"]["alternatives"][0]["message"]["text"] == texts[-1], operation)
    judge(json.dumps(body))


def judge(body):
    try:
        from google.protobuf import json_format
        from yandex.cloud.ai.foundation_models.v1.text_generation import text_generation_service_pb2 as service
    except ImportError:
        return
    received = json.loads(call("/_received", None))["received"]
    native = [one["text"] for one in received if one["path"].startswith("/foundationModels/v1/completion")]
    for text in [body, *native]:
        try:
            json_format.Parse(text, service.CompletionRequest())
        except json_format.ParseError as error:
            sys.exit(f"yandexgpt: not a CompletionRequest: {error}: {text}")
        check("a CompletionRequest", True)


openai_flows()
studio_flows()
native_flows()
print(f"yandexgpt: {passed} passed, 0 failed")
