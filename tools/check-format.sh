#!/usr/bin/env bash
# C++ layout, size of files, TODOs without an issue. Java's layout is checked by Maven (spotless:check).
# With --fix, lays out the C++ files instead of complaining.
set -uo pipefail
cd "$(dirname "$0")/.."
MAX_LINES=500
failed=0

complain() {
  echo "$1" >&2
  failed=1
}

clang_format=$(command -v clang-format-14 || command -v clang-format) || { echo "clang-format is missing" >&2; exit 1; }
mapfile -t cpp < <(find noir-media-jni/src -name '*.cpp' -o -name '*.hpp' | sort)
if [ "${1:-}" = --fix ]; then
  "$clang_format" -i "${cpp[@]}"
else
  "$clang_format" --dry-run --Werror "${cpp[@]}" || complain "C++ layout: run tools/check-format.sh --fix"
fi

mapfile -t sources < <(find noir-media-jni/src noir-war/src noir-bot/src noir-it/src noir-it/e2e src web tools noir \
  -path '*/node_modules' -prune -o -path '*/dist' -prune -o -type f \
  \( -name '*.cpp' -o -name '*.hpp' -o -name '*.java' -o -name '*.js' -o -name '*.mjs' -o -name '*.sh' \
  -o -name '*.html' -o -name noir \) -print 2>/dev/null)
for file in "${sources[@]}"; do
  lines=$(wc -l <"$file")
  [ "$lines" -le "$MAX_LINES" ] || complain "$file has $lines lines, more than $MAX_LINES"
done

# Brackets, so that these lines do not find themselves.
open_end=$(grep -nE '\b([T]ODO|[F]IXME|[X]XX)\b' "${sources[@]}" | grep -vE '\b[T]ODO\(#[0-9]+\)')
[ -z "$open_end" ] || complain "These lack the number of an issue in parentheses:
$open_end"

exit "$failed"
