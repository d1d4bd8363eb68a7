import type { ReplyStore } from "./reply-store.js";
import { socketHost } from "./host-sockets.js";
import type { SocketHost } from "./host-sockets.js";
import type { Sockets } from "./sockets.js";
import { inOwnTask, othersWait } from "./task-queue.js";

/** What the core gives when it is ready. Every call costs about 10 µs; reads go through the exports instead. */
export interface CoreApi {
  /** Starts an operation; each `callId` but 0 is settled exactly once, perhaps before this returns. */
  dispatch(sessionId: number, callId: number, op: string, payload: Uint8Array): void;
  fetched(fetchId: number, status: number, headers: string, body: Uint8Array, errorText: string): void;
  /** What `loadReply` or `loadEntity` found, in pieces of that size together; null for nothing. `gone` are offsets, four bytes each. */
  loaded(loadId: number, pieces: readonly Uint8Array[] | null, size: number, at: number, newer: Uint8Array | null, gone: Uint8Array | null): void;
  woke(id: number): void;
  /** The answer to a handshake; the error's text is empty where there is one. */
  shaken(id: number, status: number, body: Uint8Array, errorText: string): void;
  /** What happened to a socket. */
  heard(id: number, what: number, message: Uint8Array, reason: string): void;
  /** The handlers that an event was delivered to have run; 1 when one stopped it. */
  delivered(deliveryId: number, stopped: number): void;
  /** Lets run what a synchronous change has woken. */
  wake(): void;
  version: string;
  /**
   * What the result of `ftrack_read` bears beside its kind, if anything. An export that waits, which none may, gives
   * garbage without an exception; the mark tells.
   */
  readMark?: number;
}

/** What one session lends the core for its requests. */
export interface RequestSettings {
  fetch: typeof fetch;
  credentials: RequestCredentials;
  /** Keeps replies to queries. */
  replies?: ReplyStore | undefined;
  /** Is told whether the server answered. */
  readonly network: { online: boolean };
  /** Reaches the event server. */
  sockets?: Sockets | undefined;
  /** Hears of what goes wrong where nobody waits. */
  warn?: (message: string) => void;
}

/** What the host passes on to the core's JavaScript half. */
export interface HostEvents {
  ready(api: CoreApi): void;
  /** The bytes are the core's, and stand only until this returns. */
  settle(callId: number, status: number, ptr: number, length: number): void;
  changed(sessionId: number, ptr: number, count: number): void;
  /** The text is JSON: the event, and its subscribers. It is the core's until this returns. `then` hears when its handlers have run. */
  deliver(sessionId: number, ptr: number, length: number, then: (stopped: boolean) => void): void;
  /** What a live query has to tell. The bytes stand only until this returns. */
  live(sessionId: number, liveId: number, status: number, ptr: number, length: number): void;
  /** Records; those that nothing holds become 0. */
  holding(sessionId: number, ptr: number, count: number): void;
  /** What the core's addresses lead into. */
  memory(): ArrayBuffer;
  /** Of a session; of the call `-id` that opens one, when the id is negative. */
  settings(id: number): RequestSettings;
}

/** The object that the core finds as `ftrackHost`, all it knows of the page. */
export interface Host extends SocketHost {
  ready(api: CoreApi): void;
  settle(callId: number, status: number, ptr: number, length: number): void;
  changed(sessionId: number, ptr: number, count: number): void;
  live(sessionId: number, liveId: number, status: number, ptr: number, length: number): void;
  holding(sessionId: number, ptr: number, count: number): void;
  fetch(fetchId: number, url: string, headers: string, body: Uint8Array<ArrayBuffer>, sessionId: number): void;
  abortFetch(fetchId: number): void;
  loadReply(loadId: number, sessionId: number, key: string): void;
  loadEntity(loadId: number, sessionId: number, type: string, key: string, low: number, high: number, from: number, to: number): void;
  saveReply(sessionId: number, key: string, ptr: number, length: number, at: number, places: Uint8Array, gone: string): void;
  pause(id: number): void;
  deliver(sessionId: number, deliveryId: number, ptr: number, length: number): void;
  report(sessionId: number, message: string): void;
}

const NO_BYTES = new Uint8Array(0);

/**
 * How many replies reach the core in tasks of their own. While code is cold, what the page does with one page of rows and what the
 * core does with the next are too much for one task.
 */
const COLD_REPLIES = 24;

/** Builds the host of one core. `silence()` stops its requests and drops what would still call into the core. */
export function makeHost(events: HostEvents): { host: Host; silence: () => void } {
  let api: CoreApi | undefined;
  let coldReplies = COLD_REPLIES;
  const requests = new Map<number, AbortController>();
  const sockets = socketHost(events, () => api);

  const host: Host = {
    ...sockets.host,
    ready(given) {
      api = given;
      events.ready(given);
    },
    settle: (callId, status, ptr, length) => events.settle(callId, status, ptr, length),
    changed: (sessionId, ptr, count) => events.changed(sessionId, ptr, count),
    live: (sessionId, liveId, status, ptr, length) => events.live(sessionId, liveId, status, ptr, length),
    holding: (sessionId, ptr, count) => events.holding(sessionId, ptr, count),
    fetch(fetchId, url, headers, body, sessionId) {
      const controller = new AbortController();
      requests.set(fetchId, controller);
      const { fetch, credentials, network } = events.settings(sessionId);
      // A redirect is not followed: the key, in headers, would go along to whatever host it names.
      void post(fetch, url, { method: "POST", redirect: "manual", headers: JSON.parse(headers) as [string, string][], body, credentials, signal: controller.signal }).then((reply) => {
        const pass = (): void => {
          if (requests.has(fetchId)) network.online = reply.status > 0; // an aborted one tells nothing
          if (requests.delete(fetchId)) api?.fetched(fetchId, reply.status, reply.headers, reply.body, reply.error);
        };
        if (coldReplies-- > 0 || othersWait()) inOwnTask(pass);
        else pass();
      });
    },
    abortFetch(fetchId) {
      const controller = requests.get(fetchId);
      requests.delete(fetchId);
      controller?.abort();
    },
    loadReply(loadId, sessionId, key) {
      const found = events.settings(sessionId).replies?.load(key) ?? Promise.resolve(undefined);
      void found.then((kept) => api?.loaded(loadId, kept?.pieces ?? null, sizeOf(kept?.pieces), kept?.at ?? 0, kept?.newer ?? null, bytesOf(kept?.gone)));
    },
    loadEntity(loadId, sessionId, type, key, low, high, from, to) {
      const identity = { type, key: JSON.parse(key) as string[], hash: [low, high] as const };
      const found = events.settings(sessionId).replies?.entity(identity, to ? { from, to } : undefined) ?? Promise.resolve(undefined);
      void found.then((objects) => api?.loaded(loadId, objects ? [objects] : null, objects?.length ?? 0, 0, null, null));
    },
    saveReply(sessionId, key, ptr, length, at, places, gone) {
      const bytes = new Uint8Array(events.memory(), ptr, length);
      const words = new Uint32Array(places.buffer, places.byteOffset, places.byteLength >> 2);
      events.settings(sessionId).replies?.save({ key, bytes, at, places: words, gone: JSON.parse(gone) as [string, string[]][] });
    },
    pause(id) {
      inOwnTask(() => api?.woke(id));
    },
    deliver(sessionId, deliveryId, ptr, length) {
      events.deliver(sessionId, ptr, length, (stopped) => {
        if (deliveryId) api?.delivered(deliveryId, stopped ? 1 : 0);
      });
    },
    report(sessionId, message) {
      const { warn } = events.settings(sessionId);
      if (warn) queueMicrotask(() => warn(message));
    },
  };

  return {
    host,
    silence() {
      api = undefined;
      for (const controller of requests.values()) controller.abort();
      requests.clear();
      sockets.silence();
    },
  };
}

function sizeOf(pieces: readonly Uint8Array[] = []): number {
  return pieces.reduce((size, { length }) => size + length, 0);
}

function bytesOf(words: Uint32Array | undefined): Uint8Array | null {
  return words ? new Uint8Array(words.buffer, words.byteOffset, words.byteLength) : null;
}

interface Reply {
  /** 0 for none; less where it is known that nothing has left. */
  status: number;
  headers: string;
  body: Uint8Array;
  error: string;
}

async function post(fetch: RequestSettings["fetch"], url: string, init: RequestInit): Promise<Reply> {
  try {
    // The core is calling right now; a fetch of the page's own may do anything, so it runs when the core has returned.
    await Promise.resolve();
    const response = await fetch(url, init);
    if (response.type === "opaqueredirect") return { status: 307, headers: "[]", body: NO_BYTES, error: "" }; // browsers do not tell which
    return { status: response.status, headers: JSON.stringify([...response.headers]), body: await bodyOf(response), error: "" };
  } catch (error) {
    return { status: neverLeft(error) ? -1 : 0, headers: "[]", body: NO_BYTES, error: causeText(error) };
  }
}

/** The bytes of a body. A page of rows mostly comes in one piece, which then needs no copy, as `arrayBuffer` would make. */
async function bodyOf(response: Response): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
    length += next.value.length;
  }
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Whether no connection came about. Node tells, in the cause; browsers do not. */
function neverLeft(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.every((each: unknown) => neverLeft(new Error("", { cause: each })));
  const { syscall, code } = (cause ?? {}) as { syscall?: unknown; code?: unknown };
  return syscall === "connect" || syscall === "getaddrinfo" || code === "UND_ERR_CONNECT_TIMEOUT";
}

/** Node hides what happened in the cause: "fetch failed", caused by "connect ECONNREFUSED ...". */
function causeText(error: unknown): string {
  if (!(error instanceof Error)) return String(error) || "the request failed";
  const cause = error.cause instanceof Error ? error.cause.message || String((error.cause as { code?: unknown }).code ?? "") : "";
  return cause ? `${error.message}: ${cause}` : error.message || error.name;
}
