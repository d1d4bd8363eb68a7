// What the build needs of the Go toolchain: the module itself, and the runtime's half of it in JavaScript.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { forgetLines } from "./forget-lines.mjs";
import { straighten } from "./straighten.mjs";

export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
export const repositoryRoot = dirname(packageRoot);

const go = process.env.GO ?? "go";

/**
 * Inlining makes code fast and large. It is left out where code runs once for a call and not once for a value, which takes
 * 25 KB of 800 off the compressed module.
 */
const cold = ["time", "context", "strings", ...["session", "session/query", "session/schema"].map((name) => `github.com/ftrack-wasm/ftrack-wasm/${name}`)];
export const compilerFlags = cold.map((name) => `-gcflags=${name}=-l`);

/**
 * Builds a main package for js/wasm.
 * @param {string} target package path or folder, relative to the repository's root
 * @param {string} output file to write
 * @param {string} version announced by the module when it starts
 * @param {string} [tags] build tags
 */
export function buildModule(target, output, version, tags = "") {
  mkdirSync(dirname(output), { recursive: true });
  execFileSync(go, ["build", "-trimpath", `-tags=${tags}`, ...compilerFlags, `-ldflags=-s -w -X main.version=${version}`, "-o", output, target], {
    cwd: repositoryRoot,
    env: { ...process.env, GOOS: "js", GOARCH: "wasm", CGO_ENABLED: "0", GOFLAGS: process.env.GOFLAGS ?? "" },
    stdio: "inherit",
  });
  writeFileSync(output, forgetLines(straighten(readFileSync(output)).bytes).bytes);
}

/**
 * Wraps the toolchain's wasm_exec.js in a function whose parameter shadows `globalThis`: the `Go` class, the file
 * system it fakes and whatever the module looks up stay in an object of ours, and the page's globals stay clean.
 * Its one free `fs.` would look for a global; it is turned to the object too, or the text of a panic would be lost.
 */
export function wrapRuntime(output = join(packageRoot, "src/generated/wasm-exec.js")) {
  const root = execFileSync(go, ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const text = readFileSync(join(root, "lib/wasm/wasm_exec.js"), "utf8");
  const freeFs = /(?<![.\w])fs\.writeSync/g;
  if (!freeFs.test(text)) throw new Error("wasm_exec.js: no free fs.writeSync; this Go is not known to the wrapper");
  const body = text.replace(freeFs, "globalThis.fs.writeSync");
  const wrapped = [
    "// wasm_exec.js of the Go that built the module, wrapped at build time. Its licence is Go's, BSD-3-Clause:",
    "// https://go.dev/LICENSE.",
    "export function wasmExec(globalThis) {",
    body,
    "return globalThis.Go;",
    "}",
    "",
  ].join("\n");
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, wrapped);
}
