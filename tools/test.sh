#!/usr/bin/env bash
# Every check and test; called by ./noir test, which has installed what this needs. Each step runs whatever the others did,
# except what needs their result. Ends with "N passed, N failed"; a check without tests of its own counts as one.
# "fast": without browsers, application servers and clusters of Redis; of the core only the tests that a change can have touched.
# "attacks": what strangers, and members with bad manners, may try; on the core, on signalling, by fuzzers.
# "servers", and names of some, instead: the tests of application servers alone, in full, with the WAR packed last.
set -uo pipefail
cd "$(dirname "$0")/.."
LOGS=target/test
mkdir -p "$LOGS"
# shellcheck source=tools/count.sh
. tools/count.sh
# shellcheck source=tools/passed.sh
. tools/passed.sh
# shellcheck source=tools/attacks.sh
. tools/attacks.sh
# What the core's own tests depend on; and what goes into the WAR, the pages apart.
CORE=(noir-media-jni/src/{main/cpp,test,bench,fuzz} noir-media-jni/{cmake,CMakeLists.txt,CMakePresets.json})
PRODUCT=(noir-proto/{src,pom.xml} noir-media-jni/src/main noir-media-jni/{cmake,CMakeLists.txt,CMakePresets.json,pom.xml} noir-war/{src/main,pom.xml} src)

# What servers unpack and browsers write down is never read again: it goes into memory where there is enough of it, which
# makes the start of a server a fifth shorter. A test run that was killed has left its part, by its process id.
keep_scratch_in_memory() {
  local folder=/dev/shm/noir-test-$$ left kib
  for left in /dev/shm/noir-test-*; do
    [ ! -d "$left" ] || kill -0 "${left##*-}" 2>/dev/null || rm -rf "$left"
  done
  kib=$(df --output=avail /dev/shm 2>/dev/null | tail -1)
  [ "${kib:-0}" -gt 4000000 ] || return
  # Libraries are loaded from there.
  mkdir "$folder" && cp "$(type -P true)" "$folder/true" && "$folder/true" || return
  export TMPDIR=$folder
}

# Runs a step, with its output in a log and on the screen. Leaves its result in STATUS.
step() { # name, command…
  local name=$1 begin=$SECONDS
  shift
  echo
  echo "=== $name"
  "$@" 2>&1 | tee "$LOGS/$name.log"
  STATUS=${PIPESTATUS[0]}
  echo "=== $name: $([ "$STATUS" -eq 0 ] && echo ok || echo FAILED) after $((SECONDS - begin)) s"
}

check() { # name, command…: a step that is one test itself
  step "$@"
  count_check "$1"
}

# A step whose result is remembered.
once() { # name, how it is counted, what it depends on (one word, split), command…
  local name=$1 counted=$2 inputs=$3
  shift 3
  # shellcheck disable=SC2086
  mark_for "$name" $inputs
  has_passed "$name" && return
  step "$name" "$@"
  "$counted" "$name" && remember_passed "$PASSED"
}

# What needs no server goes on beside javac, which takes one processor, and the tests of servers, which wait half of their
# time: at a processor that nobody else wants. Each has its log and its exit code in a file.
begin_beside() { # names of functions beside_…
  local name
  set -m # a process group of its own, which clean_up can end
  (
    set +m
    chrt --idle --pid 0 "$BASHPID" || renice -n 19 "$BASHPID" >/dev/null
    for name in "$@"; do
      kill -0 $$ || exit # the run has been killed, and its logs may be another's
      "beside_$name" >"$LOGS/$name.log" 2>&1
      echo $? >"$LOGS/$name.$$.status"
    done
  ) &
  set +m
}

beside_tidy() {
  tools/check-tidy.sh
}

beside_pages() {
  npm test --silent --prefix web
}

beside_fuzz() { # for five times as long as alone, which is about as many inputs; one of them may have to wait, too
  INPUT_SECONDS=60 tools/fuzz.sh 100
}

end_beside() { # name: waits for it, shows how it ended
  local name=$1
  while [ ! -s "$LOGS/$name.$$.status" ] && [ -n "$(jobs -pr)" ]; do sleep 1; done
  STATUS=$(cat "$LOGS/$name.$$.status" 2>/dev/null)
  [[ $STATUS =~ ^[0-9]+$ ]] || STATUS=1
  echo
  echo "=== $name"
  [ "$STATUS" -eq 0 ] && tail -n 15 "$LOGS/$name.log" || tail -n 300 "$LOGS/$name.log"
  echo "=== $name: $([ "$STATUS" -eq 0 ] && echo ok || echo FAILED), beside the tests of servers"
}

native_build() {
  cmake --preset asan --log-level=WARNING -S noir-media-jni >/dev/null && cmake --build noir-media-jni/target/cmake/asan -j 2
}

native_tests() { # the core without JVM and socket, under AddressSanitizer and UndefinedBehaviorSanitizer; options for ctest
  ctest --test-dir noir-media-jni/target/cmake/asan -j 2 --output-on-failure --no-tests=error "$@" \
    --output-junit "$PWD/$LOGS/ctest.xml" >"$LOGS/ctest.txt" 2>&1
  local status=$?
  grep -E '(Failed|\*\*\*|tests passed|ERROR|runtime error|SUMMARY)' "$LOGS/ctest.txt" 2>/dev/null
  return $status
}

all_native_tests() {
  native_build && native_tests
}

# Those test programs that have not passed yet as they are now. A program's label is its folder.
changed_native_tests() {
  local program labels=() marks=() mark
  native_build || return
  for program in noir-media-jni/target/cmake/asan/src/test/cpp/*/noir_*_test; do
    mark=$program.passed
    [ "$(cat "$mark" 2>/dev/null)" = "$(sha256sum <"$program")" ] && continue
    labels+=("$(basename "$(dirname "$program")")")
    marks+=("$mark")
  done
  if [ "${#labels[@]}" -eq 0 ]; then
    echo "no test program has changed since it passed"
    return
  fi
  native_tests -L "^($(IFS='|' && echo "${labels[*]}"))$" || return
  for mark in "${marks[@]}"; do sha256sum <"${mark%.passed}" >"$mark"; done
}

maven() { # options and goals
  mvn -B -ntp -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugin.surefire=info "$@"
}

maven_tests() { # the core's own tests have run already
  maven -DskipNativeTests -pl noir-war,noir-bot -am --fail-at-end verify
}

system_tests() { # with the WAR that has just been packed
  maven -pl noir-it -Dnoir.it.alone verify
}

fast_maven_tests() { # the core is packed as it was, when nothing in it has changed
  maven -DskipNativeTests -pl noir-war,noir-bot -am --fail-at-end -DexcludedGroups=cluster verify
}

attack_native_tests() {
  native_build && native_tests -R "^($(IFS='|' && echo "${attacks_native[*]}"))\\."
}

attack_maven_tests() { # signalling, in this process and on two stock servers
  maven -DskipNativeTests -pl noir-war,noir-it -am --fail-at-end -Dsurefire.failIfNoSpecifiedTests=false \
    -Dnoir.it.servers=tomcat-11,wildfly -Dtest="$(IFS=, && echo "${attacks_java[*]}")" verify
}

server_tests() { # names of servers, separated by commas, or "all"
  maven -pl noir-it -Dnoir.it.alone -Dnoir.it.servers="$1" -Dtest='Server*Test' verify
}

# Nothing else runs meanwhile: on two processors, pages that encode have none to spare.
browser_tests() {
  cd noir-it/e2e || return 1
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error || return 1
  touch node_modules/.package-lock.json
  npm test --silent
}

count_maven() {
  count_reports maven noir-{media-jni,war,bot}/target/surefire-reports/TEST-*.xml
}

bench_smoke() { # the load generator, as native_tests built it, with a server: what it measures here counts for nothing
  [ -x noir-media-jni/target/cmake/asan/src/bench/cpp/noir_bench ] || native_build || return
  noir-media-jni/target/cmake/asan/src/bench/cpp/noir_bench --war noir-war/target/noir.war \
    --java "${JAVA_HOME:+$JAVA_HOME/bin/}java" --output "$LOGS/bench" --subscribers 2 --audio --seconds 2 --lossless
}

clean_up() {
  local group
  for group in $(jobs -pr); do kill -- "-$group" 2>/dev/null; done
  rm -rf "/dev/shm/noir-test-$$"
}

trap clean_up EXIT
keep_scratch_in_memory
rm -rf "$LOGS"/* noir-*/target/surefire-reports
what=${1:-all}
if [ "$what" = servers ]; then
  shift
  names=$(IFS=, && echo "$*")
  step servers server_tests "${names:-all}"
  count_reports servers noir-it/target/surefire-reports/TEST-*.xml
  finish
fi

if [ "$what" = attacks ]; then
  read_attacks
  STATUS=$?
  count table $((STATUS == 0)) 0
  step native attack_native_tests
  count_reports native "$LOGS/ctest.xml"
  step maven attack_maven_tests
  count_reports maven noir-*/target/surefire-reports/TEST-*.xml
  step fuzz tools/fuzz.sh 20
  count_fuzz fuzz
  finish
fi

check format tools/check-format.sh
check includes tools/check-includes.sh

if [ "$what" = fast ]; then
  step native changed_native_tests
  [ ! -f "$LOGS/ctest.xml" ] && count native $((STATUS == 0)) 0 || count_native native
  step maven fast_maven_tests
  count_maven
  check tidy nice tools/check-tidy.sh
  if [ -d web/node_modules ]; then
    step pages nice npm test --silent --prefix web
    count_tap pages
  fi
  finish
fi

once native count_native "${CORE[*]}" all_native_tests
beside=()
mark_for fuzz "${CORE[@]}"
fuzz_mark=$MARK
has_passed fuzz || beside+=(fuzz)
beside+=(tidy)
begin_beside "${beside[@]}"
step maven maven_tests
count_maven
if [ -d web/node_modules ]; then
  beside+=(pages)
  begin_beside pages
fi
if [ -f noir-war/target/noir.war ]; then
  once system count_system "${PRODUCT[*]} noir-war/src noir-bot/src noir-bot/pom.xml noir-it/pom.xml noir-it/src web config docs/extending.md tools/image.sh" system_tests
fi
for name in "${beside[@]}"; do
  end_beside "$name"
  case $name in
    tidy) count_check tidy ;;
    pages) count_tap pages ;;
    fuzz)
      mark_for fuzz "${CORE[@]}"
      [ "$MARK" = "$fuzz_mark" ] || MARK= # something has been edited meanwhile
      count_fuzz fuzz && remember_passed "$PASSED"
      ;;
  esac
done

if [ -f noir-war/target/noir.war ]; then
  once bench count_check "${PRODUCT[*]} ${CORE[*]}" bench_smoke
  once browsers count_tap "${PRODUCT[*]} noir-bot/src noir-bot/pom.xml web noir-it/e2e config" browser_tests
fi

finish
