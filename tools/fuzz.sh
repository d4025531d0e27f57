#!/usr/bin/env bash
# Fuzzes the core's parsers and the core as a whole (noir-media-jni/src/fuzz): fuzz.sh SECONDS [TARGET…], each target for that long,
# two at a time. What was found interesting is kept in target/fuzz/corpus for the next time; what breaks something in target/fuzz/found.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?seconds for each target}
shift
programs=noir-media-jni/target/cmake/fuzz/src/fuzz/cpp
corpus=target/fuzz/corpus
found=target/fuzz/found
all=(stun rtp rtcp srtp dtls sctp frames tap inject wire sfu)
targets=("$@")
[ $# -gt 0 ] || targets=("${all[@]}")
for target in "${targets[@]}"; do
  [[ " ${all[*]} " == *" $target "* ]] || { echo "there is no target '$target': ${all[*]}" >&2; exit 2; }
done

(cd noir-media-jni && cmake --preset fuzz --log-level=WARNING >/dev/null && cmake --build --preset fuzz -j 2) || exit
mkdir -p "$found"
[ -d "$corpus" ] || "$programs/noir_fuzz_seeds" "$corpus" noir-media-jni/src/test/resources/wire/*.bin || exit

one() { # target: its log is shown when it fails, else its last line
  local log=target/fuzz/$1.log begin=$SECONDS
  mkdir -p "$corpus/$1"
  # A fuzzer may hold 1 GB and look at one input for 20 s by the clock of the wall; both are bugs of their own kind.
  if "$programs/noir_fuzz_$1" -max_total_time="$seconds" -max_len=4096 -timeout="${INPUT_SECONDS:-20}" -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$found/$1-" "$corpus/$1" >"$log" 2>&1; then
    echo "ok $1: $(grep -oE 'number_of_executed_units: *[0-9]+' "$log" | grep -oE '[0-9]+') inputs in $((SECONDS - begin)) s"
  else
    tail -n 60 "$log"
    echo "not ok $1: what broke it is in $found"
    return 1
  fi
}
export -f one
export programs corpus found seconds
printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} bash -c 'one {}'
