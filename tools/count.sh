# shellcheck shell=bash
# Counts what the steps of test.sh found, which sources this.

passed=0
failed=0
skips=0
failures=()

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

count_reports() { # name, files…: also sets PASSED, for who remembers it
  local name=$1 all bad skipped
  shift
  flatten "$LOGS/$name.xml" "$@"
  all=$(sum tests "$LOGS/$name.xml")
  bad=$(($(sum failures "$LOGS/$name.xml") + $(sum errors "$LOGS/$name.xml")))
  skipped=$(($(sum skipped "$LOGS/$name.xml") + $(sum disabled "$LOGS/$name.xml")))
  skips=$((skips + skipped))
  PASSED=$((all - bad - skipped))
  count "$name" "$PASSED" "$bad"
  [ "$STATUS" -eq 0 ] && [ "$bad" -eq 0 ]
}

count_tap() { # name
  count_tests "$1" "$(tap pass "$LOGS/$1.log")" "$(tap fail "$LOGS/$1.log")"
}

count_tests() { # name, passed, failed
  PASSED=$2
  count "$@"
  [ "$STATUS" -eq 0 ] && [ "$3" -eq 0 ]
}

count_native() { # name
  count_reports "$1" "$LOGS/ctest.xml"
}

count_fuzz() { # name
  count_tests "$1" "$(grep -c '^ok ' "$LOGS/$1.log")" "$(grep -c '^not ok ' "$LOGS/$1.log")"
}

count_system() { # name
  count_reports "$1" noir-it/target/surefire-reports/TEST-*.xml
}

count_check() { # name: a step that is one test itself
  count_tests "$1" $((STATUS == 0)) 0
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

