#!/bin/bash
# A node: PID 1 of a machine of its own, with containerd, kubelet and kube-proxy at their standard paths. usage: node.sh RUN NODE
set -euo pipefail
RUN=$1
NODE=$2
STATE=$RUN/$NODE
. "$RUN/settings" # PATH, IMAGES, KUBELET_FLAGS
SOCKET=/run/containerd/containerd.sock
hostname "$NODE"
mount --make-rslave /
mkdir -p "$STATE"/{etc,etc.work,var,var.work,lib-kubelet,lib-containerd,log-pods,cgroups,sysctl,imported}

# The kubelet insists on writing these: it finds files that hold the wanted values already, and the machine's settings stay.
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=$STATE/sysctl/$(tr / _ <<< "${setting%=*}")
  echo "${setting#*=}" > "$file"
  mount --bind "$file" "/proc/sys/${setting%=*}"
done

# /sys of this network namespace, with the machine's cgroup hierarchies in it.
mount --rbind /sys/fs/cgroup "$STATE/cgroups"
mount -t sysfs sysfs /sys
mount --rbind "$STATE/cgroups" /sys/fs/cgroup
umount -l "$STATE/cgroups"

# A private /etc, /var and /run, so that every node uses the standard paths and the machine's own stay as they are. Not /: an
# overlay's upper directory must not lie below its lower one.
mount -t overlay -o "lowerdir=/etc,upperdir=$STATE/etc,workdir=$STATE/etc.work" overlay /etc
mount -t overlay -o "lowerdir=/var,upperdir=$STATE/var,workdir=$STATE/var.work" overlay /var
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /var/lib/kubelet /var/lib/containerd /var/log/pods /var/log/containers /etc/cni/net.d /etc/cdi /run/cdi /run/lock /run/udev /run/netns
mount --bind "$STATE/lib-kubelet" /var/lib/kubelet
mount --bind "$STATE/lib-containerd" /var/lib/containerd
mount --bind "$STATE/log-pods" /var/log/pods
mount --make-rshared /
cp "$STATE/hosts" /etc/hosts
: > /etc/resolv.conf
cp "$STATE/cni.conflist" /etc/cni/net.d/10-bridge.conflist

start() { # NAME FLAG...: kept running, as a service manager would
  local name=$1
  (while :; do
    "$@" >> "$STATE/$name.log" 2>&1 || :
    echo "$(date -Is) $name ended" >> "$STATE/machine.log"
    sleep 0.5
  done) &
}

start containerd --config "$STATE/containerd.toml"
until ctr -a $SOCKET version > /dev/null 2>&1; do sleep 0.05; done
for image in $IMAGES; do
  mark=$STATE/imported/$(basename "$image")
  [ -e "$mark" ] || { ctr -a $SOCKET -n k8s.io images import --local "$image" >> "$STATE/import.log" 2>&1 && touch "$mark"; }
done
start kubelet --config="$STATE/kubelet.yaml" --kubeconfig="$RUN/pki/kubelet-$NODE.kubeconfig" --hostname-override="$NODE" \
  --node-ip="$(cat "$STATE/ip")" --root-dir=/var/lib/kubelet $KUBELET_FLAGS
start kube-proxy --config="$STATE/kube-proxy.yaml"
wait
