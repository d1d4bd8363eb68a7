// A sandbox for the benchmarks, built from this repository.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../scripts/go.mjs";
import { startService } from "../scripts/service.mjs";

/** Starts it, with 1,500 tasks where the flags do not say how many; resolves when it serves. It ends with this process at the latest. */
export async function startSandbox(flags = []) {
  const folder = mkdtempSync(join(tmpdir(), "ftrack-bench-"));
  try {
    const binary = join(folder, "sandbox");
    execFileSync("go", ["build", "-o", binary, "./web-demo/sandbox/cmd/sandbox"], { cwd: repositoryRoot, stdio: "inherit" });
    return await startService(binary, ["-attached", "-listen", "127.0.0.1:0", "-production", "demo", "-tasks", "1500", ...flags]);
  } finally {
    rmSync(folder, { recursive: true }); // a program that runs needs its file no more
  }
}
