import { hasIndexedDB } from "../database.js";
import { InvalidArgumentError } from "../errors.js";
import { forgetRepliesOf } from "../idb/names.js";
import { loadModule } from "../loader.js";
import type { WasmSource } from "../loader.js";
import { eraseJournals } from "./journal.js";
import type { Program, SentRequest, Settings } from "./program.js";
import { startRemote } from "./remote.js";
import { socketClass } from "./socket.js";
import { workerScript } from "./worker-script.js";

/** Options of `createSandbox`. */
export interface SandboxOptions {
  /** `demo` by default; `large` has 100,000 tasks, `empty` has none. */
  production?: "demo" | "large" | "empty";
  /** Number of tasks of the production; by default 10,000 of `demo`. */
  tasks?: number;
  /** The name of the user; `demo` by default. */
  apiUser?: string;
  /** Keeps what is changed in this browser under a name, for the next visit; by default it is gone with the page. */
  persist?: string;
  /** Where `sandbox.wasm` comes from; by default it stands beside this script. */
  wasm?: WasmSource | PromiseLike<WasmSource>;
}

/** An ftrack server inside the page: `Session.open(sandbox)`. */
export interface Sandbox {
  readonly serverUrl: string;
  readonly apiUser: string;
  readonly apiKey: string;
  /** Asks the sandbox; what is not for it goes to the network. */
  readonly fetch: typeof fetch;
  /** Sockets of the sandbox's event server. */
  readonly WebSocket: typeof WebSocket;
  /** Nothing is kept of a sandbox that is gone with its page: a session would show it as the rows of the next one. */
  readonly cache?: null;
  /** Ends it. What waits is rejected, and what asks afterwards. */
  close(): void;
}

// It is never asked by the network: no such name resolves.
const HOST = "sandbox.invalid";

/**
 * Starts a server that speaks ftrack's API over a made-up production, in a worker of its own: to try a session out, to host a page as static
 * files, to test a page without an account. One instance serves all requests; several sandboxes do not know of each other.
 */
export async function createSandbox(options?: SandboxOptions | null): Promise<Sandbox> {
  const settings = settingsOf(options ?? {});
  const module = await loadModule(options?.wasm ?? new URL("./sandbox.wasm", import.meta.url), "sandbox.wasm beside sandbox.js");
  const program = await start(module, settings);
  const { serverUrl, apiUser, apiKey } = settings;
  const sandbox = { serverUrl, apiUser, apiKey, fetch: fetchOf(program, serverUrl), WebSocket: socketClass(program, serverUrl), ...(settings.persist === undefined && { cache: null }) };
  // Not among the options that Session.open reads.
  return Object.defineProperty(sandbox, "close", { value: () => program.close() }) as Sandbox;
}

/** Erases what sandboxes, and sessions with them, keep under a name in this browser. Close them first. */
export async function forgetSandbox(name: string): Promise<void> {
  await eraseJournals(name);
  await forgetRepliesOf(beginOf(name));
}

/** How the addresses of the sandboxes begin that keep their changes under a name: each production has its own, for what sessions keep of it. */
function beginOf(persist: string): string {
  let sum = 0x811c9dc5;
  for (const char of persist) sum = Math.imul(sum ^ char.codePointAt(0)!, 0x01000193);
  return `https://kept-${(sum >>> 0).toString(16)}-`;
}

const OPTIONS: readonly string[] = ["production", "tasks", "apiUser", "persist", "wasm"] satisfies (keyof SandboxOptions)[];

function settingsOf(options: SandboxOptions): Settings {
  if (typeof options !== "object" || Array.isArray(options)) throw new InvalidArgumentError(`createSandbox: the options must be an object with any of ${OPTIONS.join(", ")}`);
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`createSandbox: unknown option "${unknown}"; the options are ${OPTIONS.join(", ")}`);
  const { production = "demo", tasks = 0, apiUser = "demo", persist } = options;
  if (!["demo", "large", "empty"].includes(production)) throw new InvalidArgumentError('createSandbox: production must be "demo", "large" or "empty"');
  if (!Number.isSafeInteger(tasks) || tasks < 0) throw new InvalidArgumentError("createSandbox: tasks must be a whole number, 0 or more");
  if (typeof apiUser !== "string" || apiUser === "") throw new InvalidArgumentError("createSandbox: apiUser must be text");
  if (persist !== undefined && (typeof persist !== "string" || persist === "")) throw new InvalidArgumentError("createSandbox: persist must be a name");
  if (persist !== undefined && !hasIndexedDB()) throw new InvalidArgumentError("createSandbox: persist needs IndexedDB, which is not here");
  const serverUrl = persist === undefined ? `https://${HOST}` : `${beginOf(persist)}${production}-${tasks}.${HOST}`;
  return { production, tasks, apiUser, apiKey: "sandbox-key", serverUrl, persist };
}

/** Where there are no workers of the web, as in Node, it runs beside the program. */
async function start(module: WebAssembly.Module, settings: Settings): Promise<Program> {
  if (typeof Worker === "function") return startRemote(workerScript, module, settings);
  const { startProgram } = await import("./program.js");
  return startProgram(module, settings);
}

function fetchOf(program: Program, serverUrl: string): typeof fetch {
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (address !== serverUrl && !address.startsWith(`${serverUrl}/`)) return fetch(input, init);
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    const request = new Request(input, { ...init, ...(init?.body instanceof ReadableStream && { duplex: "half" }) });
    const sent: SentRequest = {
      method: request.method,
      url: request.url,
      headers: [...request.headers],
      body: request.body || init?.body ? new Uint8Array(await request.arrayBuffer()) : null,
    };
    const response = await unlessAborted(program.fetch(sent, request.signal), signal);
    Object.defineProperty(response, "url", { value: request.url });
    return response;
  };
}

/** What is asked for, or the reason of a signal that says that nobody waits any more. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined | null): Promise<T> {
  if (!signal) return work;
  let leave: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", leave!);
  }
}
