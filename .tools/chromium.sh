#!/usr/bin/env bash
# Prints the path of a Chromium: CHROME_BIN, one on the PATH, one that apt-get installs (root), or Playwright's own.
set -euo pipefail
if [ -n "${CHROME_BIN:-}" ]; then echo "$CHROME_BIN"; exit; fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if path=$(command -v "$name"); then echo "$path"; exit; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-dejavu-core; } >&2 || true
  if path=$(command -v chromium); then echo "$path"; exit; fi
fi
cd "$(dirname "$0")/../npm"
[ -d node_modules/playwright-core ] || npm ci >&2
node node_modules/playwright-core/cli.js install chromium >&2
node -e 'console.log(require("playwright-core").chromium.executablePath())'
