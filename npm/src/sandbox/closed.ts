import type { SocketEnd, SocketListener } from "./program.js";

/** What a request meets of a sandbox that was closed: an error as fetch has it where no server is. */
export function closedError(): TypeError {
  return new TypeError("the sandbox is closed");
}

/** A socket to a sandbox that was closed. */
export function endedSocket(listener: SocketListener): SocketEnd {
  queueMicrotask(() => listener.ended());
  return { send: () => undefined, close: () => undefined };
}
