// A sandbox for the benchmarks, built from this repository.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../scripts/go.mjs";

/** Starts it, with 1,500 tasks where the flags do not say how many; resolves when it serves. */
export async function startSandbox(flags = []) {
  const folder = mkdtempSync(join(tmpdir(), "ftrack-bench-"));
  const binary = join(folder, "sandbox");
  execFileSync("go", ["build", "-o", binary, "./web-demo/sandbox/cmd/sandbox"], { cwd: repositoryRoot, stdio: "inherit" });
  const child = spawn(binary, ["-listen", "127.0.0.1:0", "-production", "demo", "-tasks", "1500", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    let seen = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      seen += text;
      const ready = /sandbox ready (http:\S+)/.exec(seen);
      if (ready) resolve(ready[1]);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with code ${code} before it was ready`)));
  });
  const stop = () => {
    child.removeAllListeners("exit");
    child.kill();
    rmSync(folder, { recursive: true });
  };
  return { address, stop };
}
