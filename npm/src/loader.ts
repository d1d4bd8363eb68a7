import { ModuleLoadError } from "./errors.js";
import { nodeFiles } from "./node.js";

/** Where the module comes from: its address, a response, its bytes, a compiled module. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module;

/** Which of the package's modules is loaded, and the script that it stands beside: errors name them. */
export type ModuleFile = "ftrack.wasm beside index.js" | "sandbox.wasm beside sandbox.js";

function remedyFor(file: ModuleFile): string {
  return (
    'With Vite\'s dev server, set optimizeDeps: { exclude: ["ftrack-wasm"] } in vite.config; elsewhere, ' +
    `serve ${file} of the package, or pass its address as the option \`wasm\`.`
  );
}

/**
 * Compiles the module. Without a source it is `ftrack.wasm` beside this file. In Node a `file:` address is read from
 * disk; a page opened by `file:` cannot fetch, and has to pass bytes.
 *
 * @throws {ModuleLoadError} saying what went wrong and what to do; nothing is remembered, a later call tries again.
 */
export async function loadModule(source?: WasmSource | PromiseLike<WasmSource>, file: ModuleFile = "ftrack.wasm beside index.js"): Promise<WebAssembly.Module> {
  const given: unknown = source === undefined ? besideScript() : await settled(source);
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) {
    return compile(given as BufferSource, "the bytes given as `wasm`", file);
  }
  if (typeof Response === "function" && given instanceof Response) return fromResponse(given, file);
  if (typeof given === "string" || given instanceof URL) return fromAddress(given, file);
  throw new ModuleLoadError(
    `the option \`wasm\` is ${describe(given)}; it takes a URL, a Response, bytes, a WebAssembly.Module, or a promise of these`,
  );
}

/** The address is written so that bundlers see which file is meant. */
function besideScript(): URL {
  try {
    return new URL("./ftrack.wasm", import.meta.url);
  } catch (cause) {
    throw new ModuleLoadError("a script that is no module does not know where it stands: pass the address of ftrack.wasm, or its bytes, as the option `wasm`", { cause });
  }
}

async function settled(source: WasmSource | PromiseLike<WasmSource>): Promise<unknown> {
  try {
    return await source;
  } catch (cause) {
    throw new ModuleLoadError(`the promise given as \`wasm\` was rejected: ${messageOf(cause)}`, { cause });
  }
}

async function fromAddress(address: string | URL, file: ModuleFile): Promise<WebAssembly.Module> {
  const url = absolute(address);
  if (url.protocol === "file:" && inNode()) return compile(await readFile(url), url.href, file);
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    const remedy =
      url.protocol === "file:"
        ? "A page opened from a file cannot fetch: read the file another way and pass its bytes as the option `wasm`."
        : `Is the address right, does the server answer, and do its CORS headers and the page's Content-Security-Policy (connect-src) allow it? ${remedyFor(file)}`;
    throw new ModuleLoadError(`${url.href} could not be fetched: ${messageOf(cause)}. ${remedy}`, { cause });
  }
  return fromResponse(response, file, url.href);
}

function absolute(address: string | URL): URL {
  try {
    return new URL(address, base());
  } catch (cause) {
    throw new ModuleLoadError(`the option \`wasm\` is no address: ${JSON.stringify(String(address))}`, { cause });
  }
}

function base(): string {
  if (typeof document === "object") return document.baseURI;
  if (inNode()) return `file://${process.cwd()}/`;
  return typeof location === "object" ? location.href : import.meta.url;
}

async function fromResponse(response: Response, file: ModuleFile, name = response.url || "the response given as `wasm`"): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw new ModuleLoadError(`${name} answered ${response.status} ${response.statusText}`.trimEnd() + `. ${remedyFor(file)}`);
  }
  const type = (response.headers.get("content-type") ?? "").trim().toLowerCase();
  // Streaming refuses every other type, even with a parameter, and servers often have none for .wasm. The bytes tell.
  if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (cause) {
      throw compileFailure(cause, name);
    }
  }
  let bytes: ArrayBuffer;
  try {
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw new ModuleLoadError(`${name} broke off: ${messageOf(cause)}`, { cause });
  }
  return compile(bytes, type ? `${name} (${type})` : name, file);
}

async function compile(bytes: BufferSource, name: string, file: ModuleFile): Promise<WebAssembly.Module> {
  const head = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4))
    : new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 4));
  if (head[0] !== 0 || head[1] !== 0x61 || head[2] !== 0x73 || head[3] !== 0x6d) {
    const seen = head[0] === 0x3c ? "is HTML, not WebAssembly" : head.length ? "is not WebAssembly" : "is empty";
    throw new ModuleLoadError(`${name} ${seen}. ${remedyFor(file)}`);
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw compileFailure(cause, name);
  }
}

function compileFailure(cause: unknown, name: string): ModuleLoadError {
  const text = messageOf(cause);
  const remedy = /content.security.policy|unsafe-eval|blocked by csp/i.test(text)
    ? "The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src."
    : "Is the file whole, and of this version of the package?";
  return new ModuleLoadError(`${name} did not compile: ${text}. ${remedy}`, { cause });
}

function inNode(): boolean {
  return typeof process === "object" && typeof process.versions?.node === "string" && typeof document !== "object";
}

async function readFile(url: URL): Promise<BufferSource> {
  const { fs } = await nodeFiles();
  try {
    return await fs.readFile(url);
  } catch (cause) {
    throw new ModuleLoadError(
      `${url.href} could not be read: ${messageOf(cause)}. A bundler that moved the package has to bring ftrack.wasm along, or pass it as the option \`wasm\`.`,
      { cause },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.+$/, "") : String(error);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? `a ${value.constructor?.name ?? "object"}` : `a ${typeof value}`;
}
