import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildModule } from "../../scripts/go.mjs";
import { assumptions } from "./assumptions.js";
import { Gateways } from "./gateway.js";
import { sandboxBinary, startSandbox } from "./sandbox.js";
import type { Holding } from "./server.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of a real sandbox with a small demo production. */
    sandbox: string;
    /** Address of one that allows other origins no more than the public clients need. */
    strictSandbox: string;
    /** Address of a real sandbox without a production; what a test puts there it takes away again. */
    emptySandbox: string;
    /** Address of one whose storage makes faults when it is told to. */
    uploadSandbox: string;
    /** The sandbox's program, to start others. */
    sandboxBinary: string;
    /** How specs reach their server. */
    through: "network" | "page" | "gateway";
    /** Gateways before sandboxes, and tokens of the user demo. */
    gateway: { addresses: Record<Holding, string>; token: string; readToken: string };
    /** Address of one without a production whose event server tests may hinder. */
    eventSandbox: string;
    /** How often the test of lost connections loses them. */
    chaosLosses: number;
    /** What the sandbox can be told to assume, as NAME=VALUE. */
    assumptions: string[];
    /** How many sequences of changes live queries are tested with, how many bursts each has, and whether under all assumptions. */
    liveProperty: { sequences: number; bursts: number; everywhere: boolean };
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
  const binary = sandboxBinary(folder);
  const sandboxes = await Promise.all([startSandbox(binary), startSandbox(binary, ["-assume", "strict-cors=on"]), startSandbox(binary, ["-production", "empty"]), startSandbox(binary, ["-encode", "20ms"]), startSandbox(binary, ["-production", "empty"])]);
  const gateways = new Gateways(folder);
  const guarded = await Promise.all(([0, 2, 3, 4] as const).map((i) => gateways.start(sandboxes[i].address, "demo-key")));
  const [demo, empty, uploads, events] = guarded.map(({ address }) => address) as [string, string, string, string];
  project.provide("gateway", { addresses: { demo, empty, uploads, events }, token: gateways.token("write"), readToken: gateways.token("read") });
  const files = await serve(folder);
  project.provide("faultyCore", `${files.address}/faults.wasm`);
  project.provide("chaosLosses", Number(process.env.CHAOSLOSSES ?? 8));
  project.provide("sandboxBinary", binary);
  project.provide("assumptions", assumptions());
  project.provide("liveProperty", { sequences: Number(process.env.LIVESEQUENCES ?? 1), bursts: Number(process.env.LIVEBURSTS ?? 3), everywhere: !!process.env.LIVESEQUENCES });
  project.provide("sandbox", sandboxes[0].address);
  project.provide("strictSandbox", sandboxes[1].address);
  project.provide("uploadSandbox", sandboxes[3].address);
  project.provide("emptySandbox", sandboxes[2].address);
  project.provide("eventSandbox", sandboxes[4].address);
  return async () => {
    files.server.close();
    await Promise.all([...guarded, ...sandboxes].map((each) => each.stop()));
    await rm(folder, { recursive: true, force: true });
  };
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
