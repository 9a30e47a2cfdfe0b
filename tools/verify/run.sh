#!/bin/sh
# Verifies a published log (and a receipt) by two programs that share no code with the one that wrote it.
#   run.sh DIR VKEY [RECEIPT]
# DIR is a log in its published form (tlog-tiles), exported or mirrored; VKEY is the log's verifier key.
# Needs python3 and, for the Go half, Debian's golang-go and golang-golang-x-mod-dev.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 2 ]; then
    echo "usage: run.sh DIR VKEY [RECEIPT]" >&2
    exit 2
fi
python3 "$here/verify.py" "$@"

modules=${GOPATH:-/usr/share/gocode}
if ! command -v go >/dev/null || [ ! -d "$modules/src/golang.org/x/mod/sumdb" ]; then
    echo "run.sh: the Go half needs the packages golang-go and golang-golang-x-mod-dev" >&2
    exit 3
fi
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
GO111MODULE=off GOPATH=$modules GOCACHE=${GOCACHE:-$build/cache} go build -o "$build/verify" "$here/main.go"
"$build/verify" "$@"
