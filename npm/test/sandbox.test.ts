import { describe, inject } from "vitest";
import { describeClient } from "./support/client-suite.js";
import { serverAt, testServer } from "./support/server.js";

describe("against a server", () => {
  describeClient(() => testServer());
});

if (inject("through") === "network") {
  describe("against a server that allows other origins as little as it may", () => {
    describeClient(() => serverAt(inject("strictSandbox")), { strictMode: false });
  });
}
