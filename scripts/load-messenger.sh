#!/usr/bin/env bash
# Delivers 10,000 questions, a tenth of them twice and all in disorder, to uttor through the stand-in Graph API, with
# 5 % of the sends failing, and fails unless each is answered exactly once, except where the outcome was unknown.
#
#   scripts/load-messenger.sh [QUESTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
questions=${1:-10000} profile=${PROFILE:-release}
flag=(--profile "$profile")
folder=$profile
[ "$profile" = dev ] && folder=debug
cargo build -q "${flag[@]}" --bin uttor --example load_messenger
bin=${CARGO_TARGET_DIR:-target}/$folder
export LISTEN=127.0.0.1:0 RUST_LOG=error DATABASE_URL=sqlite://uttor.db ARTICLE_URL=https://example.org/guide
"$bin/examples/load_messenger" "$questions" "$bin/uttor" --faq "$PWD/faq"
