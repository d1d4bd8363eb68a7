// Runs named steps one after the other and counts them: `node .tools/run.mjs name=command ...`. Output is shown as it
// comes. The last line is "N passed, N failed"; the exit code is 1 when a step failed.
import { spawnSync } from "node:child_process";

const steps = process.argv.slice(2).map((text) => {
  const at = text.indexOf("=");
  return { name: text.slice(0, at), command: text.slice(at + 1) };
});
if (steps.length === 0) throw new Error("run: no steps given");
const failed = [];
for (const { name, command } of steps) {
  console.log(`\n=== ${name}: ${command}`);
  const start = Date.now();
  const { status, signal } = spawnSync("bash", ["-euo", "pipefail", "-c", command], { stdio: "inherit" });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const passed = status === 0;
  console.log(`=== ${name}: ${passed ? "passed" : `FAILED (${signal ?? `exit ${status}`})`} in ${seconds} s`);
  if (!passed) failed.push(name);
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
console.log(`\n${steps.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);
