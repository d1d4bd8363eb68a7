import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumFlags, chromiumPath } from "./test/support/chromium.js";

// The specs run against what is published: the built package.
const alias = { "ftrack-wasm": fileURLToPath(new URL("./dist/index.js", import.meta.url)) };
const specs = ["test/**/*.test.ts"];
const nodeOnly = ["test/**/*.node.test.ts"];
const browserOnly = ["test/**/*.browser.test.ts"];
const schemaFolder = join(tmpdir(), `ftrack-wasm-test-schemas-${process.pid}`);
process.once("exit", () => rmSync(schemaFolder, { recursive: true, force: true }));
const common = { globalSetup: ["test/support/services.ts"], testTimeout: 20_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: { ...common, name: "node", include: specs, exclude: browserOnly, environment: "node", env: { FTRACK_API_SCHEMA_CACHE_PATH: schemaFolder }, execArgv: ["--expose-gc", "--experimental-websocket"] },
      },
      {
        resolve: { alias },
        test: {
          ...common,
          name: "chromium",
          include: specs,
          exclude: nodeOnly,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { ...(chromiumPath && { executablePath: chromiumPath }), args: [...chromiumFlags, "--js-flags=--expose-gc"] } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: { name: "packaging", include: ["packaging/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false },
      },
    ],
  },
});
