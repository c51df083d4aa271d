#!/bin/bash
# A real Kubernetes of several nodes on this one machine, without Docker, virtual machines or an image registry.
#
#   cluster.sh [--name NAME] up [NODES]      starts it (2 nodes), or says that it runs already; builds what is missing first
#   cluster.sh [--name NAME] down            ends every process of it and removes its state; what was built stays
#   cluster.sh [--name NAME] info            KEY=VALUE lines: kubeconfig, kubectl, nodes, run
#   cluster.sh [--name NAME] load TAR...     imports docker-archive or OCI images into every running node
#   cluster.sh [--name NAME] on NODE CMD...  runs a command in a node's namespaces
#   cluster.sh [--name NAME] stop|start MACHINE    cuts and restores the power of node1, node2... or cp
#   cluster.sh check                         names what is missing and `up` can't install, one a line
#   cluster.sh build                         only builds; java-base: prints the directory of the Java base images
#
# Settings of `up`, from the environment: NODE_GRACE (node-monitor-grace-period), APISERVER_FLAGS, KUBELET_FLAGS,
# CLUSTER_KUBERNETES (newest).
set -euo pipefail
shopt -s inherit_errexit
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
NAME=e2e
if [ "${1:-}" = --name ]; then
  NAME=$2
  shift 2
fi
[[ $NAME =~ ^[a-z0-9]{1,16}$ ]] || { echo "name: $NAME (expected: 1 to 16 of a-z, 0-9)" >&2; exit 2; }
. "$HERE/lib/common.sh"
. "$HERE/lib/prerequisites.sh"
. "$HERE/lib/build.sh"
. "$HERE/lib/java.sh"
. "$HERE/lib/java-base.sh"
. "$HERE/lib/machines.sh"

in_cluster() { KUBECONFIG=$RUN/kubeconfig "$(kubernetes)/kubectl" "$@"; }

# Polls until a condition holds; a limit of seconds makes a failure out of patience.
await() { # SECONDS WHAT COMMAND...
  local limit=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $limit ] || die "no $what in time; logs are in $RUN"
    sleep 0.2
  done
}
is_listening() { ss -Hltn "sport = :$1" | grep -q .; }
are_ready() { [ "$(in_cluster get nodes --no-headers | grep -cw Ready)" = "$1" ]; }
is_running() { [ -f "$RUN/complete" ] && [ -n "$(pid_of forward)" ] && in_cluster get --raw /readyz --request-timeout=3s > /dev/null 2>&1; }

# The API is brought to the loopback interface at a free port, which two clusters that start at once must not both choose.
open_api() {
  local port=16443
  (
    flock 7
    while is_listening $port; do port=$((port + 1)); done
    setsid "$(kubernetes)/kubebox" forward "127.0.0.1:$port" "$PREFIX-cp" 127.0.0.1:6443 > "$RUN/forward.log" 2>&1 < /dev/null 7>&- 9>&- &
    record $! forward
    await 10 "API port" is_listening $port
    echo $port > "$RUN/api-port"
  ) 7> "$CACHE/locks/ports"
}

write_settings() {
  cat > "$RUN/settings" << EOF
PATH=$(kubernetes):$(containerd):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CONTROL_PLANE_IP=$NETWORK.10
NODE_GRACE=${NODE_GRACE:-20s}
APISERVER_FLAGS='${APISERVER_FLAGS:-}'
KUBELET_FLAGS='${KUBELET_FLAGS:-}'
IMAGES='$(small_images)/pause.tar $(small_images)/busybox.tar $(coredns)/coredns.tar'
EOF
}

write_certificates() {
  local i=0 node addresses=()
  for node in $(nodes); do
    i=$((i + 1))
    addresses+=("$node=$NETWORK.$((10 + i))")
  done
  "$(kubernetes)/kubebox" pki "$RUN/pki" "https://$NETWORK.10:6443" "https://127.0.0.1:$(cat "$RUN/api-port")" \
    "kubernetes,kubernetes.default,kubernetes.default.svc,kubernetes.default.svc.cluster.local,localhost,127.0.0.1,10.96.0.1,$NETWORK.10" "${addresses[@]}"
  cp "$RUN/pki/admin.kubeconfig" "$RUN/kubeconfig"
}

configure_node() { # NODE NUMBER
  local state=$RUN/$1 other j=0
  mkdir -p "$state"
  echo "$NETWORK.$((10 + $2))" > "$state/ip"
  {
    echo 127.0.0.1 localhost
    echo "$NETWORK.10 cp"
    for other in $(nodes); do
      j=$((j + 1))
      echo "$NETWORK.$((10 + j)) $other"
    done
  } > "$state/hosts"
  local file
  for file in cni.conflist kubelet.yaml kube-proxy.yaml containerd.toml; do
    sed "s|@NUMBER@|$2|g; s|@NODE@|$1|g; s|@PKI@|$RUN/pki|g; s|@CGROUP@|/$PREFIX/$1|g; s|@PAUSE@|$PAUSE_IMAGE|g" "$HERE/conf/$file" > "$state/$file"
  done
  ip netns exec "$PREFIX-$1" sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 net.ipv4.conf.all.rp_filter=0
}

# Two kubelets and their containers need more than Debian's default of 128; the one setting of the machine that is changed.
allow_inotify() {
  local setting=/proc/sys/fs/inotify/max_user_instances
  [ "$(cat $setting)" -ge 1024 ] || echo 1024 > $setting
}

up() { # NODES
  local node i=0
  ensure_prerequisites
  case $CACHE in /var/* | /etc/* | /run/*) die "PETIOLE_CACHE is $CACHE (expected: not below /etc, /run or /var, which each node overlays)" ;; esac
  if is_running; then
    say "runs already: $(nodes | tr '\n' ' ')"
    return
  fi
  kubernetes > /dev/null
  containerd > /dev/null
  coredns > /dev/null
  small_images > /dev/null
  remove_cluster
  mkdir -p "$RUN" "$CACHE/locks"
  for ((i = 1; i <= $1; i++)); do echo "node$i" >> "$RUN/nodes"; done
  ulimit -n 1048576 2> /dev/null || ulimit -n "$(ulimit -Hn)"
  allow_inotify
  write_settings
  make_network
  plug_in cp "$NETWORK.10"
  open_api
  write_certificates
  power_on cp
  i=0
  for node in $(nodes); do
    i=$((i + 1))
    plug_in "$node" "$NETWORK.$((10 + i))"
    make_cgroups "$node"
    configure_node "$node" $i
    power_on "$node"
  done
  await 90 "API server" in_cluster get --raw /readyz --request-timeout=3s
  await 90 "Ready nodes" are_ready "$1"
  # The default ServiceAccount comes a second or more after the nodes; a Pod made before it is refused.
  await 30 "default ServiceAccount" in_cluster -n default get serviceaccount default
  sed "s|@COREDNS@|$COREDNS_IMAGE|" "$HERE/conf/coredns.yaml" | in_cluster apply -f - > /dev/null
  in_cluster -n kube-system rollout status deploy/coredns --timeout=90s > /dev/null
  touch "$RUN/complete"
  say "Kubernetes $KUBERNETES_VERSION with $1 nodes is up after $SECONDS s"
}

info() {
  [ -f "$RUN/complete" ] || die "is not up"
  echo "kubeconfig=$RUN/kubeconfig"
  echo "kubectl=$(kubernetes)/kubectl"
  echo "nodes=$(nodes | paste -sd,)"
  echo "run=$RUN"
}

load() { # TAR...: skips what a node has already
  local tar node digest
  for tar in "$@"; do
    tar=$(realpath "$tar")
    digest=$(sha256sum "$tar" | cut -d' ' -f1)
    for node in $(nodes); do
      [ -n "$(pid_of "$node")" ] || continue
      [ ! -e "$RUN/$node/imported/$digest" ] || continue
      on "$node" "$(containerd)/ctr" -a /run/containerd/containerd.sock -n k8s.io images import --local "$tar" > "$RUN/$node/load.log" 2>&1 ||
        die "$node cannot import $tar: $(tail -1 "$RUN/$node/load.log")"
      touch "$RUN/$node/imported/$digest"
      say "loaded $(basename "$tar") into $node"
    done
  done
}

on() { # NODE COMMAND...
  local init
  init=$(init_of "$1")
  shift
  nsenter -t "$init" -m -n -p -u -i "$@"
}

# One command at a time changes a cluster of this name. The machines themselves must not inherit the lock (9>&-).
exclusively() {
  mkdir -p "$CACHE/clusters"
  exec 9> "$CACHE/clusters/$NAME.lock"
  flock 9
  "$@"
}

case ${1:-} in
  up) exclusively up "${2:-2}" ;;
  down) [ ! -d "$RUN" ] || exclusively remove_cluster ;;
  stop) exclusively power_off "$2" ;;
  start) exclusively power_on "$2" ;;
  load) shift && exclusively load "$@" ;;
  on) shift && on "$@" ;;
  info) info ;;
  check) obstacles ;;
  build) ensure_prerequisites && kubernetes && containerd && coredns && small_images ;;
  java-base) ensure_prerequisites && java_base ;;
  *)
    sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | sed '$d'
    exit 2
    ;;
esac
