import type { CoreApi, HostEvents } from "./host.js";
import { SocketInbox } from "./socket-inbox.js";
import type { Socket } from "./sockets.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const NO_BYTES = new Uint8Array(0);

/** What is told of a socket, as the core counts it. */
const OPENED = 0;
const MESSAGES = 1;
const BINARY = 2;
const CLOSED = 3;

/** The part of the host that the core reaches event servers through. Ids are the core's. */
export interface SocketHost {
  shake(id: number, sessionId: number, url: string, headers: string): void;
  openSocket(id: number, sessionId: number, url: string): void;
  sendSocket(id: number, bytes: Uint8Array): void;
  /** Ends a socket, or gives up a handshake. */
  closeSocket(id: number): void;
}

/** Makes it. `silence` ends all sockets. */
export function socketHost(events: HostEvents, api: () => CoreApi | undefined): { host: SocketHost; silence: () => void } {
  const shaking = new Map<number, AbortController>();
  const open = new Map<number, Socket>();

  const host: SocketHost = {
    shake(id, sessionId, url, headers) {
      const controller = new AbortController();
      shaking.set(id, controller);
      const answer = (status: number, body: string, error: string): void => {
        if (shaking.delete(id)) api()?.shaken(id, status, encoder.encode(body), error);
      };
      // The core is calling right now: whatever answers at once would call back into it.
      void Promise.resolve()
        .then(() => {
          const { sockets } = events.settings(sessionId);
          if (!sockets) throw new Error("there is no WebSocket");
          return sockets.shake(url, JSON.parse(headers) as [string, string][], controller.signal);
        })
        .then(
          ({ status, body }) => answer(status, body, ""),
          (error: unknown) => answer(0, "", textOf(error)),
        );
    },
    openSocket(id, sessionId, url) {
      let socket: Socket | undefined;
      const early: string[] = [];
      open.set(id, { send: (text) => early.push(text), close: () => undefined });
      const tell = (what: number, bytes: Uint8Array = NO_BYTES, reason = ""): void => {
        if (open.has(id)) api()?.heard(id, what, bytes, reason);
      };
      const inbox = new SocketInbox((messages) => tell(MESSAGES, messages));
      queueMicrotask(() => {
        if (!open.has(id)) return;
        const closed = (reason: string): void =>
          inbox.then(() => {
            tell(CLOSED, NO_BYTES, reason);
            open.delete(id);
          });
        try {
          socket = events.settings(sessionId).sockets!.open(url, {
            opened: () => inbox.then(() => tell(OPENED)),
            message(text) {
              if (inbox.message(text)) return;
              inbox.clear();
              socket?.close();
              closed("more messages came than can wait"); // it connects anew, and asks for what it missed
            },
            binary: () => inbox.then(() => tell(BINARY)),
            closed,
          });
          open.set(id, socket);
          for (const text of early) socket.send(text);
        } catch (error) {
          closed(textOf(error));
        }
      });
    },
    sendSocket(id, bytes) {
      open.get(id)?.send(decoder.decode(bytes));
    },
    closeSocket(id) {
      shaking.get(id)?.abort();
      shaking.delete(id);
      const socket = open.get(id);
      open.delete(id);
      socket?.close();
    },
  };

  return {
    host,
    silence() {
      for (const id of [...shaking.keys(), ...open.keys()]) host.closeSocket(id);
    },
  };
}

/** What failed, without addresses: they may hold the key. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\b(?:wss?|https?):\/\/\S+/g, "the server") || "the server cannot be reached";
}
