# Sourced by bash: starts a throwaway PostgreSQL on a free loopback port, exports TEST_DATABASE_URL, and removes
# everything when the shell ends, also after a failure. Does nothing where TEST_DATABASE_URL is already set.
#
#   . scripts/pg.sh && cargo test --test it store

# The folder of initdb and pg_ctl: the PATH's, or the newest that the distribution installed beside it.
pg_find() {
    local initdb
    initdb=$(command -v initdb) ||
        initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

pg_install() {
    local root=''
    [ "$(id -u)" -eq 0 ] || root=sudo
    echo 'scripts/pg.sh: no initdb found, installing postgresql' >&2
    $root apt-get update -q >&2 &&
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql >&2
}

# PostgreSQL refuses to run as root.
pg_run() {
    if [ "$(id -u)" -ne 0 ]; then
        (cd / && LC_ALL=C "$@")
    elif command -v runuser >/dev/null; then
        (cd / && LC_ALL=C runuser -u "$PG_USER" -- "$@")
    else
        (cd / && LC_ALL=C su -s /bin/sh "$PG_USER" -c "$(printf '%q ' "$@")")
    fi
}

pg_stop() {
    [ -n "${PG_FOLDER:-}" ] || return 0
    pg_run "$PG_BIN/pg_ctl" -D "$PG_FOLDER/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$PG_FOLDER"
    unset PG_FOLDER TEST_DATABASE_URL
}

pg_start() {
    PG_BIN=$(pg_find) || { pg_install && PG_BIN=$(pg_find); } || {
        echo 'scripts/pg.sh: PostgreSQL cannot be found nor installed' >&2
        return 1
    }
    PG_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/uttor-pg.XXXXXX") || return 1
    if [ "$(id -u)" -eq 0 ]; then
        PG_USER=postgres
        id "$PG_USER" >/dev/null 2>&1 || PG_USER=nobody
        chown "$PG_USER" "$PG_FOLDER" || return 1
    fi
    # Nothing in here is worth a wait for the disk.
    pg_run "$PG_BIN/initdb" -D "$PG_FOLDER/data" -U uttor -A trust -E UTF8 --locale=C --no-sync \
        >"$PG_FOLDER/initdb.log" 2>&1 || {
        cat "$PG_FOLDER/initdb.log" >&2
        return 1
    }
    # Only the server itself finds out whether a port is free, so it is asked, a few times.
    local port
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
        if pg_run "$PG_BIN/pg_ctl" -D "$PG_FOLDER/data" -l "$PG_FOLDER/data/server.log" -w -o \
            "-p $port -k '$PG_FOLDER' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" \
            start >/dev/null 2>&1; then
            export TEST_DATABASE_URL="postgres://uttor@127.0.0.1:$port/postgres"
            return 0
        fi
    done
    cat "$PG_FOLDER/data/server.log" >&2
    return 1
}

if [ -z "${TEST_DATABASE_URL:-}" ]; then
    # Keeps what the sourcing script itself does at its end.
    pg_before=$(trap -p EXIT)
    pg_before=${pg_before#trap -- \'}
    trap "pg_stop; ${pg_before%\' EXIT}" EXIT
    unset pg_before
    pg_start
fi
