#!/bin/bash
# The control plane: PID 1 of a machine of its own. usage: control-plane.sh RUN cp
set -euo pipefail
RUN=$1
STATE=$RUN/cp
PKI=$RUN/pki
. "$RUN/settings" # PATH, CONTROL_PLANE_IP, NODE_GRACE, APISERVER_FLAGS
mkdir -p "$STATE"

start() { # NAME FLAG...: kept running, as a service manager would
  local name=$1
  (while :; do
    "$@" >> "$STATE/$name.log" 2>&1 || :
    echo "$(date -Is) $name ended" >> "$STATE/machine.log"
    sleep 0.3
  done) &
}

# The data is thrown away with the cluster, so nothing waits for the disk.
start etcd --name cp --data-dir "$STATE/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync --log-level warn
# enable-aggregator-routing: the API server calls webhooks at Pod addresses, since no kube-proxy runs beside it.
start kube-apiserver --advertise-address="$CONTROL_PLANE_IP" --secure-port=6443 --etcd-servers=http://127.0.0.1:2379 \
  --service-cluster-ip-range=10.96.0.0/16 --allow-privileged=true --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
  --client-ca-file="$PKI/ca.crt" --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" \
  --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-account-key-file="$PKI/sa.pub" \
  --service-account-signing-key-file="$PKI/sa.key" \
  --kubelet-client-certificate="$PKI/apiserver-kubelet-client.crt" --kubelet-client-key="$PKI/apiserver-kubelet-client.key" \
  --kubelet-certificate-authority="$PKI/ca.crt" --kubelet-preferred-address-types=InternalIP \
  --requestheader-client-ca-file="$PKI/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
  --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
  --requestheader-username-headers=X-Remote-User \
  --proxy-client-cert-file="$PKI/front-proxy-client.crt" --proxy-client-key-file="$PKI/front-proxy-client.key" \
  --enable-aggregator-routing=true --profiling=false $APISERVER_FLAGS
# The controller manager ends when the API server's RBAC is not there yet.
until curl -fsk https://127.0.0.1:6443/readyz > /dev/null 2>&1; do sleep 0.1; done
start kube-controller-manager --kubeconfig="$PKI/kube-controller-manager.kubeconfig" \
  --authentication-kubeconfig="$PKI/kube-controller-manager.kubeconfig" --authorization-kubeconfig="$PKI/kube-controller-manager.kubeconfig" \
  --service-account-private-key-file="$PKI/sa.key" --root-ca-file="$PKI/ca.crt" \
  --cluster-signing-cert-file="$PKI/ca.crt" --cluster-signing-key-file="$PKI/ca.key" --use-service-account-credentials=true \
  --leader-elect=false --bind-address=127.0.0.1 --node-monitor-grace-period="$NODE_GRACE" --profiling=false
start kube-scheduler --kubeconfig="$PKI/kube-scheduler.kubeconfig" --authentication-kubeconfig="$PKI/kube-scheduler.kubeconfig" \
  --authorization-kubeconfig="$PKI/kube-scheduler.kubeconfig" --leader-elect=false --bind-address=127.0.0.1 --profiling=false
wait
