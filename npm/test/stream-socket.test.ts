import { expect, test, vi } from "vitest";
import { DirectSockets } from "../src/sockets.js";
import type { Socket } from "../src/sockets.js";
import type { WebSocketStream, WebSocketStreamClass } from "../src/stream-socket.js";
import { nativeStream } from "../src/stream-socket.js";

/** A class as the browser's, whose server is the test. */
class TestStream implements WebSocketStream {
  static last: TestStream;
  readonly sent: string[] = [];
  readonly opened: WebSocketStream["opened"];
  readonly closed: WebSocketStream["closed"];
  #opening!: { resolve: (streams: Awaited<WebSocketStream["opened"]>) => void; reject: (error: Error) => void };
  #closing!: { resolve: (end: { closeCode: number; reason: string }) => void; reject: (error: Error) => void };
  closedWith: unknown;
  readonly messages: (string | Uint8Array)[] = [];
  #controller!: ReadableStreamDefaultController<string | Uint8Array>;
  #waits = false;

  constructor(readonly url: string) {
    TestStream.last = this;
    this.opened = new Promise((resolve, reject) => void (this.#opening = { resolve, reject }));
    this.closed = new Promise((resolve, reject) => void (this.#closing = { resolve, reject }));
  }

  accept(): void {
    const readable = new ReadableStream<string | Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => {
          this.#waits = true;
          this.#next();
        },
      },
      { highWaterMark: 0 },
    );
    const writable = new WritableStream<string>({ write: (text) => void this.sent.push(text) });
    this.#opening.resolve({ readable, writable });
  }

  push(...messages: (string | Uint8Array)[]): void {
    this.messages.push(...messages);
    this.#next();
  }

  end(closeCode: number, reason: string): void {
    this.#controller.close();
    this.#closing.resolve({ closeCode, reason });
  }

  break(error: Error): void {
    this.#controller.error(error);
    this.#closing.reject(error);
  }

  refuse(error: Error): void {
    this.#opening.reject(error);
    this.#closing.reject(error);
  }

  close(how?: unknown): void {
    this.closedWith = how;
    this.refuse(new Error("closed here"));
  }

  #next(): void {
    if (!this.#waits || !this.messages.length) return;
    this.#waits = false;
    this.#controller.enqueue(this.messages.shift()!);
  }
}

function open(told: string[], ready?: () => Promise<void>): Socket {
  const sockets = new DirectSockets(fetch, undefined as unknown as typeof WebSocket, "include", TestStream);
  return sockets.open("ws://x", { opened: () => told.push("opened"), message: (text) => told.push(text), binary: () => told.push("binary"), closed: (reason) => told.push(reason), ...(ready && { ready }) });
}

/** Until all that can be done at once is done. */
const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 20));

test("messages are read while the listener has time, and wait where they are until it has worked off what came", async () => {
  const told: string[] = [];
  let resume: (() => void)[] = [];
  open(told, () => new Promise((resolve) => resume.push(resolve)));
  const stream = TestStream.last;
  stream.accept();
  await vi.waitFor(() => expect(told).toEqual(["opened"]));
  let now = performance.now() + 1000;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 0.3)); // three or four are read in a millisecond
  const shares: number[] = [];
  try {
    stream.push(...Array.from({ length: 100 }, (_, i) => `${i}`));
    for (;;) {
      const before = told.length;
      await settled();
      shares.push(told.length - before);
      expect(stream.messages).toHaveLength(101 - told.length);
      if (told.length === 101) break;
      expect(resume).toHaveLength(1);
      const [next] = resume;
      resume = [];
      next!();
    }
  } finally {
    clock.mockRestore();
  }
  expect(Math.min(...shares)).toBeGreaterThan(0);
  expect(Math.max(...shares)).toBeLessThan(6);
  expect(told.slice(1)).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
});

test("what came before the end is told before the end, with its code and reason", async () => {
  const told: string[] = [];
  open(told);
  const stream = TestStream.last;
  stream.accept();
  stream.push("a", new Uint8Array(3), "b");
  await settled();
  stream.end(1001, "going away");
  await vi.waitFor(() => expect(told).toEqual(["opened", "a", "binary", "b", "the socket closed with code 1001: going away"]));
});

test("a connection that breaks, and one that is refused, are told once", async () => {
  const [broken, refused]: [string[], string[]] = [[], []];
  open(broken);
  TestStream.last.accept();
  await settled();
  TestStream.last.break(Object.assign(new Error("lost"), { closeCode: 1011, reason: "out of memory" }));
  open(refused);
  TestStream.last.refuse(new Error("nobody is there"));
  await settled();
  expect(broken).toEqual(["opened", "the socket closed with code 1011: out of memory"]);
  expect(refused).toEqual(["the socket closed with code 1006"]);
});

test("texts are sent once it is open, and never after it was closed here, of which nothing is told", async () => {
  const told: string[] = [];
  const socket = open(told);
  const stream = TestStream.last;
  socket.send("too early");
  stream.accept();
  await vi.waitFor(() => expect(told).toEqual(["opened"]));
  socket.send("a");
  await vi.waitFor(() => expect(stream.sent).toEqual(["a"]));
  socket.close();
  stream.push("late");
  await settled();
  expect(told).toEqual(["opened"]);
  expect(stream.closedWith).toEqual({ closeCode: 1000 });
});

test("a socket can be closed before it is open", async () => {
  const told: string[] = [];
  open(told).close();
  await settled();
  expect(told).toEqual([]);
});

test("sockets are streams where the browser has them, and not where something stands in the place of its WebSocket", () => {
  const page = globalThis as { WebSocketStream?: WebSocketStreamClass; WebSocket?: unknown };
  const { WebSocket, WebSocketStream } = page;
  expect(nativeStream()).toBe(typeof document === "object" ? WebSocketStream : undefined);
  try {
    page.WebSocketStream = TestStream;
    page.WebSocket = function Replaced() {};
    expect(nativeStream()).toBeUndefined();
    Reflect.deleteProperty(page, "WebSocket");
    expect(nativeStream()).toBeUndefined();
  } finally {
    if (WebSocket) page.WebSocket = WebSocket;
    if (WebSocketStream) page.WebSocketStream = WebSocketStream;
    else Reflect.deleteProperty(page, "WebSocketStream");
  }
});
