import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumFlags, chromiumPath } from "./test/support/chromium.js";
import { sandboxCommands } from "./test/support/sandbox-commands.js";

// The specs run against what is published: the built package.
const built = (file: string): string => fileURLToPath(new URL(`./dist/${file}`, import.meta.url));
const alias = [
  { find: /^ftrack-wasm$/, replacement: built("index.js") },
  { find: /^ftrack-wasm\/sandbox$/, replacement: built("sandbox.js") },
];
const specs = ["test/**/*.test.ts"];
const nodeOnly = ["test/**/*.node.test.ts"];
const browserOnly = ["test/**/*.browser.test.ts"];
const schemaFolder = join(tmpdir(), `ftrack-wasm-test-schemas-${process.pid}`);
process.once("exit", () => rmSync(schemaFolder, { recursive: true, force: true }));
const spec = (name: string): string => `test/${name}.test.ts`;
// These need a server, and pass with each: over the network, inside the page, and behind the gateway.
const withServer = ["sandbox", "write", "scripts", "custom-attributes", "live", "components", "helpers", "uploads.browser", "event-hub", "event-chaos.browser"].map(spec);
// A socket that the page makes itself is not shared with other tabs.
const withGateway = [...withServer, spec("shared-tabs.browser")];
const common = { globalSetup: ["test/support/services.ts"], testTimeout: 20_000, hookTimeout: 60_000 };

const chromium = (name: string): object => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  commands: sandboxCommands,
  provider: playwright({ launchOptions: { ...(chromiumPath && { executablePath: chromiumPath }), args: [...chromiumFlags, "--js-flags=--expose-gc"] } }),
  instances: [{ browser: "chromium", name }],
});

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: { ...common, name: "node", provide: { through: "network" }, include: specs, exclude: browserOnly, environment: "node", env: { FTRACK_API_SCHEMA_CACHE_PATH: schemaFolder }, execArgv: ["--expose-gc", "--experimental-websocket"] },
      },
      {
        resolve: { alias },
        test: {
          ...common,
          name: "chromium",
          provide: { through: "network" },
          include: specs,
          exclude: nodeOnly,
          fileParallelism: false,
          browser: chromium("chromium (chromium)"),
        },
      },
      ...(["page", "gateway"] as const).map((through) => ({
        resolve: { alias },
        test: { ...common, name: through, provide: { through }, include: through === "page" ? withServer : withGateway, fileParallelism: false, browser: chromium(`${through} (chromium)`) },
      })),
      {
        test: { name: "packaging", include: ["packaging/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false },
      },
    ],
  },
});
