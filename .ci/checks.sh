# Sourced by the steps: one line per check, and the tools that they need.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mcp-samples-ci
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
export npm_config_omit_lockfile_registry_resolved=true npm_config_loglevel=error
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check TITLE COMMAND...: runs the command in a subshell; prints its output only when it fails.
check() {
  local title=$1
  shift
  if ("$@") >"$work/output" 2>&1 </dev/null; then
    echo "ok - $title"
  else
    tail -n 60 "$work/output" | sed 's/^/    /'
    echo "not ok - $title. Next: read the output above; run again with .ci/steps/$(basename "$0")"
  fi
}

# The sample folders: those at the root that have a package.json.
samples() { (cd "$root" && for file in */package.json; do dirname "$file"; done); }

# node_bin MAJOR: prints the folder of a Node.js binary of that version, installing it when needed.
node_bin() {
  local architecture
  case $(uname -m) in aarch64 | arm64) architecture=arm64 ;; *) architecture=x64 ;; esac
  local folder=$cache/node-$1
  if [ ! -x "$folder/bin/node" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save "node-linux-$architecture@$1" >&2
    ln -sfn "node_modules/node-linux-$architecture/bin" "$folder/bin"
  fi
  echo "$folder/bin"
}

# with_node MAJOR COMMAND...: runs a command with that Node.js first in the PATH.
with_node() {
  local bin
  bin=$(node_bin "$1")
  shift
  PATH=$bin:$PATH "$@"
}

# python_bin NAME PACKAGE...: prints the bin folder of a virtual environment with these packages.
python_bin() {
  local folder=$cache/$1
  shift
  if [ "$(cat "$folder/.packages" 2>/dev/null)" != "$*" ]; then
    python3 -m venv --clear "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
    echo "$*" >"$folder/.packages"
  fi
  echo "$folder/bin"
}
