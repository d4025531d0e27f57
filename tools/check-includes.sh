#!/bin/sh
# <jni.h> belongs to jni/ alone; sockets, epoll and clocks to loop/ alone. Libraries that bring socket headers with
# them are used only in the folder made for them (sctp/: usrsctp).
set -eu
root=$(cd "$(dirname "$0")/../noir-media-jni/src" && pwd)
cd "$root/main/cpp"

system='sys/(socket|epoll|eventfd|timerfd|uio|random|time|ioctl|select|un)\.h|netinet/.*|arpa/inet\.h|netdb\.h'
system="$system|unistd\.h|fcntl\.h|poll\.h|pthread\.h|time\.h|ctime|thread|mutex|condition_variable|future"
found=0
report() { # folders allowed (regex), headers (regex), rule
  if grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<($2)>" --include='*.hpp' --include='*.cpp' . |
    grep -vE "^\./($1)"; then
    echo "^ $3" >&2
    found=1
  fi
}
report 'jni/' 'jni\.h|jni_md\.h' '<jni.h> belongs to jni/'
# jni/static_link.cpp defines symbols of glibc; sctp/ has the process-wide lock of ADR 0006.
# dtls/handshake_memory.cpp manages memory (ADR 16).
report 'loop/|jni/static_link\.cpp|sctp/|dtls/handshake_memory\.cpp' "$system" 'system headers belong to loop/'
report 'loop/|dtls/|srtp/|stun/' 'openssl/.*' 'OpenSSL belongs to dtls/, srtp/ and stun/'
report 'sctp/' 'usrsctp\.h' 'usrsctp belongs to sctp/'
report 'srtp/vector_gcm\.cpp' 'intel-ipsec-mb\.h' 'ipsec-mb belongs to srtp/vector_gcm.cpp'
# Two classes of one name are one to the linker, which keeps either's destructor for both.
twins=$(grep -rhoE '^(class|struct) [A-Za-z0-9_]+( final)?( :| \{)' --include='*.hpp' . | cut -d' ' -f2 | sort | uniq -d)
if [ -n "$twins" ]; then
  echo "more than one class is called: $twins" >&2
  found=1
fi
# The load generator speaks to the world by load/ and starts processes in bench/server_process; Boost stays out of headers.
cd "$root/bench/cpp"
report 'load/(load|signal_client)\.cpp' 'boost/.*' 'Boost belongs to load/load.cpp and load/signal_client.cpp'
report 'load/signal_client\.cpp|bench/(baseline|json_report)\.cpp' 'nlohmann/.*' 'JSON belongs to signal_client, baseline, json_report'
report 'bench/floor\.cpp' 'openssl/.*' 'OpenSSL belongs to bench/floor'
report 'none' 'jni\.h|usrsctp\.h' '<jni.h> and usrsctp belong to the core'
exit "$found"
