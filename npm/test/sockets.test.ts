import { expect, test } from "vitest";
import { DirectSockets } from "../src/sockets.js";

/** A class as that of the package ws: an error that nobody hears is thrown, where nobody catches it. */
class StrictSocket {
  static last: StrictSocket;
  readyState = 0;
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;

  constructor() {
    StrictSocket.last = this;
  }

  fail(message: string): void {
    if (!this.onerror) throw new Error(message);
    this.onerror({ message });
    this.onclose?.({ code: 1006, reason: "" });
  }

  close(): void {
    this.fail("it was closed before it was open");
  }
}

function opened(told: string[]): { close(): void } {
  const sockets = new DirectSockets(fetch, StrictSocket as unknown as typeof WebSocket, "include");
  return sockets.open("ws://x", { opened: () => told.push("opened"), message: (text) => told.push(text), binary: () => told.push("binary"), closed: (reason) => told.push(reason) });
}

test("an error of a socket is heard, whenever it comes, and stands in the reason why it closed", () => {
  const told: string[] = [];
  opened(told);
  StrictSocket.last.fail("Unexpected server response: 502");
  StrictSocket.last.fail("and once more");
  expect(told).toEqual(["the socket closed with code 1006: Unexpected server response: 502"]);
});

test("a socket can be closed before it is open", () => {
  const told: string[] = [];
  opened(told).close();
  expect(told).toEqual([]);
});
