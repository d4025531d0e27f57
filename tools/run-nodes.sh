# Sourced by ./noir: a redis-server and several nodes on this machine, a cluster to play with.
# shellcheck shell=bash

# Node i (from 1) takes HTTP port 7000 + 10 (i - 1) and media ports from 5000 + 100 (i - 1); the environment may move both.
FIRST_HTTP_PORT=${FIRST_HTTP_PORT:-7000}
FIRST_MEDIA_PORT=${FIRST_MEDIA_PORT:-5000}
READY_SECONDS=60
STOP_SECONDS=15

JVM_OPTIONS=${JVM_OPTIONS:-$(dirname "${BASH_SOURCE[0]}")/../config/jvm.options}

REDIS_PID=
NODE_PIDS=()
NODES_DIR=

port_is_taken() { # TCP port of this machine
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

is_ready() { # HTTP port
  local status=
  # The answer may be slow or never come while the node starts.
  status=$(
    exec 2>/dev/null
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit
    printf 'GET /health/ready HTTP/1.0\r\n\r\n' >&3
    read -r -t 5 line <&3 && echo "$line"
  ) || true
  [[ $status == *' 200'* ]]
}

# In a session of its own, so that Ctrl-C reaches us alone and we stop things in order.
start_redis() {
  local port=6379
  while port_is_taken "$port"; do port=$((port + 1)); done
  setsid redis-server --port "$port" --bind 127.0.0.1 --dir "$NODES_DIR" --save '' --appendonly no \
    >"$NODES_DIR/redis.log" 2>&1 </dev/null &
  REDIS_PID=$!
  # Or bash has its say when it is killed.
  disown "$REDIS_PID"
  REDIS_URL=redis://127.0.0.1:$port
}

start_node() { # number from 1, options…
  local number=$1 http media
  shift
  http=$((FIRST_HTTP_PORT + 10 * (number - 1)))
  media=$((FIRST_MEDIA_PORT + 100 * (number - 1)))
  ! port_is_taken "$http" || die "TCP port $http, which node$number needs, is in use"
  # shellcheck disable=SC2086
  setsid "$JAVA_HOME/bin/java" "@$JVM_OPTIONS" ${JAVA_OPTS:-} "-Djava.io.tmpdir=$NODES_DIR" -jar "$WAR" \
    "-Dnoir.http.ports=$http" "-Dnoir.media.port=$media" \
    "-Dnoir.redis.url=$REDIS_URL" "-Dnoir.cluster.node-id=node$number" "-Dnoir.cluster.secret=$CLUSTER_SECRET" \
    "-Dnoir.admin.token=$ADMIN_TOKEN" "$@" >"$NODES_DIR/node$number.log" 2>&1 </dev/null &
  NODE_PIDS[number]=$!
  disown "${NODE_PIDS[number]}"
}

await_node() { # number
  local begin=$SECONDS
  until is_ready $((FIRST_HTTP_PORT + 10 * ($1 - 1))); do
    kill -0 "${NODE_PIDS[$1]}" 2>/dev/null || {
      tail -n 20 "$NODES_DIR/node$1.log" >&2
      die "node$1 has not started"
    }
    [ $((SECONDS - begin)) -lt "$READY_SECONDS" ] || die "node$1 is not ready after $READY_SECONDS s: $NODES_DIR/node$1.log"
    sleep 0.3
  done
}

# The nodes first: they hand over, and tell Redis that they leave.
stop_nodes() {
  trap '' INT TERM
  local pid
  for pid in "${NODE_PIDS[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${NODE_PIDS[@]}"; do await_end "$pid"; done
  if [ -n "$REDIS_PID" ]; then
    kill -TERM "$REDIS_PID" 2>/dev/null || true
    await_end "$REDIS_PID"
  fi
  rm -rf "$NODES_DIR"
}

await_end() { # pid: one that does not end, or is stopped by SIGSTOP, is killed
  local begin=$SECONDS
  while kill -0 "$1" 2>/dev/null; do
    [ $((SECONDS - begin)) -lt "$STOP_SECONDS" ] || kill -KILL "$1" 2>/dev/null
    sleep 0.1
  done
}

print_nodes() {
  local number pid
  echo "redis   $REDIS_URL  pid $REDIS_PID"
  for number in "${!NODE_PIDS[@]}"; do
    pid=${NODE_PIDS[number]}
    echo "node$number   http://localhost:$((FIRST_HTTP_PORT + 10 * (number - 1)))/  pid $pid"
  done
  pid=${NODE_PIDS[1]}
  cat <<HINTS

Open the same room at different nodes: they are one. Then, from another terminal:
  kill -9 $pid       node1 crashes: its rooms go on at another node
  kill -STOP $pid    node1 hangs, and so do its rooms until they go on at another node; kill -CONT: comes back
  kill $pid          node1 hands its rooms over and ends
  kill -STOP $REDIS_PID    Redis hangs, calls go on; kill -CONT: comes back
  curl -X POST -H 'Authorization: Bearer $ADMIN_TOKEN' http://localhost:$FIRST_HTTP_PORT/admin/drain
                     node1 hands its rooms over and takes no new ones
Logs are in $NODES_DIR until the end. Ctrl-C stops all.
HINTS
}

# Until Ctrl-C, SIGTERM, or the last node has ended; says which have.
watch_nodes() {
  local number left
  while :; do
    left=0
    for number in "${!NODE_PIDS[@]}"; do
      if kill -0 "${NODE_PIDS[number]}" 2>/dev/null; then
        left=$((left + 1))
      else
        say "node$number has ended"
        unset "NODE_PIDS[number]"
      fi
    done
    [ "$left" -gt 0 ] || return 0
    sleep 0.5
  done
}

random_word() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

run_nodes() { # count, options for every node…
  local count=$1 number
  shift
  [[ $count =~ ^[1-9]$ ]] || die "--nodes takes a number from 1 to 9, not '$count'"
  NODES_DIR=$(mktemp -d "${TMPDIR:-/tmp}/noir-nodes-XXXXXX")
  CLUSTER_SECRET=$(random_word)
  ADMIN_TOKEN=$(random_word)
  trap 'stop_nodes' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start_redis
  for ((number = 1; number <= count; number++)); do start_node "$number" "$@"; done
  for ((number = 1; number <= count; number++)); do await_node "$number"; done
  print_nodes
  watch_nodes
  say "no node is left"
}
