// Builds the package into dist/: index.js, its types, ftrack.wasm. `--js` or `--wasm` build that half only.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { buildModule, packageRoot, repositoryRoot, wrapRuntime } from "./go.mjs";

const only = process.argv[2];
const dist = join(packageRoot, "dist");
const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));

if (only !== "--wasm") await buildScripts();
if (only !== "--js") buildModule("./wasm", join(dist, "ftrack.wasm"), version);

async function buildScripts() {
  wrapRuntime();
  const bundle = await rolldown({
    input: join(packageRoot, "src/index.ts"),
    platform: "neutral",
    tsconfig: join(packageRoot, "tsconfig.build.json"),
    resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
    onLog(level, log) {
      if (level === "warn") throw new Error(log.message);
    },
  });
  await bundle.write({ file: join(dist, "index.js"), format: "esm", sourcemap: true });
  await bundle.close();

  rmSync(join(dist, "types"), { recursive: true, force: true });
  execFileSync(process.execPath, [join(packageRoot, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
    cwd: packageRoot,
    stdio: "inherit",
  });

  const licence = join(repositoryRoot, "LICENSE");
  if (existsSync(licence)) copyFileSync(licence, join(dist, "LICENSE"));
}
