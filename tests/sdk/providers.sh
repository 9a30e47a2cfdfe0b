#!/usr/bin/env bash
# Official clients against the stand-ins of providers, and against the gateway before them.
#   tests/sdk/providers.sh FREEHOLD STAND_INS VENV OLDER_VENV JS
set -euo pipefail
freehold=$1 stand_ins=$2 venv=$3 older=$4 js=$5
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
running=()
trap 'kill "${running[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

wait_for() { # FILE LOG PID
  for _ in $(seq 300); do
    [ -s "$1" ] && return
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  cat "$2"
  exit 1
}
field() { python3 -c 'import json, sys; value = json.loads(sys.argv[1])
for name in sys.argv[2:]: value = value[name]
print(value)' "$@"; }

"$stand_ins" >"$work/stand-ins.json" 2>"$work/stand-ins.log" &
running+=($!)
wait_for "$work/stand-ins.json" "$work/stand-ins.log" $!
FLOWS_STAND_INS=$(cat "$work/stand-ins.json")
export FLOWS_STAND_INS
plain=$(field "$FLOWS_STAND_INS" plain root) home=$(field "$FLOWS_STAND_INS" home root) giga=$(field "$FLOWS_STAND_INS" giga root)
yandex=$(field "$FLOWS_STAND_INS" yandex root) claude=$(field "$FLOWS_STAND_INS" claude root)
folder=$(field "$FLOWS_STAND_INS" yandex folder)

# The providers' own clients, and the stand-ins' strictness.
FREEHOLD_GIGACHAT_URL=$giga "$venv/bin/python" "$here/gigachat_flows.py"
YANDEXGPT_STANDIN=$yandex "$venv/bin/python" "$here/yandexgpt_flows.py"
for python in "$venv" "$older"; do
  ANTHROPIC_BASE_URL=$claude ANTHROPIC_API_KEY=$(field "$FLOWS_STAND_INS" claude key) ANTHROPIC_FLOWS_STANDIN=1 \
    "$python/bin/python" "$here/anthropic_flows.py"
done

# What the gateway signs for Yandex's tokens passes a witness of its own.
"$venv/bin/python" "$here/iam_witness.py" "$yandex" >"$work/iam.json" 2>"$work/iam.log" &
running+=($!)
wait_for "$work/iam.json" "$work/iam.log" $!
iam=$(field "$(cat "$work/iam.json")" root)

# The gateway before all of them.
cp -r "$here/realm" "$work/realm"
sed -i -e "s|@PLAIN@|$plain|; s|@HOME@|$home|; s|@GIGA@|$giga|; s|@YANDEX@|$yandex|; s|@IAM@|$iam|; s|@CLAUDE@|$claude|; s|@FOLDER@|$folder|" \
  "$work/realm/realm.toml"
FLOWS_GIGA_KEY=$(printf 'id:secret' | base64)
FLOWS_YANDEX_KEY_FILE=$(field "$FLOWS_STAND_INS" yandex key_file)
FLOWS_YANDEX_KEY=$(field "$FLOWS_STAND_INS" yandex api_key)
FLOWS_CLAUDE_KEY=$(field "$FLOWS_STAND_INS" claude key)
export FLOWS_GIGA_KEY FLOWS_YANDEX_KEY_FILE FLOWS_YANDEX_KEY FLOWS_CLAUDE_KEY
export FREEHOLD_REALM=$work/realm FREEHOLD_DATA=$work/data
"$freehold" check "$work/realm" >"$work/check" || { cat "$work/check"; exit 1; }
key=$("$freehold" key new --app lessons --json)
"$freehold" serve --listen 127.0.0.1:0 --json >"$work/ready.json" 2>"$work/serve.log" &
gateway=$!
running+=($gateway)
wait_for "$work/ready.json" "$work/serve.log" $gateway
FLOWS_KEY=$(field "$key" key) FLOWS_URL=http://$(field "$(head -1 "$work/ready.json")" listen)
export FLOWS_KEY FLOWS_URL
"$venv/bin/python" "$here/providers_flows.py"
ANTHROPIC_BASE_URL=$FLOWS_URL ANTHROPIC_API_KEY=$FLOWS_KEY "$venv/bin/python" "$here/anthropic_flows.py"
(cd "$js" && node providers_flows.mjs)
"$venv/bin/python" "$here/responses_flows.py"
(cd "$js" && node responses_flows.mjs)
"$venv/bin/python" "$here/scan/scan.py"
kill $gateway && wait $gateway 2>/dev/null || true
python3 -c 'import json, sys, urllib.request
seen = json.load(urllib.request.urlopen(sys.argv[1]))
sys.exit(f"yandex tokens: {seen}" if seen["wrong"] or not seen["verified"] else None)' "$iam"
echo "yandex tokens: the JWT is as PyJWT and cryptography want it"
"$freehold" ledger verify "$work/data" >"$work/verified" || { cat "$work/verified"; exit 1; }
! grep -rqE 'DE89 3704|0532 0130' "$work/data" "$work/serve.log" || { echo "providers: a value was kept"; exit 1; }
