import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "../../scripts/go.mjs";

/** A sandbox that serves. */
export interface Sandbox {
  readonly address: string;
  stop(): void;
}

/** The sandbox's program: `SANDBOX_BIN`, or built from this repository into a folder. */
export function sandboxBinary(folder: string): string {
  if (process.env.SANDBOX_BIN) return process.env.SANDBOX_BIN;
  const binary = join(folder, "sandbox");
  execFileSync(process.env.GO ?? "go", ["build", "-o", binary, "./web-demo/sandbox/cmd/sandbox"], { cwd: repositoryRoot, stdio: "inherit" });
  return binary;
}

/** Starts a sandbox with a small demo production and waits until it serves. */
export async function startSandbox(binary: string, flags: readonly string[] = []): Promise<Sandbox> {
  const child = spawn(binary, ["-listen", "127.0.0.1:0", "-production", "demo", "-tasks", "1500", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise<string>((resolve, reject) => {
    let seen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      const ready = /sandbox ready (http:\S+)/.exec(seen);
      if (ready) resolve(ready[1]!);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with code ${code} before it was ready`)));
  });
  return { address, stop: () => void child.kill() };
}
