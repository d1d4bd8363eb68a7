// Builds the worker into dist/: worker.mjs with all that it imports.
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildModule, repositoryRoot, wrapRuntime } from "../../../npm/scripts/go.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const dist = join(folder, "dist");
mkdirSync(dist, { recursive: true });
buildModule("./web-demo/gateway/cmd/worker", join(dist, "gateway.wasm"), "0");
wrapRuntime(join(dist, "wasm-exec.js"));
copyFileSync(join(folder, "worker.mjs"), join(dist, "worker.mjs"));
copyFileSync(join(repositoryRoot, "web-demo/fetchserver/host.mjs"), join(dist, "host.mjs"));
