// Says what the module weighs (raw, gzip, brotli) against its budget, and where the bytes are: sections, packages,
// functions. `node .tools/size.mjs [rows]`; exits 1 over the budget.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { compilerFlags } from "../npm/scripts/go.mjs";
import { straighten } from "../npm/scripts/straighten.mjs";
import { readModule } from "./wasm-module.mjs";

const budget = 1_000_000; // of the whole session; its reading and writing half stood at 783,000 when they were done
const rows = Number(process.argv[2] ?? 25);
const goEnvironment = { ...process.env, GOOS: "js", GOARCH: "wasm", CGO_ENABLED: "0" };

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

const shipped = readFileSync("npm/dist/ftrack.wasm");
const compressed = brotli(shipped);
const sizes = { raw: shipped.length, gzip: gzipSync(shipped, { level: 9 }).length, brotli: compressed };
for (const [name, size] of Object.entries(sizes)) console.log(`ftrack.wasm ${name.padEnd(6)} ${String(size).padStart(8)} bytes  ${kib(size).padStart(10)}`);
console.log(`budget      brotli ${String(budget).padStart(8)} bytes  ${kib(budget).padStart(10)}  ${compressed <= budget ? `${budget - compressed} bytes left` : `${compressed - budget} BYTES TOO MANY`}`);

console.log("\nsections of the shipped module: bytes, and brotli of each on its own");
for (const { name, bytes } of readModule(shipped).sections) {
  if (bytes.length >= 4096) print(bytes.length, name, `brotli ${String(brotli(bytes)).padStart(7)}`);
}

const { functions } = readModule(buildWithNames());
const packageOf = packageFinder();
const packages = new Map();
for (const { name, size } of functions) {
  const owner = packageOf(name);
  packages.set(owner, (packages.get(owner) ?? 0) + size);
}
const code = functions.reduce((sum, { size }) => sum + size, 0);
console.log(`\ncode by package, bytes before compression (${code} in all, ${functions.length} functions)`);
for (const [name, size] of [...packages].sort((a, b) => b[1] - a[1]).slice(0, rows)) print(size, name, `${((100 * size) / code).toFixed(1).padStart(5)} %`);
console.log("\nlargest functions");
for (const { name, size } of functions.sort((a, b) => b.size - a.size).slice(0, rows)) print(size, name);

process.exitCode = compressed <= budget ? 0 : 1;

function print(size, name, note = "") {
  console.log(`${String(size).padStart(9)}  ${note ? `${note}  ` : ""}${name}`);
}

/** The module as it is shipped, with the name section that the shipped one lacks. @returns {Buffer} */
function buildWithNames() {
  const folder = mkdtempSync(join(tmpdir(), "ftrack-size-"));
  try {
    const output = join(folder, "named.wasm");
    execFileSync("go", ["build", "-trimpath", ...compilerFlags, "-o", output, "./wasm"], { env: goEnvironment });
    return Buffer.from(straighten(readFileSync(output)).bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The linker replaces what is no letter, digit or dot by "_" in names: packages are found by their longest match. */
function packageFinder() {
  const list = execFileSync("go", ["list", "-deps", "./wasm"], { encoding: "utf8", env: goEnvironment }).split("\n").filter(Boolean);
  const mangled = list.map((path) => [`${path.replace(/[^\w.]/g, "_")}.`, path]).sort((a, b) => b[0].length - a[0].length);
  return (name) => {
    if (/^type_/.test(name)) return "(equality and hash functions of types)";
    return mangled.find(([prefix]) => name.startsWith(prefix))?.[1] ?? "(start-up, exports, others)";
  };
}
