// Says what the module weighs: raw, gzip, brotli, and which packages its code comes from.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const budget = 800_000;
const module = readFileSync("npm/dist/ftrack.wasm");
const gzip = gzipSync(module, { level: 9 }).length;
const brotli = brotliCompressSync(module, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
console.log(`ftrack.wasm: ${module.length} bytes, gzip ${gzip}, brotli ${brotli} (${(brotli / 1024).toFixed(1)} KiB) of ${budget}`);

const folder = mkdtempSync(join(tmpdir(), "ftrack-size-"));
try {
  const output = join(folder, "named.wasm");
  execFileSync("go", ["build", "-trimpath", "-o", output, "./wasm"], { env: { ...process.env, GOOS: "js", GOARCH: "wasm" } });
  report(readFileSync(output));
} finally {
  rmSync(folder, { recursive: true });
}

/** Sums the code of a module with a name section by package. @param {Buffer} bytes */
function report(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return bytes.toString("utf8", at - length, at);
  };
  let imports = 0;
  const sizes = [];
  const names = new Map();
  while (at < bytes.length) {
    const id = bytes[at++];
    const length = number();
    const end = at + length;
    if (id === 2) {
      for (let left = number(); left > 0; left--) {
        text();
        text();
        if (bytes[at++] !== 0) break;
        number();
        imports++;
      }
    } else if (id === 10) {
      for (let left = number(); left > 0; left--) {
        const size = number();
        sizes.push(size);
        at += size;
      }
    } else if (id === 0 && text() === "name") {
      while (at < end) {
        const part = bytes[at++];
        const partEnd = number() + at;
        if (part === 1) for (let left = number(); left > 0; left--) names.set(number(), text());
        at = partEnd;
      }
    }
    at = end;
  }
  const packages = new Map();
  sizes.forEach((size, index) => {
    const name = (names.get(index + imports) ?? "?").replace(/^github\.com_/, "");
    const folder = /^[^.]*/.exec(name)[0];
    packages.set(folder, (packages.get(folder) ?? 0) + size);
  });
  for (const [name, size] of [...packages].sort((a, b) => b[1] - a[1]).slice(0, 20)) console.log(`${String(size).padStart(9)}  ${name}`);
}
