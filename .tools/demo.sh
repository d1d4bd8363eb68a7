#!/usr/bin/env bash
# Starts the sandbox with its demo production and the page on PORT (default 9080).
set -euo pipefail
cd "$(dirname "$0")/.."
address=127.0.0.1:${PORT:-9080}
echo "The demo page will be at http://$address (user demo, key demo-key; Ctrl-C stops it)."
exec bin/sandbox -listen "$address" -static web-demo/app/dist -production demo ${SANDBOX_FLAGS:-}
