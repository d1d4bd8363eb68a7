// Turns the lines of `go test -bench` on its input into JSON objects.
import { createInterface } from "node:readline";

let group = "";
for await (const line of createInterface({ input: process.stdin })) {
  group = /^pkg: (.*)/.exec(line)?.[1] ?? group;
  const match = /^(Benchmark\S+)\s+(\d+)\s+(.*)$/.exec(line);
  if (!match) continue;
  const values = Object.fromEntries([...match[3].matchAll(/([\d.]+) (\S+)/g)].map(([, value, unit]) => [unit, Number(value)]));
  console.log(JSON.stringify({ measure: match[1], package: group.replace(/^.*ftrack-wasm\//, ""), ...values }));
}
