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
passed=0
failed=0
skips=0
failures=()

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

count() { # name, passed, failed; a step that failed without a failed test (it did not compile, say) is one failure
  local name=$1 good=$2 bad=$3
  if [ "$STATUS" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
  elif [ "$STATUS" -eq 0 ] && [ $((good + bad)) -eq 0 ]; then
    echo "$name ran no test" >&2
    bad=1
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  [ "$bad" -eq 0 ] || failures+=("$name")
}

check() { # name, command…: a step that is one test itself
  step "$@"
  count "$1" $((STATUS == 0)) 0
}

# Sum of an attribute over the <testsuite> elements of JUnit reports.
sum() { # attribute, files…
  local attribute=$1
  shift
  cat "$@" 2>/dev/null | grep -oE '<testsuite\b[^>]*' | grep -oE "\b$attribute=\"[0-9]+\"" | grep -oE '[0-9]+' \
    | awk '{ n += $1 } END { print n + 0 }'
}

flatten() { # one line per report, so that an element is not spread over several
  local out=$1
  shift
  : >"$out"
  for report in "$@"; do
    [ -f "$report" ] && tr '\n' ' ' <"$report" >>"$out" && echo >>"$out"
  done
}

count_reports() { # name, files…
  local name=$1 all bad skipped
  shift
  flatten "$LOGS/$name.xml" "$@"
  all=$(sum tests "$LOGS/$name.xml")
  bad=$(($(sum failures "$LOGS/$name.xml") + $(sum errors "$LOGS/$name.xml")))
  skipped=$(($(sum skipped "$LOGS/$name.xml") + $(sum disabled "$LOGS/$name.xml")))
  skips=$((skips + skipped))
  count "$name" $((all - bad - skipped)) "$bad"
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
  maven -DskipNativeTests --fail-at-end verify
}

fast_maven_tests() { # the core is packed as it was, when nothing in it has changed
  maven -DskipNativeTests -pl noir-war -am --fail-at-end -DexcludedGroups=cluster verify
}

# Those that have the attacker's side in them; docs/security.md lists what each shows.
attack_suites() {
  paste -sd '|' <<'SUITES'
ReflectionTest
ClaimedPathTest
ClientHelloSprayTest
HandshakeRaceTest
DtlsSecurityTest
RecordFilterTest
WrongFingerprintTest
SrtpReplayTest
EarlyCheckTest
HostilePeer
SlowPeer
WaitingPeer
SctpLock
QuietChannel
HostilePublisherTest
LimitsTest
FeedbackBudgetTest
RepairBudget
KeyframeAllowance
OverloadTest
PlaneTest
SUITES
}

attack_native_tests() {
  native_build && native_tests -R "^($(attack_suites))\\."
}

attack_maven_tests() { # signalling, in this process and on two stock servers
  maven -DskipNativeTests -pl noir-war,noir-it -am --fail-at-end -Dsurefire.failIfNoSpecifiedTests=false \
    -Dnoir.it.servers=tomcat-11,wildfly \
    -Dtest='DamagedFramesTest,MutationTest,MessageBudgetTest,ClientLinkTest,HostileSocketTest,ConnectionGuardTest,WireIdsTest,JsonRpcCodecTest,OriginPolicyTest,QuotasTest,ChannelsTest,EnvelopeCodecTest,SecuredRedisTest,ServerTest,LauncherTest#health*' \
    verify
}

server_tests() { # names of servers, separated by commas, or "all"
  maven -pl noir-it -Dnoir.it.alone -Dnoir.it.servers="$1" -Dtest='Server*Test' verify
}

browser_tests() { # names of tests, "!name" for all but one
  cd noir-it/e2e || return 1
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error || return 1
  touch node_modules/.package-lock.json
  npm test --silent -- "$@"
}

bench_smoke() { # the load generator, as native_tests built it, with a server: what it measures here counts for nothing
  noir-media-jni/target/cmake/asan/src/bench/cpp/noir_bench --war noir-war/target/noir.war \
    --java "${JAVA_HOME:+$JAVA_HOME/bin/}java" --output "$LOGS/bench" --subscribers 2 --audio --seconds 2 --lossless
}

wait_for_chaos() { # process: shows what it said
  tail --pid="$1" -n +1 -F "$LOGS/chaos.log" 2>/dev/null
  [ "$(tap pass "$LOGS/chaos.log")" -gt 0 ] && [ "$(tap fail "$LOGS/chaos.log")" -eq 0 ]
}

tap() { # the last "# pass 12" of a log
  grep -oE "^# $1 [0-9]+" "$2" | tail -1 | grep -oE '[0-9]+' || echo 0
}

finish() {
  echo
  [ "${#failures[@]}" -eq 0 ] || echo "Failed: ${failures[*]} (logs in $LOGS)"
  [ "$skips" -eq 0 ] || echo "$skips skipped: this machine lacks what they need (see above)"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

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
  step native attack_native_tests
  count_reports native "$LOGS/ctest.xml"
  step maven attack_maven_tests
  count_reports maven noir-*/target/surefire-reports/TEST-*.xml
  step fuzz tools/fuzz.sh 20
  count fuzz "$(grep -c '^ok ' "$LOGS/fuzz.log")" "$(grep -c '^not ok ' "$LOGS/fuzz.log")"
  finish
fi

check format tools/check-format.sh
check includes tools/check-includes.sh

if [ "$what" = fast ]; then
  step native changed_native_tests
  [ ! -f "$LOGS/ctest.xml" ] && count native $((STATUS == 0)) 0 || count_reports native "$LOGS/ctest.xml"
  step maven fast_maven_tests
else
  step native all_native_tests
  count_reports native "$LOGS/ctest.xml"
  step maven maven_tests
fi
count_reports maven noir-*/target/surefire-reports/TEST-*.xml

# These are minutes of waiting, for nodes to be missed and for a page that takes its time; what needs the processor does not
# keep them from that.
chaos=
if [ "$what" = all ] && [ -f noir-war/target/noir.war ]; then
  browser_tests chaos renegotiation >"$LOGS/chaos.log" 2>&1 &
  chaos=$!
fi
check tidy nice tools/check-tidy.sh
if [ -d web/node_modules ]; then
  step pages nice npm test --silent --prefix web
  count pages "$(tap pass "$LOGS/pages.log")" "$(tap fail "$LOGS/pages.log")"
fi
[ "$what" = all ] || finish

step fuzz nice tools/fuzz.sh 20
count fuzz "$(grep -c '^ok ' "$LOGS/fuzz.log")" "$(grep -c '^not ok ' "$LOGS/fuzz.log")"

if [ -n "$chaos" ]; then
  step chaos-rest wait_for_chaos "$chaos"
  count chaos "$(tap pass "$LOGS/chaos.log")" "$(tap fail "$LOGS/chaos.log")"
  check bench bench_smoke
  step browsers browser_tests '!chaos' '!renegotiation'
  count browsers "$(tap pass "$LOGS/browsers.log")" "$(tap fail "$LOGS/browsers.log")"
fi

finish
