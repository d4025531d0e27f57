#!/usr/bin/env bash
# clang-tidy over the native core and the load generator, two files at a time. Arguments: files, instead of all.
# What was found clean is remembered outside the clone, by the preprocessed file, comments included (they hold the NOLINTs), with
# the configuration, the options and the version of clang-tidy; NOIR_TIDY_CACHE= forgets it.
set -uo pipefail
cd "$(dirname "$0")/.."
sources=noir-media-jni/src/main/cpp
bench=noir-media-jni/src/bench/cpp
tidy=$(command -v clang-tidy-14 || command -v clang-tidy) || { echo "clang-tidy is missing" >&2; exit 1; }
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
cache=${NOIR_TIDY_CACHE-${XDG_CACHE_HOME:-$HOME/.cache}/noir/tidy}
options=(-std=c++20 -O2 -DBOOST_ASIO_DISABLE_CONCEPTS "-I$sources" "-I$bench" -Inoir-media-jni/src/test/cpp
  -isystem "$jdk/include" -isystem "$jdk/include/linux")

# What clang-tidy's answer about a file depends on, as a hash; nothing when the file cannot be preprocessed.
key_of() { # file
  local code
  code=$("${CXX:-g++}" -E -C "${options[@]}" "$1" 2>/dev/null | sha256sum) || return
  { echo "$code ${options[*]}" && "$tidy" --version && cat .clang-tidy; } | sha256sum | cut -d' ' -f1
}

check() { # file
  local key=
  [ -z "$cache" ] || key=$(key_of "$1")
  [ -z "$key" ] || [ ! -e "$cache/$key" ] || { touch "$cache/$key" && return; }
  "$tidy" --quiet "$1" -- "${options[@]}" || return
  [ -z "$key" ] || { mkdir -p "$cache" && : >"$cache/$key"; }
}

if [ "${1:-}" = --one ]; then
  check "$2"
  exit
fi
if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(find "$sources" "$bench" -name '*.cpp' | sort)
fi
[ -z "$cache" ] || find "$cache" -type f -mtime +30 -delete 2>/dev/null
# The lines filtered away count findings in system headers, which are not shown.
printf '%s\n' "${files[@]}" | xargs -P 2 -I{} tools/check-tidy.sh --one {} 2>&1 \
  | grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? (generated|treated)'
exit "${PIPESTATUS[1]}"
