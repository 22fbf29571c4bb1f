#!/usr/bin/env bash
# Builds the Dockerfile with buildah, as root, and runs the program from the image over stdio and HTTP.
# Takes some minutes and 2 GB, so .ci/run leaves it out. Where the base image cannot be pulled, debootstrap and the Node of
# this machine make a stand-in for it.
set -euo pipefail
cd "$(dirname "$0")/.."

for command in buildah curl; do
  command -v "$command" >/dev/null || { echo "check-image: $command is not installed, so nothing is checked" >&2; exit 2; }
done

work=$(mktemp -d)
base=docker.io/library/$(sed -n 's/^FROM \([^ ]*\)$/\1/p' Dockerfile)
buildah=(buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs)
b() { "${buildah[@]}" "$@"; }
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait
  b umount --all >/dev/null 2>&1 || true
  b rm --all >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
step() { printf '\n== %s\n' "$1"; }

step "Base image $base"
if ! b pull --quiet "$base"; then
  step 'Stand-in for the base image'
  debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base"
  mkdir -p "$work/base/usr/local/lib/node_modules"
  cp -L "$(command -v node)" "$work/base/usr/local/bin/node"
  cp -R "$(npm root --global)/npm" "$work/base/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/base/usr/local/bin/npm"
  chroot "$work/base" useradd --create-home --uid 1000 --shell /bin/bash node
  container=$(b from scratch)
  b add --quiet "$container" "$work/base" / >/dev/null
  # npm in the build uses the registry and the certificates of this machine.
  b config --env "npm_config_registry=$(npm config get registry)" "$container"
  if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
    b add --quiet "$container" "$NODE_EXTRA_CA_CERTS" /etc/extra-ca.pem >/dev/null
    b config --env NODE_EXTRA_CA_CERTS=/etc/extra-ca.pem "$container"
  fi
  b commit --quiet "$container" "$base" >/dev/null
  b rm "$container" >/dev/null
  rm -rf "$work/base"
fi

step 'Build'
# The format of OCI has no health command.
b build --isolation chroot --pull-never --format docker --tag heyreach-mcp .

step 'Configuration'
b inspect --type image heyreach-mcp |
  node -e '
    const { Docker } = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const { User, Entrypoint, Labels, Healthcheck } = Docker.config;
    console.log(JSON.stringify({ User, Entrypoint, Labels, Healthcheck }, null, 2));
    if (User !== "node" || Entrypoint.join(" ") !== "node /app/dist/main.js" || !Healthcheck) process.exit(1);
    if (!Labels["io.modelcontextprotocol.server.name"]) process.exit(1);'

container=$(b from --pull-never heyreach-mcp)
in_image() { b run --isolation chroot "$@"; }

step 'User'
[ "$(in_image "$container" -- node -p 'process.getuid()')" = 1000 ]

step 'stdio'
requests='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"check-image","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_campaigns","arguments":{"limit":2}}}'
answers=$(printf '%s\n' "$requests" | in_image "$container" -- node /app/dist/main.js --sandbox)
grep -q '"serverInfo"' <<<"$answers"
grep -q '"returned":2' <<<"$answers"

step 'HTTP and health command'
http=(--env HEYREACH_MCP_TRANSPORT=http --env HEYREACH_MCP_PORT=3999)
# Not the function: the signal has to reach buildah itself.
"${buildah[@]}" run --isolation chroot "${http[@]}" "$container" -- node /app/dist/main.js --sandbox &
server=$!
curl --silent --fail --retry 30 --retry-delay 1 --retry-connrefused http://127.0.0.1:3999/healthz
b inspect --type image heyreach-mcp |
  node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).Docker.config.Healthcheck.Test.at(-1)' >"$work/health.js"
in_image "${http[@]}" "$container" -- node -e "$(cat "$work/health.js")"

step 'The image works'
