#!/usr/bin/env bash
# Kills `uttor serve` and `uttor teach` with SIGKILL, again and again, while one answers messages and the other teaches;
# then looks whether every teaching that was acknowledged is there, and whether `uttor doctor` calls the store sound.
#
#   scripts/kill-loop.sh                     200 kills on a throwaway SQLite file
#   KILLS=20 scripts/kill-loop.sh            fewer
#   DATABASE_URL=postgres://… scripts/kill-loop.sh
#   UTTOR=target/release/uttor scripts/kill-loop.sh
#
# It gives up SECONDS_AT_MOST (1800) after its start, with exit code 3.
set -euo pipefail
cd "$(dirname "$0")/.."

kills=${KILLS:-200}
limit=${SECONDS_AT_MOST:-1800}
faq=${FAQ:-tests/it/faq}
entry=${ENTRY:-rooftop}
uttor=${UTTOR:-target/debug/uttor}
folder=$(mktemp -d "${TMPDIR:-/tmp}/uttor-kill.XXXXXX")
export DATABASE_URL=${DATABASE_URL:-sqlite://$folder/uttor.db}
export LISTEN=127.0.0.1:0 RUST_LOG=${RUST_LOG:-warn}
serve='' teach='' messages=''

cleanup() {
    local pid
    for pid in $serve $teach $messages $(cat "$folder/teaching" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap cleanup EXIT

# The server's port, once it prints its address.
port() {
    local line
    read -r line <"$folder/address" && line=${line%/} && echo "${line##*:}"
}

# Asks, judges and asks what the guide does not answer, until the server is gone.
ask() {
    local port=$1 n=0 path body status
    while true; do
        n=$((n + 1))
        case $((n % 3)) in
            0) path=/api/ask body="{\"text\":\"entry:$entry\",\"session\":\"s$n\"}" ;;
            1) path=/api/feedback body="{\"entry\":\"$entry\",\"helpful\":false,\"session\":\"s$n\"}" ;;
            *) path=/api/ask body="{\"text\":\"passport korte koto lage $RANDOM\",\"session\":\"s$n\"}" ;;
        esac
        exec 3<>"/dev/tcp/127.0.0.1/$port" || return 0
        printf 'POST %s HTTP/1.0\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %s\r\n\r\n%s' \
            "$path" "${#body}" "$body" >&3 || return 0
        read -r status <&3 || return 0
        exec 3>&-
        case $status in HTTP/1.?\ 200*) echo "$path" >>"$folder/answered" ;; esac
    done
}

# Teaches until it is stopped; notes each teaching whose acknowledgement it has read.
teach() {
    local n=0 pid line
    while [ ! -e "$folder/enough" ]; do
        n=$((n + 1))
        "$uttor" --faq "$faq" teach phrasing "$entry" "$1 bar $n bar chade bagan" --force >"$folder/taught" 2>>"$folder/log" &
        pid=$!
        echo "$pid" >"$folder/teaching"
        wait "$pid" || true
        # An incomplete line is no acknowledgement.
        if read -r line <"$folder/taught" && [[ $line =~ ^taught\ ([0-9]+) ]]; then
            echo "${BASH_REMATCH[1]}" >>"$folder/acknowledged"
        fi
    done
}

killed=0 round=0
: >"$folder/acknowledged"
: >"$folder/answered"
while [ "$killed" -lt "$kills" ]; do
    [ "$SECONDS" -lt "$limit" ] || { echo "kill-loop: $killed kills in $SECONDS s, no more time" >&2; exit 3; }
    round=$((round + 1))
    rm -f "$folder/enough" "$folder/address"
    mkfifo "$folder/address"
    "$uttor" --faq "$faq" serve >"$folder/address" 2>>"$folder/log" &
    serve=$!
    at=$(port) || { echo "kill-loop: the server does not start" >&2; cat "$folder/log" >&2; exit 1; }
    ask "$at" 2>/dev/null &
    messages=$!
    teach "$round" 2>/dev/null &
    teach=$!
    # At another point of their work each time: the teaching several times, then the server.
    for _ in 1 2 3 4; do
        sleep "0.$((RANDOM % 4))$((RANDOM % 10))"
        if [ -s "$folder/teaching" ] && kill -9 "$(cat "$folder/teaching")" 2>/dev/null; then
            killed=$((killed + 1))
        fi
    done
    kill -9 "$serve" 2>/dev/null && killed=$((killed + 1))
    touch "$folder/enough"
    wait "$serve" "$messages" "$teach" 2>/dev/null || true
    serve='' messages='' teach=''
done

acknowledged=$(sort -u "$folder/acknowledged" | grep -c . || true)
answered=$(grep -c . "$folder/answered" || true)
"$uttor" teachings --json --limit 1000000 2>>"$folder/log" |
    sed -nE 's/.*"number":([0-9]+).*/\1/p' | sort -u >"$folder/there"
lost=$(sort -u "$folder/acknowledged" | comm -23 - "$folder/there")
echo "kill-loop: $killed kills, $answered messages answered, $acknowledged teachings acknowledged," \
    "$(grep -c . "$folder/there" || true) there"
[ -z "$lost" ] || { echo "kill-loop: lost: $lost" >&2; exit 1; }
[ "$acknowledged" -gt 0 ] && [ "$answered" -gt 0 ] || { echo "kill-loop: nothing was tried" >&2; exit 1; }
"$uttor" --faq "$faq" doctor 2>>"$folder/log" || { cat "$folder/log" >&2; exit 1; }
