# shellcheck shell=bash
# What has passed, remembered outside the clone for a fortnight, by all that the step depends on: the files it reads, as they are
# now, and the packages of this machine. Nothing is remembered on a build server (CI is set there); NOIR_PASSED_CACHE= forgets it, too.
# Sourced by test.sh.

passed_cache=${NOIR_PASSED_CACHE-${XDG_CACHE_HOME:-$HOME/.cache}/noir/passed}
[ -z "${CI:-}" ] || passed_cache=

# What the machine brings: a package that is upgraded makes every step run again.
machine_key() {
  { dpkg-query -W 2>/dev/null && java -version 2>&1 && uname -rm; } | sha256sum
}

# Sets MARK to where it is remembered that this step has passed, and to nothing when nothing is to be remembered.
mark_for() { # step, paths…
  local step=$1
  shift
  MARK=
  [ -n "$passed_cache" ] && git rev-parse --is-inside-work-tree >/dev/null 2>&1 || return 0
  [ -n "${MACHINE_KEY:=$(machine_key)}" ] || return 0
  # Untracked files count, too; of what is deleted only the name does.
  MARK=$passed_cache/$step-$({
    echo "$MACHINE_KEY" && git ls-files -z --cached --others --exclude-standard -- noir tools pom.xml .mvn "$@" | sort -zu \
      | xargs -0 sha256sum 2>&1
  } | sha256sum | cut -d' ' -f1)
}

# Whether the step passed with all this as it is; then it counts as it did.
has_passed() { # step
  [ -n "$MARK" ] && [ -s "$MARK" ] || return 1
  touch "$MARK"
  STATUS=0
  echo
  echo "=== $1: passed before, nothing that it depends on has changed ($(cat "$MARK") tests)"
  count "$1" "$(cat "$MARK")" 0
}

remember_passed() { # number of tests
  [ -n "$MARK" ] || return 0
  mkdir -p "$passed_cache"
  find "$passed_cache" -type f -mtime +14 -delete 2>/dev/null
  echo "$1" >"$MARK"
}
