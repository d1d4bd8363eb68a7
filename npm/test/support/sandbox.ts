import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "../../scripts/go.mjs";
import { startService, type Service } from "../../scripts/service.mjs";

export type Sandbox = Service;

/** The sandbox's program: `SANDBOX_BIN`, or built from this repository into a folder. */
export function sandboxBinary(folder: string): string {
  if (process.env.SANDBOX_BIN) return process.env.SANDBOX_BIN;
  const binary = join(folder, "sandbox");
  execFileSync(process.env.GO ?? "go", ["build", "-o", binary, "./web-demo/sandbox/cmd/sandbox"], { cwd: repositoryRoot, stdio: "inherit" });
  return binary;
}

/** Starts a sandbox with a small demo production and waits until it serves. It ends with this process at the latest. */
export function startSandbox(binary: string, flags: readonly string[] = []): Promise<Sandbox> {
  return startService(binary, ["-attached", "-listen", "127.0.0.1:0", "-production", "demo", "-tasks", "1500", ...flags]);
}
