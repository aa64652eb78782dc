#!/usr/bin/env bash
# Everything that is tested, with the servers that the tests need: installs PostgreSQL, Chromium with its driver and a
# Bengali font from Debian's packages where they are missing, starts a throwaway PostgreSQL, runs `cargo test`, and
# takes everything down again. Words given are passed on: scripts/test.sh --test it web
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
[ -n "$(find /usr/share/fonts -iname 'NotoSansBengali*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-core)
if [ "${#missing[@]}" -gt 0 ]; then
    root=
    [ "$(id -u)" -eq 0 ] || root=sudo
    echo "scripts/test.sh: installing ${missing[*]}" >&2
    $root apt-get update -q >&2
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
fi

# shellcheck source=scripts/pg.sh
. scripts/pg.sh

# The article that the guide is written from is not part of the project; where it lies beside it, it is imported too.
article=../shared/guide/article.txt
[ ! -f "$article" ] || export UTTOR_GUIDE=${UTTOR_GUIDE:-$PWD/$article}

cargo test "$@"
