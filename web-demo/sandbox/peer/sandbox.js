// Starts a sandbox for a test: the binary named by SANDBOX_BIN, or one built for the purpose.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../cmd/sandbox", import.meta.url));

/** Starts a sandbox with the flags; resolves to its address and a way to stop it. */
export async function startSandbox(...flags) {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  let binary = process.env.SANDBOX_BIN;
  if (!binary) {
    binary = join(folder, "sandbox");
    execFileSync("go", ["build", "-o", binary, "."], { cwd: source, stdio: "inherit" });
  }
  const child = spawn(binary, ["-listen", "127.0.0.1:0", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
    child.stdout.on("data", (part) => {
      text += part;
      const ready = /^sandbox ready (\S+)$/m.exec(text);
      if (ready) resolve(ready[1]);
    });
  });
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
