import { describe, inject } from "vitest";
import { describeClient } from "./support/client-suite.js";

describe("against a server", () => {
  describeClient(() => inject("sandbox"));
});

describe("against a server that allows other origins as little as it may", () => {
  describeClient(() => inject("strictSandbox"), { strictMode: false });
});
