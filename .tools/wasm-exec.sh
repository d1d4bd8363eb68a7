#!/usr/bin/env bash
# Runs a js/wasm test binary in Chromium: `go test -exec` calls it. Its jumps are straightened as those of the shipped
# module are, so that all tests are tests of that too. The environment is emptied, since Go's wasm start-up
# takes some 8 KB of arguments and variables, and Chromium as root wants no sandbox.
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
chromium=${CHROME_BIN:-$("$folder/chromium.sh")}
wrapper=$(mktemp -d)
trap 'rm -rf "$wrapper"' EXIT
printf '#!/bin/sh\nexec "%s" --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync "$@"\n' "$chromium" > "$wrapper/chromium"
chmod +x "$wrapper/chromium"
runner=$(cd "$folder/.." && env -u GOOS -u GOARCH go tool -n wasmbrowsertest)
module=$wrapper/$(basename "$1")
node "$folder/../npm/scripts/straighten.mjs" "$1" "$module"
shift
timeout "${WASM_TEST_TIMEOUT:-300}" env -i HOME="${HOME:-/root}" PATH="$wrapper:$PATH" TMPDIR="${TMPDIR:-/tmp}" WASM_HEADLESS=on "$runner" "$module" "$@" \
  2> >(grep -v "unknown IPAddressSpace value" >&2) # the driver is older than the browser
