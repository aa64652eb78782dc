#!/usr/bin/env bash
# What `uttor serve` holds in memory (VmRSS) after 10,000 messages, all of one conversation and each of another address;
# and how long it takes from its start until it is ready.
#
#   scripts/memory.sh [MESSAGES]
#   UTTOR=target/release/uttor scripts/memory.sh
set -euo pipefail
cd "$(dirname "$0")/.."
messages=${1:-10000}
[ -n "${UTTOR:-}" ] || cargo build -q --release
uttor=${UTTOR:-${CARGO_TARGET_DIR:-target}/release/uttor}
folder=$(mktemp -d "${TMPDIR:-/tmp}/uttor-memory.XXXXXX")
serve=''
trap 'kill $serve 2>/dev/null || true; rm -rf "$folder"' EXIT
export DATABASE_URL=sqlite://$folder/uttor.db LISTEN=127.0.0.1:0 RUST_LOG=error

# The messages as curl's configuration: the questions of dev.tsv over and over, on one connection.
requests() {
    cut -f3 tests/eval/dev.tsv | tail -n +2 | sed 's/[\\"]/ /g' | awk -v url="$1" -v manners="$2" -v most="$messages" '
        { question[NR] = $0 }
        END {
            for (n = 0; n < most; n++) {
                if (n) print "next"
                print "url = \"" url "api/ask\"\nsilent\nfail\noutput = \"/dev/null\"\nwrite-out = \"%{http_code}\\n\""
                print "header = \"Content-Type: application/json\""
                print "data = \"{\\\"text\\\":\\\"" question[n % NR + 1] "\\\"" (manners == "conversation" ? ",\\\"session\\\":\\\"memory\\\"" : "") "}\""
                # A proxy on this machine asks for others; an address may ask twenty times a second.
                who = manners == "conversation" ? n % 250 : n
                printf "header = \"X-Forwarded-For: 10.%d.%d.%d\"\n", who / 65536, who / 256 % 256, who % 256
            }
        }'
}

for manners in conversation addresses; do
    rm -f "$folder/address"
    start=$(date +%s%N)
    "$uttor" --faq faq serve >"$folder/address" 2>"$folder/log" &
    serve=$!
    until [ -s "$folder/address" ]; do
        kill -0 "$serve" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.01
    done
    ready=$((($(date +%s%N) - start) / 1000000))
    read -r url <"$folder/address"
    requests "$url" "$manners" >"$folder/requests"
    answered=$(timeout 300 curl -K "$folder/requests" | grep -c 200 || true)
    [ "$answered" = "$messages" ] || { echo "only $answered of $messages were answered" >&2; exit 1; }
    awk -v of="$manners" -v n="$messages" -v ready="$ready" \
        '/^VmRSS/ { printf "ready after %d ms; %.1f MiB after %d messages, %s\n", ready, $2 / 1024, n, \
            of == "conversation" ? "one conversation" : "each of another address" }' "/proc/$serve/status"
    kill "$serve"
    wait "$serve" || true
done
