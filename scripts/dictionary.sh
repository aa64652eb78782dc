#!/usr/bin/env bash
# Makes src/text/dictionary/{bengali,english}.txt of Debian's packages tesseract-ocr, tesseract-ocr-ben (Apache-2.0) and
# wamerican-small (SCOWL): see NOTICE. Needs Python 3.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trained=$(find /usr/share/tesseract-ocr -name ben.traineddata -print -quit)
combine_tessdata -u "$trained" "$work/ben." >/dev/null
dawg2wordlist "$work/ben.lstm-unicharset" "$work/ben.lstm-word-dawg" "$work/ben.words" >/dev/null
python3 - "$work/ben.words" /usr/share/dict/american-english-small src/text/dictionary <<'PYTHON'
import re, sys, unicodedata

bengali, english, out = sys.argv[1:]
composed = {"\u09af\u09bc": "\u09df", "\u09a1\u09bc": "\u09dc", "\u09a2\u09bc": "\u09dd"}
words = set()
for word in open(bengali, encoding="utf-8"):
    word = unicodedata.normalize("NFC", word.strip().replace("\u200c", "").replace("\u200d", ""))
    for two, one in composed.items():
        word = word.replace(two, one)
    letters = "[\u0985-\u09b9\u09bc-\u09ce\u09dc-\u09df\u0981-\u0983]{3,}"
    if re.fullmatch(letters, word) and not word.endswith("\u09cd"):
        words.add(word)
with open(f"{out}/bengali.txt", "w", encoding="utf-8") as file:
    file.write("\n".join(sorted(words)) + "\n")
words = {word.strip() for word in open(english, encoding="utf-8") if re.fullmatch("[a-z]{3,}", word.strip())}
with open(f"{out}/english.txt", "w", encoding="utf-8") as file:
    file.write("\n".join(sorted(words)) + "\n")
PYTHON
