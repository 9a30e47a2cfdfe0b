"""Stands before the token service of Yandex's stand-in and judges what the gateway signs, by libraries of others.

    iam_witness.py STAND_IN

PyJWT reads and verifies each JWT; `cryptography` verifies its signature once more, as RSASSA-PSS with SHA-256, MGF1 with
SHA-256 and a salt of 32 bytes exactly. What passes goes on to the stand-in at STAND_IN (`http://127.0.0.1:PORT`); what
does not is answered with 400. Prints one line of JSON, where it listens; `GET /` says how many passed and what did not.
"""

import base64
import http.server
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

STAND_IN = sys.argv[1].rstrip("/")
AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
KEY = json.loads((pathlib.Path(__file__).parents[2] / "crates/testkit/src/standin/yandexgpt/key.json").read_text())
PUBLIC = KEY["public_key"]
seen = {"verified": 0, "wrong": []}


def judge(body):
    sent = json.loads(body)
    if sorted(sent) != ["jwt"]:
        raise ValueError(f"more than a jwt: {sorted(sent)}")
    token = sent["jwt"]
    header = jwt.get_unverified_header(token)
    if header != {"typ": "JWT", "alg": "PS256", "kid": KEY["id"]}:
        raise ValueError(f"header: {header}")
    claims = jwt.decode(token, PUBLIC, algorithms=["PS256"], audience=AUDIENCE, issuer=KEY["service_account_id"])
    if sorted(claims) != ["aud", "exp", "iat", "iss"] or not 0 < claims["exp"] - claims["iat"] <= 3600:
        raise ValueError(f"claims: {claims}")
    if abs(claims["iat"] - time.time()) > 60:
        raise ValueError(f"issued at {claims['iat']}, and it is {time.time()}")
    text, _, signature = token.rpartition(".")
    signature = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    serialization.load_pem_public_key(PUBLIC.encode()).verify(signature, text.encode(), pss, hashes.SHA256())


class Witness(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200, json.dumps(seen).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            judge(body)
        except Exception as error:  # whatever is wrong with it is told
            seen["wrong"].append(f"{type(error).__name__}: {error}")
            return self.answer(400, json.dumps({"code": 3, "message": "no JWT as it should be", "details": []}).encode())
        seen["verified"] += 1
        onward = urllib.request.Request(STAND_IN + self.path, body, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(onward) as answer:
                self.answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.read())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Witness)
print(json.dumps({"root": f"http://127.0.0.1:{server.server_port}"}), flush=True)
server.serve_forever()
