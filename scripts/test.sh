#!/usr/bin/env bash
# Runs every test, with the servers that some need: a throwaway PostgreSQL, and Chromium with its driver and a Bengali
# font. On Debian, whatever is missing is installed first, as root or by sudo; where that cannot be, the tests that
# need it are skipped, and the last lines say which. Stops the servers again, also after a failure.
#
# Some tests read files that are not part of the project, where a variable names them: UTTOR_GUIDE_ARTICLE the article that
# the guide is written from, UTTOR_CASES a folder of files to import. Unset, they are skipped too.
#
#   scripts/test.sh                    all
#   scripts/test.sh --test it web      further words go to `cargo test`
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'scripts/test.sh: %s\n' "$*" >&2; }

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v make >/dev/null || missing+=(make)
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
[ -n "$(find /usr/share/fonts -iname 'NotoSansBengali*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-core)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
if [ "${#missing[@]}" -gt 0 ]; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo -n)
    if command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; then
        say "installing ${missing[*]}"
        "${root[@]}" apt-get update -q >&2
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
            "${missing[@]}" >&2
    else
        say "missing, and this user cannot install them: ${missing[*]}"
    fi
fi

output=$(mktemp "${TMPDIR:-/tmp}/uttor-test.XXXXXX")
trap 'rm -f "$output"' EXIT
if command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    # Its trap runs before the one above.
    # shellcheck source=scripts/pg.sh
    . scripts/pg.sh
fi

# So that skipped tests can be listed again at the end, where somebody sees them.
ended=0
cargo test --no-fail-fast "$@" 2>&1 | tee "$output" || ended=$?
printf '\n'
grep -a -o 'skipped: .*' "$output" | sort | uniq -c || echo 'nothing skipped'
exit "$ended"
