#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (default 20s) each, and fails when one found something.
set -euo pipefail
cd "$(dirname "$0")/.."
count=0
failed=()
for package in $(go list ./...); do
  listed=$(go test -list '^Fuzz' "$package")
  for target in $(grep '^Fuzz' <<<"$listed" || true); do
    count=$((count + 1))
    echo "== $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-20s}" -fuzzminimizetime 5x "$package" || failed+=("$package $target")
  done
done
[ "$count" -gt 0 ] || { echo "no fuzz target found" >&2; exit 1; }
printf 'failed: %s\n' "${failed[@]}" | grep -v '^failed: $' || true
echo "$((count - ${#failed[@]})) of $count fuzz targets found nothing"
[ "${#failed[@]}" = 0 ]
