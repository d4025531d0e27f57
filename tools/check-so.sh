#!/bin/sh
# libnoir.so must load on any Linux since glibc 2.34 (RHEL 9, Ubuntu 22.04, Debian 12), bring its libraries with it
# and show nothing but the two JNI entry points. Usage: check-so.sh libnoir.so
set -eu
so=$1
failed=0
fail() {
  echo "$so: $*" >&2
  failed=1
}

exported=$(nm -D --defined-only "$so" | awk '{print $3}' | sort | tr '\n' ' ')
[ "$exported" = "JNI_OnLoad JNI_OnUnload " ] || fail "exports $exported"

needed=$(objdump -p "$so" | awk '$1 == "NEEDED" {print $2}' | sort | tr '\n' ' ')
for library in $needed; do
  case $library in
    libc.so.6 | libm.so.6 | ld-linux-x86-64.so.2) ;;
    *) fail "needs $library" ;;
  esac
done

newest=$(objdump -T "$so" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -n 1)
if [ "$(printf '%s\n' "$newest" GLIBC_2.34 | sort -V | tail -n 1)" != GLIBC_2.34 ]; then
  here=$(getconf GNU_LIBC_VERSION)
  if [ "$(printf '%s\n' "$here" 'glibc 2.36' | sort -V | tail -n 1)" != 'glibc 2.36' ]; then
    # A newer distribution's headers and static libraries: fine for itself. Releases are built on Debian 12.
    echo "$so: needs $newest, as everything built with $here: not for older systems" >&2
    [ "$failed" = 0 ] || exit 1
    exit 77
  fi
  fail "needs $newest"
fi
exit "$failed"
