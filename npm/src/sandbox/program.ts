import { startServer } from "../../../web-demo/fetchserver/host.mjs";
import type { Server } from "../../../web-demo/fetchserver/host.mjs";
import { wasmExec } from "../generated/wasm-exec.js";
import { closedError, endedSocket } from "./closed.js";
import { openJournal } from "./journal.js";
import type { Entry, Journal } from "./journal.js";

/** What a sandbox is started with. */
export interface Settings {
  readonly production: string;
  readonly tasks: number;
  readonly apiUser: string;
  readonly apiKey: string;
  readonly serverUrl: string;
  /** Under which name its changes are kept; nowhere if it is not given. */
  readonly persist: string | undefined;
}

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** What hears of one socket. */
export interface SocketListener {
  frame(text: string): void;
  ended(): void;
}

/** The sandbox's side of one socket. */
export interface SocketEnd {
  send(text: string): void;
  close(): void;
}

/** A sandbox that runs, in this thread or in a worker. */
export interface Program {
  fetch(request: SentRequest, signal?: AbortSignal): Promise<Response>;
  socket(sid: string, listener: SocketListener): SocketEnd;
  close(): void;
}

/** What changes nothing that has to survive. */
const READING = new Set(["query", "query_schemas", "query_server_information", "search", "permissions", "compute_rollups", "get_widget_url"]);

/**
 * Starts the sandbox in this thread. What changed it before is done again first, with the same time and the same chance, so that it
 * is what it was.
 */
export async function startProgram(module: WebAssembly.Module, settings: Settings): Promise<Program> {
  const sockets = new Map<number, SocketListener>();
  let lastSocket = 0;
  const fate = new Fate();
  const server = await startServer(
    wasmExec,
    module,
    {
      PRODUCTION: settings.production, TASKS: String(settings.tasks), API_USER: settings.apiUser, API_KEY: settings.apiKey, SERVER_URL: settings.serverUrl,
      GOGC: "200",
    },
    {
      // The program is calling: who hears of it may call back, so it hears when the call is over.
      frame: (number: number, text: string) => queueMicrotask(() => sockets.get(number)?.frame(text)),
      socketEnded: (number: number) =>
        queueMicrotask(() => {
          const listener = sockets.get(number);
          sockets.delete(number);
          listener?.ended();
        }),
    },
    { now: () => fate.now(), random: (bytes) => fate.random(bytes) },
  );
  fate.free();
  const journal = settings.persist === undefined ? undefined : await openJournal(settings.persist, `${settings.production} ${settings.tasks}`);
  const writes = new Writes(server, fate, journal);
  if (journal) for (const entry of await journal.entries()) await writes.again(entry);
  const { openSocket, sendFrame, closeSocket } = server.host as unknown as {
    openSocket: (number: number, sid: string) => void;
    sendFrame: (number: number, text: string) => boolean;
    closeSocket: (number: number) => void;
  };
  return {
    fetch: (request, signal) => (changes(request) ? writes.once(request, signal) : writes.beside(() => answer(server, request, signal))),
    socket(sid, listener) {
      if (server.dead) return endedSocket(listener);
      const number = ++lastSocket;
      sockets.set(number, listener);
      openSocket(number, sid);
      return { send: (text) => void sendFrame(number, text), close: () => closeSocket(number) };
    },
    close() {
      for (const number of sockets.keys()) closeSocket(number);
      for (const listener of sockets.values()) listener.ended();
      sockets.clear();
      journal?.close();
      server.end(closedError());
    },
  };
}

function answer(server: Server, { method, url, headers, body }: SentRequest, signal?: AbortSignal): Promise<Response> {
  return server.handle({ method, url, headers: new Headers(headers), body: body && new Response(body).body, signal });
}

/** Whether a request may change what has to survive. */
function changes({ method, url, body }: SentRequest): boolean {
  const path = new URL(url).pathname;
  if (path !== "/api") return method === "PUT" ? path.startsWith("/upload/") : path === "/component/remove";
  try {
    const operations = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as { action?: unknown }[];
    return Array.isArray(operations) && operations.some((operation) => !READING.has(operation?.action as string));
  } catch {
    return false; // it will be refused
  }
}

/** Requests that change the sandbox: one at a time, each kept before it is answered. */
class Writes {
  readonly #server: Server;
  readonly #fate: Fate;
  readonly #journal: Journal | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(server: Server, fate: Fate, journal: Journal | undefined) {
    this.#server = server;
    this.#fate = fate;
    this.#journal = journal;
  }

  /** Does what was kept once more. */
  async again(entry: Entry): Promise<void> {
    const response = await this.#with(entry);
    await response.arrayBuffer();
  }

  /** Does a request, and keeps it unless the server had nothing of it. */
  once(request: SentRequest, signal: AbortSignal | undefined): Promise<Response> {
    return this.#queued(async () => {
      signal?.throwIfAborted();
      const entry: Entry = { ...request, at: Date.now(), seed: Math.floor(Math.random() * 2 ** 32) };
      const response = await this.#with(entry);
      if (response.ok) await this.#journal?.add(entry);
      return response;
    });
  }

  /** Does what changes nothing, when no change is under way. */
  async beside(read: () => Promise<Response>): Promise<Response> {
    await this.#last;
    return read();
  }

  async #with(entry: Entry): Promise<Response> {
    this.#fate.decide(entry.at, entry.seed);
    try {
      return await answer(this.#server, entry);
    } finally {
      this.#fate.free();
    }
  }

  #queued<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** The time and the chance that the program sees: fixed while it starts and while it changes something, else those of the world. */
class Fate {
  #at: number | undefined = Date.UTC(2026, 0, 1);
  #state = 1;

  decide(at: number, seed: number): void {
    this.#at = at;
    this.#state = seed;
  }

  free(): void {
    this.#at = undefined;
  }

  now(): number {
    return this.#at ?? Date.now();
  }

  random(bytes: Uint8Array): void {
    if (this.#at === undefined) {
      const view = new Uint8Array(bytes.length);
      crypto.getRandomValues(view);
      bytes.set(view);
      return;
    }
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.#next();
  }

  /** A byte of a sequence that a number makes (mulberry32). */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  }
}
