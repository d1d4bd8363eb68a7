#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (default 20s) each, and fails when one found something.
set -euo pipefail
cd "$(dirname "$0")/.."
count=0
failed=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Go 1.26 may call the end of the time itself a failure (https://go.dev/issue/75804, mended in 1.27): no input is written then, and
# the target runs again, once.
run() { go test -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZTIME:-20s}" -fuzzminimizetime 5x "$1" 2>&1 | tee "$log"; }
out_of_time() { grep -q '^ *context deadline exceeded' "$log" && ! grep -q 'Failing input' "$log"; }

for package in $(go list ./...); do
  listed=$(go test -list '^Fuzz' "$package")
  for target in $(grep '^Fuzz' <<<"$listed" || true); do
    count=$((count + 1))
    echo "== $package $target"
    run "$package" "$target" || { out_of_time && run "$package" "$target"; } || failed+=("$package $target")
  done
done
[ "$count" -gt 0 ] || { echo "no fuzz target found" >&2; exit 1; }
printf 'failed: %s\n' "${failed[@]}" | grep -v '^failed: $' || true
echo "$((count - ${#failed[@]})) of $count fuzz targets found nothing"
[ "${#failed[@]}" = 0 ]
