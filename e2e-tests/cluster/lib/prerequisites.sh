# Sourced by cluster.sh: what must be on the machine, and why; Debian's packages are installed where we may.

# command or file | Debian package | what it is for
PREREQUISITES='
/usr/sbin/runc|runc|runs the containers
/usr/lib/cni/bridge|containernetworking-plugins|gives Pods their network
iptables|iptables|Services (kube-proxy)
conntrack|conntrack|Services (kube-proxy)
ip|iproute2|network namespaces, one per machine of the cluster
nsenter|util-linux|enters a node
sysctl|procps|forwarding inside the nodes
curl|curl|asks the API server whether it is ready
mmdebstrap|mmdebstrap|makes the base images from Debian packages
gcc|gcc|compiles the pause container
/usr/include/stdlib.h|libc6-dev|compiles the pause container
'

has() { case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" > /dev/null ;; esac; }

# Prints one line for each thing that is missing.
missing_prerequisites() {
  local what package why
  [ "$(id -u)" = 0 ] || echo "not root: network namespaces and containers need it"
  [ "$(uname -s)" = Linux ] || echo "not Linux: the nodes are Linux namespaces"
  command -v go > /dev/null || echo "go is missing: builds Kubernetes from its modules (Go 1.25 or newer)"
  while IFS='|' read -r what package why; do
    [ -z "$what" ] || has "$what" || echo "$package is missing: $why (apt-get install $package)"
  done <<< "$PREREQUISITES"
}

# What `up` cannot do anything about itself.
obstacles() {
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    missing_prerequisites | grep -v 'apt-get install' || :
  else
    missing_prerequisites
  fi
}

ensure_prerequisites() {
  local missing packages
  missing=$(missing_prerequisites)
  [ -n "$missing" ] || return 0
  packages=$(sed -n 's/.*(apt-get install \(.*\))$/\1/p' <<< "$missing" | sort -u)
  if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    say "installing" $packages
    # The lock of dpkg may be held by someone else for a moment: wait for it rather than fail.
    apt-get -qq update < /dev/null >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install --no-install-recommends $packages < /dev/null > /dev/null
    missing=$(missing_prerequisites)
  fi
  if [ -n "$missing" ]; then
    while read -r line; do say "$line"; done <<< "$missing"
    exit 3
  fi
}
