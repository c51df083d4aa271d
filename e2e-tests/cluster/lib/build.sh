# Sourced by cluster.sh: everything that is built, each once per content of its sources.

export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
# Without DWARF and inlining a cold build takes a third less processor time, and nobody debugs these binaries.
GO_GCFLAGS='all=-dwarf=false -l'
DEBIAN=bookworm

# The same program with other versions of its modules: CLUSTER_KUBERNETES=newest.
case ${CLUSTER_KUBERNETES:-} in
  '') KUBEBOX=kubebox KUBERNETES_GOFLAGS= ;;
  newest) KUBEBOX=kubebox-newest KUBERNETES_GOFLAGS=-modfile=../kubebox-newest/go.mod ;;
  *) die "CLUSTER_KUBERNETES: $CLUSTER_KUBERNETES (expected: newest, or nothing)" ;;
esac
KUBERNETES_VERSION=$(module_version $KUBEBOX k8s.io/kubernetes)
CONTAINERD_VERSION=$(module_version containerd github.com/containerd/containerd/v2)
COREDNS_VERSION=$(module_version coredns github.com/coredns/coredns)
COREDNS_IMAGE=petiole.local/coredns:$COREDNS_VERSION
PAUSE_IMAGE=petiole.local/pause:3.10.1

# Says that it is alive: a cold build of Kubernetes takes minutes.
go_build() { # ARGUMENT...
  go build -v -trimpath -gcflags="$GO_GCFLAGS" "$@" 2>&1 |
    awk '/[ :]/ { print; next } ++n % 200 == 0 { print "   " n " packages compiled"; fflush() }'
}

build_kubernetes() { # OUT
  local v=v$KUBERNETES_VERSION version=k8s.io/component-base/version
  say "building Kubernetes $v from its Go modules (5 to 15 minutes on two cores, once)"
  cd "$HERE/src/kubebox"
  # Without these flags the components call themselves v0.0.0-master.
  go_build -ldflags "-s -w -X $version.gitVersion=$v -X $version.gitMajor=1 -X $version.gitMinor=$(cut -d. -f2 <<< "$v") \
-X $version.gitTreeState=clean -X $version.buildDate=2026-01-01T00:00:00Z -X k8s.io/client-go/pkg/version.gitVersion=$v" -o "$1/kubebox" .
  local name
  for name in etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl; do ln -s kubebox "$1/$name"; done
}

build_containerd() { # OUT
  say "building containerd $CONTAINERD_VERSION (1 to 4 minutes, once)"
  cd "$HERE/src/containerd"
  local module=github.com/containerd/containerd/v2
  go_build -tags 'no_btrfs no_devmapper no_zfs no_aufs' -ldflags "-s -w -X $module/version.Version=v$CONTAINERD_VERSION" -o "$1/" \
    $module/cmd/containerd $module/cmd/containerd-shim-runc-v2 $module/cmd/ctr
}

build_coredns() { # OUT SCRATCH
  say "building CoreDNS $COREDNS_VERSION (1 to 4 minutes, once)"
  cd "$HERE/src/coredns"
  mkdir "$2/root"
  go_build -ldflags '-s -w' -o "$2/root/coredns" .
  make_image "$COREDNS_IMAGE" "$1/coredns.tar" '{"Entrypoint":["/coredns"]}' "$2/root"
}

# Unpacks Debian packages without installing them.
unpack_debian() { # DIRECTORY PACKAGE...
  local directory=$1 debs
  shift
  debs=$(mktemp -d "$CACHE/.debs-XXXXXX")
  chmod 755 "$debs"
  (cd "$debs" && apt-get -qq -o APT::Sandbox::User=root download "$@")
  for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$directory"; done
  rm -rf "$debs"
}

build_small_images() { # OUT SCRATCH
  say "making the pause and busybox images"
  local pause=$2/pause busybox=$2/busybox sources applet
  mkdir -p "$pause" "$busybox"/{bin,tmp,etc,root,usr} "$2/unpacked"
  sources=$(cd "$HERE/src/kubebox" && go mod download k8s.io/kubernetes && go list -m -f '{{.Dir}}' k8s.io/kubernetes)
  gcc -Os -static -s -DVERSION=v3.10 -o "$pause/pause" "$sources/build/pause/linux/pause.c"
  make_image "$PAUSE_IMAGE" "$1/pause.tar" '{"Entrypoint":["/pause"],"User":"65535:65535"}' "$pause"
  unpack_debian "$2/unpacked" busybox-static
  cp "$2/unpacked/bin/busybox" "$busybox/bin/busybox"
  for applet in $("$busybox/bin/busybox" --list | grep -vx busybox); do ln -s busybox "$busybox/bin/$applet"; done
  ln -s ../bin "$busybox/usr/bin"
  chmod 1777 "$busybox/tmp"
  echo 'root:x:0:0:root:/root:/bin/sh' > "$busybox/etc/passwd"
  echo 'root:x:0:' > "$busybox/etc/group"
  make_image busybox:1 "$1/busybox.tar" '{"Cmd":["sh"],"Env":["PATH=/bin"]}' "$busybox"
}

kubernetes_sources() { printf '%s\n' "$HERE"/src/kubebox/*.go "$HERE/src/$KUBEBOX"/go.*; }
kubernetes() {
  GOFLAGS="$GOFLAGS $KUBERNETES_GOFLAGS" \
    cached "kubernetes-$KUBERNETES_VERSION-$(hash_of "$GO_GCFLAGS$(declare -f build_kubernetes)" $(kubernetes_sources | sort))" build_kubernetes
}
containerd() { cached "containerd-$CONTAINERD_VERSION-$(hash_of "$GO_GCFLAGS$(declare -f build_containerd)" "$HERE"/src/containerd/*)" build_containerd; }
coredns() { cached "coredns-$COREDNS_VERSION-$(hash_of "$GO_GCFLAGS$COREDNS_IMAGE$(declare -f build_coredns make_image)" "$HERE"/src/coredns/*)" build_coredns; }
small_images() { cached "small-images-$(hash_of "$KUBERNETES_VERSION$PAUSE_IMAGE$(declare -f build_small_images make_image)" /dev/null)" build_small_images; }
