import type { Socket, SocketListener } from "./sockets.js";

/** For how many milliseconds messages are read before the listener works them off. */
const READING = 1;

/** What browsers have of `WebSocketStream`; TypeScript's library does not know it. */
export interface WebSocketStream {
  readonly opened: Promise<{ readable: ReadableStream<string | Uint8Array>; writable: WritableStream<string> }>;
  readonly closed: Promise<{ closeCode?: number; reason?: string }>;
  close(how?: { closeCode?: number; reason?: string }): void;
}

export type WebSocketStreamClass = new (url: string) => WebSocketStream;

/**
 * The browser's own class, where it has one (Chromium since 124). Where something stands in `WebSocket`'s place, as in pages under test, sockets are
 * to be that, and there is none.
 */
export function nativeStream(): WebSocketStreamClass | undefined {
  const { WebSocketStream, WebSocket } = globalThis as { WebSocketStream?: WebSocketStreamClass; WebSocket?: unknown };
  if (typeof WebSocketStream !== "function" || typeof WebSocket !== "function") return undefined;
  return Function.prototype.toString.call(WebSocket).includes("[native code]") ? WebSocketStream : undefined;
}

/**
 * A socket that is read when there is time for it. A `WebSocket` hands a page that was busy all messages that have come since, each in a task that
 * nothing interrupts, 160 of them in 10 ms on a slow machine; those of a stream wait in the browser, and then at the server.
 */
export function streamSocket(Constructor: WebSocketStreamClass, url: string, listener: SocketListener): Socket {
  const stream = new Constructor(url);
  let open = true;
  let writer: WritableStreamDefaultWriter<string> | undefined;

  const read = async (readable: ReadableStream<string | Uint8Array>): Promise<void> => {
    const reader = readable.getReader();
    for (;;) {
      const until = performance.now() + READING;
      do {
        const { value, done } = await reader.read();
        if (done || !open) return;
        if (typeof value === "string") listener.message(value);
        else listener.binary();
      } while (performance.now() < until);
      await listener.ready?.();
    }
  };
  const run = async (): Promise<void> => {
    let failure: unknown;
    try {
      const { readable, writable } = await stream.opened;
      if (!open) return;
      writer = writable.getWriter();
      writer.closed.catch(() => undefined); // what ends it is told by `closed`
      listener.opened();
      await read(readable);
    } catch (error) {
      failure = error;
    }
    if (!open) return;
    const end = await stream.closed.catch((error: unknown) => error ?? failure);
    if (!open) return;
    open = false;
    listener.closed(reasonOf(end));
  };
  stream.closed.catch(() => undefined); // it is waited for after the last message
  void run();

  return {
    send(text) {
      writer?.write(text).catch(() => undefined); // as with a WebSocket: what does not leave before it closes is lost
    },
    close() {
      open = false;
      stream.close({ closeCode: 1000 });
    },
  };
}

/** As a `WebSocket` would have it. */
function reasonOf(end: unknown): string {
  const { closeCode, reason } = (typeof end === "object" && end ? end : {}) as { closeCode?: unknown; reason?: unknown };
  const code = typeof closeCode === "number" ? closeCode : 1006;
  return `the socket closed with code ${code}${typeof reason === "string" && reason ? `: ${reason}` : ""}`;
}
