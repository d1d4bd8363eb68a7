import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { repositoryRoot } from "../scripts/go.mjs";
import { describeClient } from "./support/client-suite.js";
import { serverAt } from "./support/server.js";
import { startSandbox } from "./support/sandbox.js";
import type { Sandbox } from "./support/sandbox.js";

/** The behaviours that nobody has verified, with the values that the sandbox can take for each; the first is its default. */
function assumptions(): string[] {
  const source = readFileSync(join(repositoryRoot, "web-demo/sandbox/assume.go"), "utf8");
  return [...source.matchAll(/\{"([a-z-]+)", \[\]string\{([^}]*)\}\}/g)].flatMap(([, name, values]) =>
    [...values!.matchAll(/"([^"]+)"/g)].slice(1).map(([, value]) => `${name}=${value}`),
  );
}

describe.each(assumptions())("against a server with %s", (assumption) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(inject("sandboxBinary"), ["-assume", assumption]);
  });
  afterAll(() => sandbox.stop());

  describeClient(() => serverAt(sandbox.address));
});
