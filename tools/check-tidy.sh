#!/usr/bin/env bash
# clang-tidy over the native core. Arguments: files, instead of all.
#
# Most of its time goes into system headers, so all files of a folder are checked as one. Where that does not compile (two
# files with the same name in an anonymous namespace), the files of that folder are checked one by one.
set -uo pipefail
cd "$(dirname "$0")/.."
sources=$PWD/noir-media-jni/src/main/cpp
work=$PWD/target/tidy
tidy=$(command -v clang-tidy-14 || command -v clang-tidy) || { echo "clang-tidy is missing" >&2; exit 1; }
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
flags=(-xc++ -std=c++20 -O2 -I"$sources" -isystem "$jdk/include" -isystem "$jdk/include/linux")

check() {
  # The filtered line counts findings in system headers, which are not shown.
  "$tidy" --quiet --config-file=.clang-tidy "$@" -- "${flags[@]}" 2>&1 | grep -vE '^[0-9]+ warnings? (generated|treated)'
  return "${PIPESTATUS[0]}"
}

check_folder() {
  local folder=$1 all=$work/$1.cpp
  mapfile -t files < <(find "$sources/$folder" -name '*.cpp' | sort)
  [ "${#files[@]}" -gt 0 ] || return 0
  printf '#include "%s"\n' "${files[@]}" >"$all"
  if ! check "$all" >"$work/$folder.log"; then
    if grep -q 'clang-diagnostic-error' "$work/$folder.log"; then
      check "${files[@]}" >"$work/$folder.log" || { cat "$work/$folder.log"; return 1; }
    else
      cat "$work/$folder.log"
      return 1
    fi
  fi
}

if [ $# -gt 0 ]; then
  check "$@"
  exit
fi
mkdir -p "$work"
failed=0
running=0
for folder in $(ls "$sources"); do
  check_folder "$folder" &
  running=$((running + 1))
  if [ "$running" -ge 2 ]; then
    wait -n || failed=1
    running=$((running - 1))
  fi
done
while [ "$running" -gt 0 ]; do
  wait -n || failed=1
  running=$((running - 1))
done
exit "$failed"
