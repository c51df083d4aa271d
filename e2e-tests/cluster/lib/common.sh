# Sourced by cluster.sh: where things lie, and the few words that every part uses.

CACHE=${PETIOLE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/petiole}

say() { printf '[cluster %s] %s\n' "$NAME" "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# The version of a module is written once, in the go.mod that builds it; go.sum beside it holds the checksums.
module_version() { # DIRECTORY MODULE
  awk -v module="$2" '{ sub(/^require /, "") } $1 == module { sub(/^v/, "", $2); print $2; exit }' "$HERE/src/$1/go.mod"
}

hash_of() { # TEXT FILE...: short hash of a text (flags) and of files' contents
  local text=$1
  shift
  { printf '%s\n' "$text"; cat "$@"; } | sha256sum | cut -c1-12
}

# Prints the directory of something that is made once and kept: made by `BUILD DIRECTORY` only when missing, by one process
# at a time, and moved to its place when complete, so that a killed build leaves nothing half done.
cached() { # NAME BUILD
  local directory=$CACHE/$1 build=$2
  if [ ! -d "$directory" ]; then
    mkdir -p "$CACHE/locks"
    (
      flock 8
      if [ ! -d "$directory" ]; then
        scratch=$(mktemp -d "$CACHE/.making-XXXXXX")
        trap 'rm -rf "$scratch"' EXIT
        mkdir "$scratch/out"
        "$build" "$scratch/out" "$scratch" >&2 8>&-
        mv "$scratch/out" "$directory"
      fi
    ) 8> "$CACHE/locks/$1"
  fi
  printf '%s\n' "$directory"
}

# A docker-archive image of fixed bytes; each layer is a directory or a tar.
make_image() { # REF OUT.tar CONFIG_JSON LAYER...
  local ref=$1 out=$2 config=$3 work ids='' names='' n=0 layer file
  shift 3
  work=$(mktemp -d "$CACHE/.image-XXXXXX")
  for layer in "$@"; do
    n=$((n + 1))
    file=layer$n.tar
    if [ -d "$layer" ]; then
      tar --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -C "$layer" -cf "$work/$file" .
    else
      cp "$layer" "$work/$file"
    fi
    ids="$ids,\"sha256:$(sha256sum "$work/$file" | cut -d' ' -f1)\""
    names="$names,\"$file\""
  done
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]},"history":[]}' \
    "$(dpkg --print-architecture)" "$config" "${ids#,}" > "$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":[%s]}]' "$ref" "${names#,}" > "$work/manifest.json"
  tar --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -C "$work" -cf "$out" manifest.json config.json $(cd "$work" && ls layer*.tar)
  rm -rf "$work"
}
