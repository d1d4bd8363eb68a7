import { errorFromCore } from "./core-errors.js";
import { AuthenticationError, ConnectionClosedError, CoreCrashedError, InvalidArgumentError, ModuleLoadError } from "./errors.js";
import { failureText } from "./failure-text.js";
import { wasmExec } from "./generated/wasm-exec.js";
import type { Go } from "./generated/wasm-exec.js";
import { makeHost } from "./host.js";
import type { CoreApi, Host, RequestSettings } from "./host.js";
import { loadModule } from "./loader.js";
import type { WasmSource } from "./loader.js";
import { VERSION } from "./version.js";

/**
 * The module's exports: integers in, integers out. They never wait and start no work. `s` is a session, `h` a record's
 * handle, above 0. What one writes into the scratch area stands until the next call.
 */
export interface CoreExports {
  mem: WebAssembly.Memory;
  getsp(): number;
  ftrack_scratch(): number;
  ftrack_buffer(): number;
  ftrack_epoch(s: number): number;
  ftrack_read(s: number, h: number, slot: number): number;
  ftrack_read_remote(s: number, h: number, slot: number): number;
  ftrack_dropped_at(s: number): number;
  ftrack_records_at(s: number, h: number): number;
  ftrack_block_at(s: number, h: number, slot: number): number;
  ftrack_chunk_at(s: number, chunk: number): number;
  ftrack_version(s: number, h: number): number;
  ftrack_type(s: number, h: number): number;
  ftrack_slot(s: number, h: number, ptr: number, length: number): number;
  ftrack_slots(s: number, h: number): number;
  ftrack_slot_name(s: number, h: number, slot: number): number;
  ftrack_type_name(s: number, index: number): number;
  ftrack_watch(s: number, h: number, on: number): void;
  ftrack_sweep_begin(s: number): number;
  ftrack_sweep_root(s: number, h: number): void;
  ftrack_sweep_step(s: number, budget: number): number;
  ftrack_stats(s: number, what: number): number;
  ftrack_gc(): number;
  ftrack_reserve(length: number): number;
  ftrack_write(s: number, ptr: number, length: number): number;
  ftrack_set(s: number, h: number, slot: number, ptr: number, length: number): number;
}

/** How a call ended well. Page handles and texts are copies; `type` is the number of the type that all rows have, or -1. */
export type Settlement =
  | { readonly kind: "value"; readonly text: string }
  | ({ readonly kind: "page"; readonly handles: Int32Array; readonly type: number } & PageState)
  | ({ readonly kind: "rows"; readonly text: string } & PageState);

/** What is told of a page beside its rows. */
export interface PageState {
  /** No page follows. */
  readonly done: boolean;
  readonly fromCache: boolean;
  readonly stale: boolean;
  /** Milliseconds since 1970; 0 where nothing was fetched. */
  readonly fetchedAt: number;
}

/** What a session hears from its core. */
export interface SessionLink {
  readonly settings: RequestSettings;
  /** Watched records that a merge changed. */
  changed(handles: Int32Array): void;
  /** The server does not take the session's credentials. */
  refused(): void;
  /** An event for handlers, JSON; tells whether one stopped it. */
  deliver(text: string): boolean;
  /** What a live query has to tell; the bytes are a copy. */
  live(liveId: number, status: number, bytes: Uint8Array<ArrayBuffer>): void;
  /** Puts 0 in the place of records that nothing holds. */
  holding(handles: Int32Array): void;
  /** The core died; nothing may call it any more. */
  died(): void;
}

interface PendingCall {
  resolve(settlement: Settlement): void;
  fail(reason: unknown): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const NOTHING: Settlement = { kind: "value", text: "" };

/** The longest tail of the runtime's error output that is kept. */
const TRACE_LIMIT = 16_384;

/** One instance of the module, shared by the sessions of a page, with all that may be known of its life and death. */
export class Core {
  readonly exports: CoreExports;
  /** Views of the whole linear memory. They empty when it grows: `refresh` where `u8.length` is 0. */
  u8!: Uint8Array;
  u32!: Uint32Array;
  i32!: Int32Array;
  f64!: Float64Array;
  /** Address of the scratch area. */
  readonly scratch: number;
  /** What the result of a read bears beside its kind; see `CoreApi.readMark`. */
  readonly readMark: number;
  /** Address of 4,096 bytes for names and lists. */
  readonly buffer: number;

  readonly #api: CoreApi;
  readonly #go: Go;
  readonly #silence: () => void;
  readonly #calls: Map<number, PendingCall>;
  readonly #sessions: Map<number, SessionLink>;
  readonly #opening: Map<number, RequestSettings>;
  readonly #trace: Trace;
  #lastCall = 0;
  #held = false;
  readonly #staying = new Set<number>();
  #death: { message: string; cause: unknown } | undefined;

  private constructor(parts: CoreParts) {
    this.exports = parts.exports;
    this.#api = parts.api;
    this.readMark = parts.api.readMark ?? 0;
    this.#go = parts.go;
    this.#silence = parts.silence;
    this.#calls = parts.calls;
    this.#sessions = parts.sessions;
    this.#opening = parts.opening;
    this.#trace = parts.trace;
    this.refresh();
    this.scratch = this.exports.ftrack_scratch();
    this.buffer = this.exports.ftrack_buffer();
    this.refresh();
  }

  /**
   * Starts an instance.
   * @throws {ModuleLoadError} where the module is not this package's, or of another version.
   */
  static async start(module: WebAssembly.Module): Promise<Core> {
    const calls = new Map<number, PendingCall>();
    const sessions = new Map<number, SessionLink>();
    const opening = new Map<number, RequestSettings>();
    const trace = new Trace();
    const started: { core?: Core } = {};
    let api: CoreApi | undefined;
    let early: unknown;

    const { host, silence } = makeHost({
      ready: (given) => void (api = given),
      settle(callId, status, ptr, length) {
        const call = calls.get(callId);
        calls.delete(callId);
        if (call) settle(call, status, new Uint8Array(exports.mem.buffer, ptr, length));
      },
      changed: (sessionId, ptr, count) => sessions.get(sessionId)?.changed(new Int32Array(exports.mem.buffer, ptr, count).slice()),
      deliver(sessionId, ptr, length, then) {
        const text = decoder.decode(new Uint8Array(exports.mem.buffer, ptr, length));
        // Handlers call the core, which is calling right now.
        queueMicrotask(() => then(sessions.get(sessionId)?.deliver(text) ?? false));
      },
      live: (sessionId, liveId, status, ptr, length) => sessions.get(sessionId)?.live(liveId, status, new Uint8Array(exports.mem.buffer, ptr, length).slice()),
      holding: (sessionId, ptr, count) => sessions.get(sessionId)?.holding(new Int32Array(exports.mem.buffer, ptr, count)),
      memory: () => exports.mem.buffer,
      settings: (id) => (id < 0 ? opening.get(-id) : sessions.get(id)?.settings) ?? DEFAULT_SETTINGS,
    });
    const die = (message: string, cause?: unknown): void => {
      early ??= cause ?? message;
      started.core?.die(message, cause);
    };

    const go = new (wasmExec(privateGlobals(host, trace)))();
    // Values hold no pointers, so most of the memory costs a collection nothing; half as many take 5 % off a query.
    go.env = { GOGC: "200" };
    go.exit = (code) => die(`the core exited with code ${code}`);
    const resume = go._resume.bind(go);
    go._resume = function () {
      if (early !== undefined) return;
      try {
        resume();
      } catch (error) {
        die(`the core broke: ${String(error)}`, error);
      }
      started.core?.restTimers();
    };

    let instance: WebAssembly.Instance;
    try {
      instance = await WebAssembly.instantiate(module, go.importObject);
    } catch (cause) {
      throw new ModuleLoadError(`the module does not fit this package (ftrack-wasm ${VERSION}): ${String(cause)}`, { cause });
    }
    const exports = instance.exports as unknown as CoreExports;
    go.run(instance).then(
      () => die("the core's program ended"),
      (error: unknown) => die(`the core broke: ${String(error)}`, error),
    );
    // Main has run up to its first wait by now, so what it has to say has been said.
    if (!api) {
      await Promise.resolve();
      const why = trace.summary() || (early === undefined ? "it is not ftrack.wasm" : String(early));
      throw new ModuleLoadError(`the module did not announce itself to ftrack-wasm ${VERSION}: ${why}`, { cause: early });
    }
    if (api.version !== VERSION) {
      silence();
      throw new ModuleLoadError(
        `ftrack.wasm is version ${api.version}, but the JavaScript of ftrack-wasm is version ${VERSION}: ` +
          "serve the ftrack.wasm that came with this version (an old copy in a cache or a public folder is the usual cause)",
      );
    }
    started.core = new Core({ exports, api, go, silence, calls, sessions, opening, trace });
    return started.core;
  }

  /** The instance that sessions of this page share, started from `source` where none lives yet. */
  static shared(source?: WasmSource | PromiseLike<WasmSource>): Promise<Core> {
    if (shared) {
      ignoreRejection(source);
      return shared;
    }
    const starting = loadModule(source).then((module) => Core.start(module));
    shared = starting;
    // A failed load must not be remembered: the next Session.open tries anew.
    starting.then(
      (core) => {
        if (core.dead && shared === starting) shared = undefined;
      },
      () => {
        if (shared === starting) shared = undefined;
      },
    );
    return starting;
  }

  get dead(): boolean {
    return this.#death !== undefined;
  }

  get version(): string {
    return this.#api.version;
  }

  /** Renews the views after the memory has grown. */
  refresh(): void {
    const buffer = this.exports.mem.buffer;
    this.u8 = new Uint8Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** Tells the core's messages about a session where to go. */
  attach(sessionId: number, link: SessionLink): void {
    this.#sessions.set(sessionId, link);
  }

  detach(sessionId: number): void {
    this.#sessions.delete(sessionId);
    this.stay(sessionId, false);
  }

  /** Whether a Node process is to go on for a session without any call: nobody may be waiting for what its hub brings. */
  stay(sessionId: number, on: boolean): void {
    if (on) this.#staying.add(sessionId);
    else this.#staying.delete(sessionId);
    this.restTimers();
  }

  /**
   * Runs an operation of the core. Aborting rejects at once with the signal's reason and cancels the core's work.
   * `abandoned` hears of a result that came in spite of that, to free what it names. `settings` are for the requests of
   * `open`, which leave before the session has an id.
   */
  async request(
    sessionId: number,
    op: string,
    payload: object | Uint8Array<ArrayBuffer>,
    options: { signal?: AbortSignal | undefined; settings?: RequestSettings; abandoned?: (settlement: Settlement) => void; patient?: boolean } = {},
  ): Promise<Settlement> {
    const { signal, settings, abandoned, patient } = options;
    if (this.#death) throw this.#crashed();
    signal?.throwIfAborted();
    const bytes = encoded(op, payload);
    const callId = this.#nextCall();
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<Settlement>((resolve, reject) => {
        // Registered before the core hears of it: the reply may come before dispatch returns.
        this.#calls.set(callId, { resolve, fail: reject });
        if (signal) {
          onAbort = () => {
            // Who is patient hears from the core how it ended: what was sent cannot be called back.
            const cancelled = encoded("cancel", { call: callId });
            if (patient) return this.#dispatch(sessionId, 0, "cancel", cancelled);
            this.#calls.set(callId, { resolve: (late) => abandoned?.(late), fail: () => undefined });
            reject(signal.reason);
            this.#dispatch(sessionId, 0, "cancel", cancelled);
          };
          signal.addEventListener("abort", onAbort, { once: true });
        }
        if (settings) this.#opening.set(callId, settings);
        this.#dispatch(sessionId, callId, op, bytes);
      });
    } catch (error) {
      // Described here rather than where the core settled, so that its stack leads to who called.
      if (!(error instanceof Described)) throw error;
      const told = errorFromCore(error.json);
      if (told instanceof AuthenticationError) this.#sessions.get(sessionId)?.refused();
      throw told;
    } finally {
      this.#opening.delete(callId);
      if (onAbort) signal!.removeEventListener("abort", onAbort);
    }
  }

  /** Starts an operation whose end interests nobody. */
  tell(sessionId: number, op: string, payload: object | Uint8Array<ArrayBuffer>): void {
    if (this.#death) return;
    const bytes = encoded(op, payload);
    const callId = this.#nextCall();
    this.#calls.set(callId, { resolve: () => undefined, fail: () => undefined });
    this.#dispatch(sessionId, callId, op, bytes);
  }

  /** Lets run what a synchronous change has woken. */
  wake(): void {
    if (this.#death) return;
    try {
      this.#api.wake();
    } catch (error) {
      this.die(`the core broke: ${String(error)}`, error);
    }
  }

  /** Marks the instance dead: pending calls reject, sessions let go, the next `shared` starts a fresh one. */
  die(message: string, cause?: unknown): void {
    if (this.#death) return;
    this.#death = { message, cause };
    shared = undefined;
    this.#silence();
    for (const timer of this.#go._scheduledTimeouts.values()) clearTimeout(timer);
    this.#go._scheduledTimeouts.clear();
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    const links = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const link of links) link.died();
    // The runtime writes what went wrong before or after it calls exit; one microtask later all of it is there.
    queueMicrotask(() => {
      for (const call of calls) call.fail(this.#crashed());
    });
  }

  /** What a call meets after the death of the core. */
  closedError(): CoreCrashedError | ConnectionClosedError {
    return this.#death ? this.#crashed() : new ConnectionClosedError();
  }

  #crashed(): CoreCrashedError {
    const { message, cause } = this.#death!;
    const why = this.#trace.summary() || message;
    const error = new CoreCrashedError(`the core crashed: ${why}; its sessions are gone, Session.open starts a new one`, this.#trace.text);
    if (cause !== undefined) error.cause = cause;
    return error;
  }

  /**
   * Lets a Node process end: the Go runtime keeps timers running that nobody waits for any more, such as that of a
   * request's timeout long after its reply. Only while a call is pending, or a hub is to be connected, do they hold the process:
   * a daemon whose server is away has nothing else that does.
   */
  restTimers(): void {
    const waiting = this.#calls.size > 0 || this.#staying.size > 0;
    if (waiting === this.#held && waiting) return;
    this.#held = waiting;
    for (const timer of this.#go._scheduledTimeouts.values()) {
      if (typeof timer !== "object") return;
      if (waiting) timer.ref();
      else timer.unref();
    }
  }

  #nextCall(): number {
    this.#lastCall = (this.#lastCall % 0x7fffffff) + 1;
    return this.#lastCall;
  }

  #dispatch(sessionId: number, callId: number, op: string, payload: Uint8Array<ArrayBuffer>): void {
    if (this.#death) return;
    try {
      this.#api.dispatch(sessionId, callId, op, payload);
    } catch (error) {
      this.die(`the core broke: ${String(error)}`, error);
    }
  }
}

/** What an operation is given, as the core takes it. What a program gave may be no JSON: its mistake, of which the core knows nothing. */
function encoded(op: string, payload: object | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (payload instanceof Uint8Array) return payload;
  try {
    return encoder.encode(JSON.stringify(payload));
  } catch (cause) {
    throw new InvalidArgumentError(`${op}: what it is given cannot be written as JSON: ${failureText(cause)}`, { cause });
  }
}

let shared: Promise<Core> | undefined;

const DEFAULT_SETTINGS: RequestSettings = { fetch: (...args) => fetch(...args), credentials: "same-origin", network: { online: true } };

interface CoreParts {
  exports: CoreExports;
  api: CoreApi;
  go: Go;
  silence: () => void;
  calls: Map<number, PendingCall>;
  sessions: Map<number, SessionLink>;
  opening: Map<number, RequestSettings>;
  trace: Trace;
}

/** A failure in the core's own words, until it is thrown where the caller waits. */
class Described {
  constructor(readonly json: string) {}
}

function settle(call: PendingCall, status: number, bytes: Uint8Array<ArrayBuffer>): void {
  switch (status) {
    case 0:
      return call.resolve(bytes.length ? { kind: "value", text: decoder.decode(bytes) } : NOTHING);
    case 1:
      return call.fail(new Described(decoder.decode(bytes)));
    case 2: {
      const words = new Int32Array(bytes.slice().buffer);
      return call.resolve({ kind: "page", ...pageState(words), type: words[4]!, handles: words.subarray(PAGE_HEAD, PAGE_HEAD + words[1]!) });
    }
    default: {
      const words = new Int32Array(bytes.slice(0, 4 * PAGE_HEAD).buffer);
      return call.resolve({ kind: "rows", ...pageState(words), text: decoder.decode(bytes.subarray(4 * PAGE_HEAD)) });
    }
  }
}

/** How many words stand before the handles of a page. */
const PAGE_HEAD = 5;

function pageState(words: Int32Array): PageState {
  const flags = words[0]!;
  return { done: (flags & 1) !== 0, fromCache: (flags & 2) !== 0, stale: (flags & 4) !== 0, fetchedAt: (words[2]! >>> 0) + words[3]! * 2 ** 32 };
}

/** The last part of what Go's runtime wrote to its standard error: the panic and the stacks. */
class Trace {
  text = "";

  write(bytes: Uint8Array): void {
    this.text = (this.text + decoder.decode(bytes)).slice(-TRACE_LIMIT);
  }

  /** The line that says what happened, or nothing. */
  summary(): string {
    const line = /^(?:panic|fatal error|runtime): .*/m.exec(this.text);
    return line ? line[0].replace(/ \[recovered\]$/, "") : "";
  }
}

/** All that the Go program can look up: no document, no storage, no network but the host's. */
function privateGlobals(host: Host, trace: Trace): object {
  const { Object, Array, Uint8Array, Error, TypeError, Date, performance, TextEncoder, TextDecoder, crypto } = globalThis;
  const missing = (): Error => globalThis.Object.assign(new Error("there is no file system"), { code: "ENOSYS" });
  const fs = {
    constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
    writeSync(_fd: number, bytes: Uint8Array): number {
      trace.write(bytes);
      return bytes.length;
    },
    write(fd: number, bytes: Uint8Array, _offset: number, _length: number, _position: null, done: (e: Error | null, n?: number) => void): void {
      done(null, fs.writeSync(fd, bytes));
    },
    fsync: (_fd: number, done: (e: Error | null) => void): void => done(null),
    read: (_fd: number, _b: unknown, _o: unknown, _l: unknown, _p: unknown, done: (e: Error) => void): void => done(missing()),
    open: (_path: string, _flags: unknown, _mode: unknown, done: (e: Error) => void): void => done(missing()),
    close: (_fd: number, done: (e: Error) => void): void => done(missing()),
    fstat: (_fd: number, done: (e: Error) => void): void => done(missing()),
  };
  return { Object, Array, Uint8Array, Error, TypeError, Date, performance, TextEncoder, TextDecoder, crypto, fs, ftrackHost: host };
}

function ignoreRejection(source: unknown): void {
  if (source && typeof (source as PromiseLike<unknown>).then === "function") (source as PromiseLike<unknown>).then(undefined, () => undefined);
}
