import { Session } from "ftrack-wasm";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { DirectSockets } from "../src/sockets.js";
import { nativeStream } from "../src/stream-socket.js";
import { serverAt } from "./support/server.js";

const EVENTS = 600;
const PADDING = "x".repeat(4000);

test("a real event server keeps what a page has no time for, and all of it comes in order afterwards", async () => {
  const server = serverAt(inject("eventSandbox"));
  const { serverUrl, apiUser } = server.options;
  const sockets = new DirectSockets(fetch, WebSocket, "include", nativeStream());
  const { body } = await sockets.shake(`${serverUrl}/socket.io/1/`, [["ftrack-user", apiUser], ["ftrack-api-key", server.secret]], AbortSignal.timeout(10_000));
  const seen: number[] = [];
  let subscribed = false;
  let hold: Promise<void> | undefined;
  const socket = sockets.open(`${serverUrl.replace("http", "ws")}/socket.io/1/websocket/${body.split(":")[0]!}`, {
    opened() {
      const subscribe = { id: "1", topic: "ftrack.meta.subscribe", data: { subscriber: { id: "flooded" }, subscription: "topic=flood" }, sent: null, source: { id: "flooded" }, target: "", inReplyToEvent: null };
      socket.send(`5:1+::${JSON.stringify({ name: "ftrack.event", args: [subscribe] })}`);
    },
    message(text) {
      if (text.startsWith("2:")) socket.send("2::");
      subscribed ||= text.startsWith("6:");
      const number = /"number":(\d+)/.exec(text);
      if (number) seen.push(Number(number[1]));
    },
    binary: () => undefined,
    closed: (reason) => void seen.push(NaN, reason.length),
    ready: () => hold,
  });
  onTestFinished(() => socket.close());
  await vi.waitFor(() => expect(subscribed).toBe(true));
  const session = await Session.open({ ...server.options, cache: null });
  onTestFinished(() => session.close());
  await session.eventHub.connect();
  let release = (): void => undefined;
  hold = new Promise((resolve) => void (release = resolve));
  for (let number = 0; number < EVENTS; number++) await session.eventHub.publish({ topic: "flood", data: { number, PADDING } });
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0));
  expect(seen.length).toBeLessThan(EVENTS / 2);
  hold = undefined;
  release();
  await vi.waitFor(() => expect(seen).toHaveLength(EVENTS), 10_000);
  expect(seen).toEqual(Array.from({ length: EVENTS }, (_, number) => number));
});
