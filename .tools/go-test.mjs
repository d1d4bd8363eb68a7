// Runs `go test` with the arguments given, and says what it alone keeps quiet about: how many tests ran, and which were
// skipped, with their reasons. Output of what fails is shown in full; the exit code is go's.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const child = spawn("go", ["test", "-json", ...process.argv.slice(2)], { stdio: ["ignore", "pipe", "inherit"] });
const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
const counts = { pass: 0, fail: 0, skip: 0 };
const outputs = new Map();
const skipped = [];

for await (const line of createInterface({ input: child.stdout })) {
  if (!line.startsWith("{")) {
    console.log(line);
    continue;
  }
  const { Action: action, Package: path, ImportPath: built, Test: name, Output: output, Elapsed: seconds } = JSON.parse(line);
  const key = `${path ?? built} ${name ?? ""}`;
  if (action === "output" || action === "build-output") {
    outputs.set(key, (outputs.get(key) ?? "") + output);
    continue;
  }
  if (!["pass", "fail", "skip", "build-fail"].includes(action)) continue;
  const text = outputs.get(key) ?? "";
  outputs.delete(key);
  if (action === "build-fail") console.log(text);
  else if (name) {
    counts[action]++;
    if (action === "skip") skipped.push(`${key}: ${reasonOf(text)}`);
    if (action === "fail") console.log(`${key}\n${text}`);
  } else if (action === "fail") console.log(`FAIL ${path} ${seconds} s\n${text}`);
  else if (action === "pass") console.log(`ok   ${path} ${seconds} s`);
}

for (const text of skipped) console.log(`skipped: ${text}`);
console.log(`${counts.pass} tests passed, ${counts.fail} failed, ${counts.skip} skipped`);
process.exitCode = (await ended) ?? 1;

/** What t.Skip was given: the line that names a file. */
function reasonOf(output) {
  return /^\s+(\S+\.go:\d+: .*)$/m.exec(output)?.[1] ?? output.trim();
}
