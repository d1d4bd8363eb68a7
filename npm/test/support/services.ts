import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildModule, repositoryRoot } from "../../scripts/go.mjs";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of a real sandbox with a small demo production. */
    sandbox: string;
    /** Address of the core, built so that it can be told to die. */
    faultyCore: string;
  }
}

/**
 * Starts what specs need beside the package: the sandbox (`SANDBOX_BIN`, or built from this repository), and a core that dies
 * on request.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "ftrack-wasm-test-"));
  const { version } = (await import("../../package.json", { with: { type: "json" } })).default;
  buildModule("./wasm", join(folder, "faults.wasm"), version, "faults");
  const sandbox = startSandbox(folder);
  const files = await serve(folder);
  project.provide("faultyCore", `${files.address}/faults.wasm`);
  project.provide("sandbox", await sandbox.address);
  return async () => {
    files.server.close();
    sandbox.process.kill();
    await rm(folder, { recursive: true, force: true });
  };
}

function startSandbox(folder: string): { process: ChildProcess; address: Promise<string> } {
  const binary = process.env.SANDBOX_BIN ?? join(folder, "sandbox");
  if (!process.env.SANDBOX_BIN) {
    execFileSync(process.env.GO ?? "go", ["build", "-o", binary, "./web-demo/sandbox/cmd/sandbox"], { cwd: repositoryRoot, stdio: "inherit" });
  }
  const child = spawn(binary, ["-listen", "127.0.0.1:0", "-production", "demo"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = new Promise<string>((resolve, reject) => {
    let seen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      const ready = /sandbox ready (http:\S+)/.exec(seen);
      if (ready) resolve(ready[1]!);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with code ${code} before it was ready`)));
  });
  return { process: child, address };
}

async function serve(folder: string): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-type", "application/wasm");
    createReadStream(join(folder, (request.url ?? "/").slice(1)))
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  return { server, address: `http://127.0.0.1:${address.port}` };
}
