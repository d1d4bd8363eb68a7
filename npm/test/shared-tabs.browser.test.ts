import { Event, Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { serverAt, testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";

let server: TestServer;

beforeAll(async () => {
  server = await testServer("events");
});

async function open(options: SessionOptions = {}): Promise<Session> {
  const session = await Session.open({ ...server.options, ...options });
  onTestFinished(() => session.close());
  return session;
}

/** How many sockets the server has, and how many it had since it began. */
async function sockets(): Promise<{ sockets: number; served: number; subscribers: number }> {
  return (await server.steer("/events", "GET")) as { sockets: number; served: number; subscribers: number };
}

/** Waits until the server has noticed that the sessions of the test before are gone, behind a gateway too. */
async function nobodyConnected(): Promise<void> {
  await vi.waitFor(async () => expect((await sockets()).sockets).toBe(0), { timeout: 10_000 });
}

async function exchange(from: Session, to: Session): Promise<void> {
  const topic = `exchange.${Math.random().toString(36).slice(2)}`;
  const subscription = to.eventHub.subscription(`topic=${topic}`, (event) => ({ got: event.data }));
  await to.eventHub.connect();
  const reply = await from.eventHub.publishAndWaitForReply(new Event(topic, { x: 1 }), { timeout: 10 });
  expect(reply.data).toEqual({ got: { x: 1 } });
  subscription[Symbol.dispose]();
}

// Sessions of one page are to each other what those of several tabs are: they meet only through the lock and the channel.
describe("sessions of one user and server", () => {
  test("share one socket, and each gets its own acknowledgements and replies", async () => {
    await nobodyConnected();
    const sessions = [await open(), await open(), await open()] as const;
    await Promise.all(sessions.map((session) => session.eventHub.connect()));
    expect((await sockets()).sockets).toBe(1);
    for (const from of sessions) for (const to of sessions) await exchange(from, to);
    const counts = await Promise.all(sessions.map(async ({ eventHub: hub }, index) => {
      const seen: unknown[] = [];
      hub.subscribe("topic=count", ({ data }) => void seen.push(data));
      await hub.connect();
      await Promise.all(Array.from({ length: 20 }, (_, n) => hub.publish({ topic: "count", data: { index, n } })));
      return seen;
    }));
    await vi.waitFor(() => expect(counts.map((seen) => seen.length)).toEqual([60, 60, 60]));
    for (const seen of counts) for (const index of [0, 1, 2]) expect((seen as { index: number; n: number }[]).filter((each) => each.index === index).map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test("do not share it when their tokens name different users", async () => {
    await nobodyConnected();
    const { apiKey, ...options } = serverAt(inject("eventSandbox")).options; // what stands before it is here
    const opened = async (sub: string): Promise<Session> => {
      const behind: typeof fetch = (input, init) => {
        const headers = new Headers(init?.headers); // as a gateway does
        headers.delete("authorization");
        headers.set("ftrack-user", options.apiUser);
        headers.set("ftrack-api-key", apiKey!);
        return fetch(input, { ...init, headers });
      };
      const session = await Session.open({ ...options, token: `e30.${btoa(JSON.stringify({ sub }))}.sum`, fetch: behind });
      onTestFinished(() => session.close());
      return session;
    };
    const [ada, ada2, grace] = [await opened("ada"), await opened("ada"), await opened("grace")] as const;
    await Promise.all([ada, ada2, grace].map(({ eventHub }) => eventHub.connect()));
    expect((await sockets()).sockets).toBe(2);
    await exchange(ada, grace);
  });

  test("take over the socket when the one that holds it goes, or rests", async () => {
    await nobodyConnected();
    const first = await open();
    await first.eventHub.connect();
    const second = await open();
    await second.eventHub.connect();
    const third = await open();
    await third.eventHub.connect();
    await first.close();
    await vi.waitFor(() => expect([second.eventHub.state, third.eventHub.state]).toEqual(["connected", "connected"]), { timeout: 15_000 });
    await exchange(second, third);
    expect((await sockets()).sockets).toBe(1);
    await second.eventHub.disconnect();
    await vi.waitFor(() => expect(third.eventHub.connected).toBe(true), { timeout: 15_000 });
    await exchange(third, third);
    await second.eventHub.connect();
    await exchange(second, third);
    expect((await sockets()).sockets).toBe(1);
  });

  test("do not wait for a tab that holds the socket and is frozen", { timeout: 40_000 }, async () => {
    await nobodyConnected();
    // A frozen tab keeps its lock and answers nothing.
    let thaw: (() => void) | undefined;
    const { serverUrl, token } = server.options;
    const frozen = navigator.locks.request(`ftrack-wasm events ${serverUrl} demo${token ? " demo" : ""}`, () => new Promise<void>((resolve) => (thaw = resolve)));
    const stolen = frozen.then(() => false, () => true);
    await vi.waitFor(() => expect(thaw).toBeDefined());
    const one = await open();
    const two = await open();
    await Promise.all([one.eventHub.connect(), two.eventHub.connect()]);
    expect(await stolen).toBe(true);
    await exchange(one, two);
    expect((await sockets()).sockets).toBe(1);
  });

  test("have sockets of their own when told so", async () => {
    await nobodyConnected();
    const alone = await open({ shareTabs: false });
    const other = await open({ shareTabs: false });
    await Promise.all([alone.eventHub.connect(), other.eventHub.connect()]);
    expect((await sockets()).sockets).toBe(2);
    await exchange(alone, other);
  });

  test("have sockets of their own where locks are refused, as in a frame without an origin", async () => {
    await nobodyConnected();
    const request = vi.spyOn(navigator.locks, "request").mockImplementation(() => Promise.reject(new DOMException("no origin", "SecurityError")));
    onTestFinished(() => request.mockRestore());
    const [one, two] = [await open(), await open()] as const;
    for (const { eventHub: hub } of [one, two]) {
      await hub.connect();
      await hub.disconnect();
      await hub.connect();
    }
    await exchange(one, two);
    expect(request.mock.calls.length).toBeLessThan(10);
  });

  test("have sockets of their own where there may be no channel between tabs", async () => {
    await nobodyConnected();
    const channels = vi.spyOn(globalThis, "BroadcastChannel").mockImplementation(function () {
      throw new DOMException("The operation is insecure", "SecurityError");
    });
    onTestFinished(() => channels.mockRestore());
    const [one, two] = [await open({ cache: null }), await open({ cache: null })] as const;
    await Promise.all([one.eventHub.connect(), two.eventHub.connect()]);
    await exchange(one, two);
  });

  test("leave no subscriptions behind on a shared socket", async () => {
    await nobodyConnected();
    const holding = await open();
    await holding.eventHub.connect();
    const before = (await sockets()).subscribers;
    const guest = await open();
    guest.eventHub.subscribe("topic=a", () => null);
    await guest.eventHub.connect();
    expect((await sockets()).subscribers).toBeGreaterThan(before + 1);
    await guest.close();
    await vi.waitFor(async () => expect((await sockets()).subscribers).toBe(before));
    expect(holding.eventHub.connected).toBe(true);
  });

  test("may have subscribers of the same id, each with its own expression", async () => {
    await nobodyConnected();
    const [one, two, three] = [await open(), await open(), await open()] as const;
    const other = await open({ shareTabs: false });
    await other.eventHub.connect();
    const heard: string[] = [];
    const listen = async (name: string, { eventHub: hub }: Session, expression: string): Promise<void> => {
      hub.subscribe(expression, ({ topic }) => void heard.push(`${name} ${topic}`), { subscriber: { id: "mine" } });
      await hub.connect();
    };
    const hear = async (...all: string[]): Promise<void> => {
      heard.length = 0;
      for (const topic of ["ping", "pong", "else"]) await other.eventHub.publish({ topic, target: topic === "else" ? "id=nobody" : "id=mine" });
      await vi.waitFor(() => expect([...heard].sort()).toEqual(all));
    };
    await listen("one", one, "topic=ping");
    const before = (await sockets()).subscribers;
    await listen("two", two, "topic=ping");
    expect((await sockets()).subscribers).toBe(before + 2); // those that each session has
    await hear("one ping", "two ping");
    await listen("three", three, "topic=pong");
    await hear("one ping", "three pong", "two ping");
    await server.steer("/events/cut");
    await vi.waitFor(async () => expect(await sockets()).toMatchObject({ sockets: 2, subscribers: before + 4 }), { timeout: 10_000 });
    await Promise.all([one, two, three, other].map(({ eventHub }) => eventHub.connect()));
    await hear("one ping", "three pong", "two ping");
    three.eventHub.unsubscribe("mine");
    await hear("one ping", "two ping");
    await listen("three", three, "topic=pong");
    await two.close();
    await vi.waitFor(async () => expect((await sockets()).subscribers).toBe(before + 2));
    await hear("one ping", "three pong");
    await one.close();
    await vi.waitFor(async () => expect([three.eventHub.connected, await sockets()]).toMatchObject([true, { sockets: 2, subscribers: before }]), { timeout: 15_000 });
    await hear("three pong");
  });
});
