// Builds the package into dist/: index.js, its types, ftrack.wasm. `--js` or `--wasm` build that half only.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { buildModule, packageRoot, repositoryRoot, wrapRuntime } from "./go.mjs";

const only = process.argv[2];
const dist = join(packageRoot, "dist");
const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));

/** Errors are of the same classes, whichever entry throws them. */
const errorsOfIndex = {
  name: "errors-of-index",
  resolveId: (id) => (id.endsWith("/errors.js") ? { id: "./index.js", external: true } : undefined),
};

if (only !== "--wasm") await buildScripts();
if (only !== "--js") {
  buildModule("./wasm", join(dist, "ftrack.wasm"), version);
  buildModule("./web-demo/sandbox/cmd/page", join(dist, "sandbox.wasm"), version);
}

async function buildScripts() {
  wrapRuntime();
  await bundleOf("src/index.ts", { file: join(dist, "index.js"), sourcemap: true });
  const [worker] = await bundleOf("src/sandbox/worker.ts", undefined);
  await bundleOf("src/sandbox/index.ts", { file: join(dist, "sandbox.js"), sourcemap: true, codeSplitting: false }, { FTRACK_SANDBOX_WORKER: JSON.stringify(worker.code) }, [errorsOfIndex]);

  rmSync(join(dist, "types"), { recursive: true, force: true });
  execFileSync(process.execPath, [join(packageRoot, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
    cwd: packageRoot,
    stdio: "inherit",
  });

  const licence = join(repositoryRoot, "LICENSE");
  if (existsSync(licence)) copyFileSync(licence, join(dist, "LICENSE"));
}

/** Bundles one entry of the sources; without a file the output is returned. */
async function bundleOf(input, output, define = {}, plugins = []) {
  const bundle = await rolldown({
    input: join(packageRoot, input),
    platform: "neutral",
    tsconfig: join(packageRoot, "tsconfig.build.json"),
    resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
    transform: { define },
    plugins,
    onLog(level, log) {
      if (level === "warn") throw new Error(log.message);
    },
  });
  const { output: chunks } = output ? await bundle.write({ format: "esm", ...output }) : await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  return chunks;
}
