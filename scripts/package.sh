#!/usr/bin/env bash
# Makes the packages of this version in target/package: a Debian package (program, unit, backup timer, user, settings
# in /etc/uttor.env) and an archive of the program with deploy/ and faq/. Needs dpkg-deb.
#
#   scripts/package.sh                                        builds with the profile `dist` first
#   UTTOR=target/dist/uttor scripts/package.sh                packs a program that is built already
#   TARGET=x86_64-unknown-linux-musl scripts/package.sh       a static program: `rustup target add` it, install musl-tools
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
if [ -z "${UTTOR:-}" ]; then
    cargo build --profile dist --locked ${TARGET:+--target "$TARGET"}
    UTTOR=$target/${TARGET:+$TARGET/}dist/uttor
fi
version=$("$UTTOR" --version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
out=$target/package
root=$(mktemp -d "${TMPDIR:-/tmp}/uttor-package.XXXXXX")
trap 'rm -rf "$root"' EXIT
mkdir -p "$out"

chmod 755 "$root"
install -D -m 755 "$UTTOR" "$root/usr/bin/uttor"
for unit in deploy/uttor.service deploy/uttor-backup.service deploy/uttor-backup.timer; do
    install -D -m 644 "$unit" "$root/usr/lib/systemd/system/${unit#deploy/}"
done
sed -i 's|/usr/local/bin/uttor|/usr/bin/uttor|' "$root"/usr/lib/systemd/system/*
# Every setting, commented out; it will hold tokens.
sed 's/^\([A-Z]\)/# \1/' .env.example | install -D -m 600 /dev/stdin "$root/etc/uttor.env"
for file in README.md CHANGELOG.md LICENSE NOTICE deploy/README.md; do
    install -D -m 644 "$file" "$root/usr/share/doc/uttor/$file"
done
mkdir "$root/DEBIAN"
# What the program is linked against; a static one needs none of it.
needs='ca-certificates, adduser'
if ldd "$UTTOR" >/dev/null 2>&1; then
    libc=$(objdump -T "$UTTOR" 2>/dev/null | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
    needs="$needs, libc6${libc:+ (>= ${libc#GLIBC_})}, libgcc-s1"
fi
cat >"$root/DEBIAN/control" <<END
Package: uttor
Version: $version
Architecture: $architecture
Maintainer: uttor <uttor@localhost>
Depends: $needs
Section: net
Priority: optional
Description: answers people's questions from one guide
 A chatbot for Telegram, Messenger and the web that answers from a guide of one's own, in Bengali and other languages.
END
echo /etc/uttor.env >"$root/DEBIAN/conffiles"
cat >"$root/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    getent passwd uttor >/dev/null || adduser --system --group --home /var/lib/uttor --quiet uttor
    # Without systemd, as in a container, there is nothing to tell.
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        systemctl try-restart uttor.service
    fi
fi
END
cat >"$root/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now uttor.service uttor-backup.timer
fi
END
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm"
deb=$out/uttor_${version}_$architecture.deb
dpkg-deb --build --root-owner-group "$root" "$deb" >/dev/null

archive=$out/uttor-$version-$architecture.tar.gz
tar -czf "$archive" --owner=0 --group=0 --transform "s|^|uttor-$version/|" \
    -C "$root/usr/bin" uttor -C "$PWD" README.md CHANGELOG.md LICENSE NOTICE .env.example deploy faq
ls -l "$deb" "$archive"
