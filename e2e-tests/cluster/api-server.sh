#!/bin/bash
# A real API server without nodes: etcd, kube-apiserver and kube-controller-manager as ordinary processes on the loopback
# interface, for tests of what talks to the API alone. Needs no root. It ends, and its data go, when standard input ends: so
# it never outlives the process that started it.
#
#   api-server.sh DIRECTORY    prints kubeconfig=FILE kubectl=FILE when it is ready; logs are in DIRECTORY
set -euo pipefail
shopt -s inherit_errexit
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
NAME=api
. "$HERE/lib/common.sh"
. "$HERE/lib/build.sh"
[ $# = 1 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | sed '$d'; exit 2; }
mkdir -p "$1"
RUN=$(cd "$1" && pwd)
BIN=$(kubernetes)
PKI=$RUN/pki
PIDS=()

finish() {
  trap - EXIT
  kill -KILL "${PIDS[@]}" 2> /dev/null || :
  rm -rf "$RUN/etcd"
}
trap finish EXIT
trap 'exit 143' INT TERM

start() { # NAME FLAG...
  local name=$1
  shift
  # Not with our standard input, whose end is the sign to stop.
  "$BIN/$name" "$@" > "$RUN/$name.log" 2>&1 < /dev/null &
  PIDS+=($!)
}

# Ports that are free now. Two that start at once may choose the same; then one of them fails to start, and is started again.
free_ports() { # COUNT
  awk -v count="$1" -v seed="$$" 'NR > 1 { split($2, a, ":"); used[a[2]] = 1 }
    END { srand(seed); while (n < count) { p = 20000 + int(rand() * 10000); if (!(sprintf("%04X", p) in used)) { used[sprintf("%04X", p)] = 1; n++; printf "%d ", p } } }' /proc/net/tcp
}

all_run() {
  local pid
  for pid in "${PIDS[@]}"; do kill -0 "$pid" 2> /dev/null || return 1; done
}
is_ready() { "$BIN/kubectl" --kubeconfig "$RUN/kubeconfig" get --raw /readyz --request-timeout=2s > /dev/null 2>&1; }

# Called as a condition, so nothing here ends the script by failing.
run() {
  local api client peer attempt
  read -r api client peer <<< "$(free_ports 3)"
  rm -rf "$RUN/etcd" "$PKI"
  mkdir -p "$PKI"
  "$BIN/kubebox" pki "$PKI" "https://127.0.0.1:$api" "https://127.0.0.1:$api" kubernetes,localhost,127.0.0.1,10.96.0.1 node1=127.0.0.1 || return 1
  cp "$PKI/admin.kubeconfig" "$RUN/kubeconfig"
  # The data are thrown away with it, so nothing waits for the disk.
  start etcd --name api --data-dir "$RUN/etcd" --listen-client-urls "http://127.0.0.1:$client" --advertise-client-urls "http://127.0.0.1:$client" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" --initial-cluster "api=http://127.0.0.1:$peer" \
    --unsafe-no-fsync --log-level warn
  start kube-apiserver --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$api" --etcd-servers="http://127.0.0.1:$client" \
    --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --client-ca-file="$PKI/ca.crt" --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-account-key-file="$PKI/sa.pub" \
    --service-account-signing-key-file="$PKI/sa.key" --endpoint-reconciler-type=none --profiling=false
  for attempt in {1..300}; do
    ! is_ready || break
    all_run || return 1
    sleep 0.1
  done
  is_ready || return 1
  # The nodes are made by the tests, which also say how they are.
  start kube-controller-manager --kubeconfig="$PKI/admin.kubeconfig" --secure-port=0 --leader-elect=false \
    --use-service-account-credentials=true --service-account-private-key-file="$PKI/sa.key" --root-ca-file="$PKI/ca.crt" --kube-api-qps=300 --kube-api-burst=600 \
    --controllers='*,-node-lifecycle-controller,-taint-eviction-controller,-node-ipam-controller'
  for attempt in {1..300}; do
    ! "$BIN/kubectl" --kubeconfig "$RUN/kubeconfig" -n default get serviceaccount default > /dev/null 2>&1 || return 0
    sleep 0.1
  done
  return 1
}

for attempt in 1 2 3; do
  if run; then
    echo "kubeconfig=$RUN/kubeconfig kubectl=$BIN/kubectl"
    cat > /dev/null
    exit 0
  fi
  kill -KILL "${PIDS[@]}" 2> /dev/null || :
  PIDS=()
done
die "the API server does not start: $(tail -1 "$RUN/kube-apiserver.log")"
