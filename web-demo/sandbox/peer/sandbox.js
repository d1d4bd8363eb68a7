// Starts a sandbox for a test: the binary named by SANDBOX_BIN, or one built for the purpose.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startService } from "../../../npm/scripts/service.mjs";

const source = fileURLToPath(new URL("../cmd/sandbox", import.meta.url));

/** Starts a sandbox with the flags; resolves to its address and a way to stop it. */
export async function startSandbox(...flags) {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  let binary = process.env.SANDBOX_BIN;
  if (!binary) {
    binary = join(folder, "sandbox");
    execFileSync("go", ["build", "-o", binary, "."], { cwd: source, stdio: "inherit" });
  }
  const { address, stop } = await startService(binary, ["-attached", "-listen", "127.0.0.1:0", ...flags]);
  return {
    url: address,
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
