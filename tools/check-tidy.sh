#!/usr/bin/env bash
# clang-tidy over the native core and the load generator, two files at a time. Arguments: files, instead of all.
set -uo pipefail
cd "$(dirname "$0")/.."
sources=noir-media-jni/src/main/cpp
bench=noir-media-jni/src/bench/cpp
tidy=$(command -v clang-tidy-14 || command -v clang-tidy) || { echo "clang-tidy is missing" >&2; exit 1; }
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}

if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(find "$sources" "$bench" -name '*.cpp' | sort)
fi
# The lines filtered away count findings in system headers, which are not shown.
printf '%s\n' "${files[@]}" | xargs -P 2 -I{} "$tidy" --quiet {} -- \
  -std=c++20 -O2 -DBOOST_ASIO_DISABLE_CONCEPTS -I"$sources" -I"$bench" -Inoir-media-jni/src/test/cpp -isystem "$jdk/include" -isystem "$jdk/include/linux" 2>&1 \
  | grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? (generated|treated)'
exit "${PIPESTATUS[1]}"
