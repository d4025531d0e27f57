#!/bin/sh
# <jni.h> belongs to jni/ alone; sockets, epoll and clocks to loop/ alone. Libraries that bring socket headers with
# them are used only in the folder made for them (sctp/: usrsctp).
set -eu
cd "$(dirname "$0")/../noir-media-jni/src/main/cpp"

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
# dtls/handshake_memory.cpp manages memory (ADR 11).
report 'loop/|jni/static_link\.cpp|sctp/|dtls/handshake_memory\.cpp' "$system" 'system headers belong to loop/'
report 'loop/|dtls/|srtp/|stun/' 'openssl/.*' 'OpenSSL belongs to dtls/, srtp/ and stun/'
report 'sctp/' 'usrsctp\.h' 'usrsctp belongs to sctp/'
exit "$found"
