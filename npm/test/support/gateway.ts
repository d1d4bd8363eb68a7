import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../scripts/go.mjs";
import { startService, type Service } from "../../scripts/service.mjs";

/** Starts gateways before ftrack servers, and signs tokens for them. */
export class Gateways {
  readonly #binary: string;
  readonly #folder: string;
  readonly #secretFile: string;

  /** `GATEWAY_BIN`, or built from this repository into a folder. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#binary = process.env.GATEWAY_BIN ?? join(folder, "gateway");
    if (!process.env.GATEWAY_BIN) execFileSync(process.env.GO ?? "go", ["build", "-o", this.#binary, "./web-demo/gateway/cmd/gateway"], { cwd: repositoryRoot, stdio: "inherit" });
    this.#secretFile = join(folder, "gateway-secret");
    writeFileSync(this.#secretFile, "the secret of the gateway that the specs run through");
  }

  /** A token of the user demo. */
  token(scope: "read" | "write", life = "24h"): string {
    return execFileSync(this.#binary, ["token", "-secret-file", this.#secretFile, "-sub", "demo", "-scope", scope, "-for", life], { encoding: "utf8" }).trim();
  }

  async start(target: string, apiKey: string): Promise<Service> {
    const keyFile = join(this.#folder, `gateway-key-${new URL(target).port}`);
    writeFileSync(keyFile, apiKey);
    // Vitest serves its pages at the first port that is free.
    const origins = Array.from({ length: 64 }, (_, i) => `http://localhost:${63300 + i}`).join(",");
    return startService(this.#binary, [
      "-listen", "127.0.0.1:0", "-target", target, "-key-file", keyFile, "-secret-file", this.#secretFile, "-origins", origins, "-rate", "0", "-max-body", "67108864", "-quiet",
    ]);
  }
}
