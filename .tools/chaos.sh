#!/usr/bin/env bash
# Runs the tests of dying cores, killed writers, lost replies, aborts and hostile input CHAOSROUNDS (default 5) times, Go's in random
# order, kills a browser that stores KILLS (default 200) times, loses connections to the event server, compares live queries with fresh ones, then
# runs every fuzz target for FUZZTIME (default 1m).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${CHAOSROUNDS:-5}
for ((round = 1; round <= rounds; round++)); do
  echo "== round $round of $rounds"
  go test -race -count=1 -shuffle=on ./cache/... ./session/... ./web-demo/sandbox/...
  (cd npm && npx vitest run --project node --project chromium core-death faults hostile abort memory)
done
SOCKET_TIME=3m WORKERD_BIN=${WORKERD_BIN:-} go test -count=1 -timeout 20m ./web-demo/gateway
(cd npm && npx vitest run --project page --project gateway) # the specs that need a server, with another one each
echo "== a browser that is killed ${KILLS:=200} times in the middle of writes"
(cd npm && KILLS=$KILLS npx vitest run --project node kills)
# Connections to the event server are lost CHAOSLOSSES (default 200) times.
(cd npm && CHAOSLOSSES=${CHAOSLOSSES:-200} npx vitest run --project chromium event-chaos event-disorder)
echo "== live queries, ${LIVESEQUENCES:=3} sequences of ${LIVEBURSTS:=12} bursts of changes whatever the server is like"
(cd npm && LIVESEQUENCES=$LIVESEQUENCES LIVEBURSTS=$LIVEBURSTS npx vitest run --project chromium live-property)
FUZZTIME=${FUZZTIME:-1m} .tools/fuzz.sh
