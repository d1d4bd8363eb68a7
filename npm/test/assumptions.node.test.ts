import { afterAll, beforeAll, describe, inject } from "vitest";
import { assumptions } from "./support/assumptions.js";
import { describeClient } from "./support/client-suite.js";
import { serverAt } from "./support/server.js";
import { startSandbox } from "./support/sandbox.js";
import type { Sandbox } from "./support/sandbox.js";

describe.each(assumptions())("against a server with %s", (assumption) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(inject("sandboxBinary"), ["-assume", assumption]);
  });
  afterAll(() => sandbox.stop());

  describeClient(() => serverAt(sandbox.address));
});
