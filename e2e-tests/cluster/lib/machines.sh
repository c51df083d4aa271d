# Sourced by cluster.sh: the machines of a cluster (cp, node1, node2...) and the network between them.
#
# Nothing listens on or routes through the real machine's interfaces. Each machine is a network namespace plugged by veth into a
# bridge in a namespace of its own, which has no way out, and a pid, mount, uts and ipc namespace whose PID 1 is a script of
# machine/. Killing that PID 1 makes the kernel kill all of its processes, containers too, and drop its mounts: no left-overs.

NETWORK=172.30.0
PREFIX=petiole-$NAME
RUN=$CACHE/clusters/$NAME
PIDS=$RUN/pids
CGROUPS=/sys/fs/cgroup

# A process is known by its id and its start time, so that a recycled id is never taken for ours.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d' ' -f20 || :; }
record() { echo "$1 $(started_at "$1") $2" >> "$PIDS"; } # PID NAME
pid_of() {                                             # NAME: its id, if it still runs
  local pid start name
  [ -f "$PIDS" ] || return 0
  while read -r pid start name; do
    if [ "$name" = "$1" ] && [ "$(started_at "$pid")" = "$start" ]; then echo "$pid"; fi
  done < "$PIDS"
}
init_of() { # MACHINE: the id of its PID 1
  local pid
  pid=$(pid_of "$1")
  [ -n "$pid" ] || die "$1 is not running"
  cut -d' ' -f1 < <(cat /proc/"$pid"/task/*/children)
}
nodes() { [ ! -f "$RUN/nodes" ] || cat "$RUN/nodes"; }

power_on() { # MACHINE
  local machine=$1 script=$HERE/machine/node.sh
  [ "$machine" != cp ] || script=$HERE/machine/control-plane.sh
  [ -z "$(pid_of "$machine")" ] || die "$machine is running already"
  # A booting machine has no containers: cgroups that a killed one left would only make the kubelet look at each in turn.
  find "$CGROUPS"/*/"$PREFIX/$machine" "$CGROUPS/$PREFIX/$machine" -mindepth 1 -depth -type d -exec rmdir {} + 2> /dev/null || :
  setsid nsenter --net="/run/netns/$PREFIX-$machine" unshare --mount --uts --ipc --pid --fork --mount-proc --kill-child \
    "$script" "$RUN" "$machine" >> "$RUN/$machine.log" 2>&1 < /dev/null 9>&- &
  record $! "$machine"
}

power_off() { # MACHINE: like pulling its plug; state is kept
  local init
  init=$(init_of "$1")
  kill -KILL "$init"
  sed -i "/ $1\$/d" "$PIDS"
}

make_network() {
  ip netns add "$PREFIX-net"
  ip -n "$PREFIX-net" link add br0 type bridge
  ip -n "$PREFIX-net" addr add "$NETWORK.1/24" dev br0
  ip -n "$PREFIX-net" link set br0 up
}

plug_in() { # MACHINE IP
  local i=0 node ns=$PREFIX-$1
  ip netns add "$ns"
  ip -n "$ns" link set lo up
  ip -n "$PREFIX-net" link add "v-$1" type veth peer name eth0 netns "$ns"
  ip -n "$PREFIX-net" link set "v-$1" master br0 up
  ip -n "$ns" addr add "$2/24" dev eth0
  ip -n "$ns" link set eth0 up
  ip -n "$ns" route add default via "$NETWORK.1"
  for node in $(nodes); do
    i=$((i + 1))
    [ "$1" = "$node" ] || ip -n "$ns" route add "10.244.$i.0/24" via "$NETWORK.$((10 + i))"
  done
}

# The kubelet refuses a cgroup root that is missing in any hierarchy, the named systemd one included.
make_cgroups() { # NODE
  local hierarchy group
  if [ -f "$CGROUPS/cgroup.controllers" ]; then # version 2
    mkdir -p "$CGROUPS/$PREFIX/$1"
    for group in "$CGROUPS" "$CGROUPS/$PREFIX" "$CGROUPS/$PREFIX/$1"; do
      sed 's/\(^\| \)/ +/g' "$group/cgroup.controllers" > "$group/cgroup.subtree_control" || :
    done
    return
  fi
  for hierarchy in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
    [ -d "$CGROUPS/$hierarchy" ] || continue
    mkdir -p "$CGROUPS/$hierarchy/$PREFIX/$1"
    [ "$hierarchy" = cpuset ] || continue
    for group in "$PREFIX" "$PREFIX/$1"; do # empty in version 1 until filled by hand
      cat "$CGROUPS/cpuset/cpuset.cpus" > "$CGROUPS/cpuset/$group/cpuset.cpus"
      cat "$CGROUPS/cpuset/cpuset.mems" > "$CGROUPS/cpuset/$group/cpuset.mems"
    done
  done
}

remove_cgroups() {
  local root attempt
  for root in "$CGROUPS"/*/"$PREFIX" "$CGROUPS/$PREFIX"; do
    for attempt in {1..50}; do # a killed process leaves its cgroup a moment later
      [ -d "$root" ] || break
      find "$root" -depth -type d -exec rmdir {} + 2> /dev/null || sleep 0.1
    done
  done
}

# Ends what a run of this name started, however it ended, and takes its namespaces and state away.
remove_cluster() {
  local pid start name child ns attempt
  if [ -f "$PIDS" ]; then
    while read -r pid start name; do
      [ "$(started_at "$pid")" = "$start" ] || continue
      for child in $(cat /proc/"$pid"/task/*/children 2> /dev/null); do kill -KILL "$child" 2> /dev/null || :; done
      kill -KILL "$pid" 2> /dev/null || :
      for attempt in {1..100}; do [ "$(started_at "$pid")" = "$start" ] && sleep 0.05 || break; done
    done < "$PIDS"
  fi
  for ns in $(ip netns list | awk '{ print $1 }' | grep "^$PREFIX-" || :); do ip netns del "$ns"; done
  remove_cgroups
  rm -rf "$RUN"
}
