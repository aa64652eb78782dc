#!/usr/bin/env bash
# Sends 100 chats x 100 messages through the stand-in Bot API server to uttor without Telegram's limits, to a bare
# echo bot on teloxide's dispatcher, and once, with fewer messages, to uttor with the limits on.
#
#   scripts/load-telegram.sh [CHATS] [MESSAGES]
set -euo pipefail
cd "$(dirname "$0")/.."
chats=${1:-100} messages=${2:-100} profile=${PROFILE:-release}
flag=(--profile "$profile")
folder=$profile
[ "$profile" = dev ] && folder=debug
cargo build -q "${flag[@]}" --bin uttor --example echo --example load
bin=${CARGO_TARGET_DIR:-target}/$folder
export LISTEN=127.0.0.1:0 RUST_LOG=warn DATABASE_URL=sqlite://uttor.db ARTICLE_URL=https://example.org/guide
TELEGRAM_LIMITS=off "$bin/examples/load" uttor "$chats" "$messages" "$bin/uttor" --faq "$PWD/faq"
"$bin/examples/load" echo "$chats" "$messages" "$bin/examples/echo"
TELEGRAM_LIMITS=on "$bin/examples/load" 'uttor, limits on' 20 8 "$bin/uttor" --faq "$PWD/faq"
