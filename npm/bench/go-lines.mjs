// Turns the output of `go test -bench` into one JSON object a line; other lines go to the error output.
import { createInterface } from "node:readline";
import { print } from "./figures.mjs";

let folder = "";
for await (const line of createInterface({ input: process.stdin })) {
  const [, package_] = /^pkg: (\S+)/.exec(line) ?? [];
  if (package_) folder = package_.replace("github.com/ftrack-wasm/ftrack-wasm/", "");
  const [, name, count, rest] = /^(Benchmark\S+?)(?:-\d+)?\s+(\d+)\s+(.*)$/.exec(line) ?? [];
  if (!name) {
    if (/^(FAIL|panic|---)/.test(line)) {
      console.error(line);
      process.exitCode = 1;
    }
    continue;
  }
  const figures = Object.fromEntries([...rest.matchAll(/([\d.]+) (\S+)/g)].map(([, value, unit]) => [unit, Number(value)]));
  print({ figure: "go", package: folder, name, count: Number(count), ...figures });
}
