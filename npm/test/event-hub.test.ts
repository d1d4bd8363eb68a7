import { Event, EventHubConnectionError, EventReplyTimeoutError, InvalidArgumentError, NotUniqueError, ParseError, Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";

let server: TestServer;

beforeAll(async () => {
  server = await testServer("events");
});

afterAll(() => server.close());

async function open(options: SessionOptions = {}): Promise<{ session: Session; warnings: string[] }> {
  const warnings: string[] = [];
  const session = await Session.open({ ...server.options, logger: { warn: (text) => void warnings.push(text) }, ...options });
  onTestFinished(() => session.close());
  return { session, warnings };
}

async function connected(options: SessionOptions = {}): Promise<{ session: Session; warnings: string[] }> {
  const opened = await open(options);
  await opened.session.eventHub.connect();
  return opened;
}

/** Steers the event server of the sandbox. */
const control = (path: string, method = "POST", body?: object): Promise<unknown> => server.steer(`/events${path}`, method, body);

describe("an event hub", () => {
  test("exchanges events and replies with another through the server", async () => {
    const one = (await connected()).session.eventHub;
    const two = (await connected({ applicationId: "answers" })).session.eventHub;
    const subscription = two.subscription("topic=sum and data.a>1", async (event) => {
      await Promise.resolve();
      const { a, b } = event.data as { a: number; b: number };
      return { sum: a + b, from: event.source?.user?.username };
    });
    await two.connect();
    const reply = await one.publishAndWaitForReply(new Event("sum", { a: 2, b: 3 }), { timeout: 10 });
    expect(reply.data).toEqual({ sum: 5, from: "demo" });
    expect(reply.source).toMatchObject({ id: subscription.id, applicationId: "answers", user: { username: "demo" } });
    await expect(one.publishAndWaitForReply({ topic: "sum", data: { a: 1 } }, { timeout: 0.05 })).rejects.toThrow(EventReplyTimeoutError);
    expect(subscription.unsubscribe()).toBe(true);
    expect(subscription.unsubscribe()).toBe(false);
    await expect(one.publishAndWaitForReply({ topic: "sum", data: { a: 2, b: 3 } }, { timeout: 0.05 })).rejects.toThrow(EventReplyTimeoutError);
  });

  test("calls onReply for every reply until its time is over", async () => {
    const one = (await connected()).session.eventHub;
    const two = (await connected()).session.eventHub;
    const asked: Event[] = [];
    two.subscribe("topic=question", (event) => void asked.push(event));
    await two.connect();
    const replies: unknown[] = [];
    const id = await one.publish({ topic: "question" }, { onReply: (reply) => void replies.push(reply.data), timeout: 1 });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]!.id).toBe(id);
    await two.publishReply(asked[0]!, { n: 1 });
    await two.publishReply(asked[0]!, { n: 2 });
    await vi.waitFor(() => expect(replies).toEqual([{ n: 1 }, { n: 2 }]));
    // Who waits as long, asking nobody, waits longer: it begins later.
    await expect(one.publishAndWaitForReply({ topic: "nobody" }, { timeout: 1 })).rejects.toThrow(EventReplyTimeoutError);
    await two.publishReply(asked[0]!, { n: 3 });
    const fence = one.subscription("topic=fence", () => ({}));
    await one.connect();
    await two.publishAndWaitForReply({ topic: "fence" }, { timeout: 10 });
    fence.unsubscribe();
    expect(replies).toHaveLength(2);
  });

  test("a handler that fails, now or later, and one whose result cannot be sent stop nobody, and are reported", async () => {
    const { session, warnings } = await connected();
    const { eventHub: hub } = session;
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const unspeakable: unknown = Object.create(null);
    const calls: number[] = [];
    const results: (() => unknown)[] = [
      () => {
        throw new Error("now");
      },
      () => Promise.reject(new Error("later")),
      () => {
        throw unspeakable;
      },
      () => circle,
      () => Promise.resolve({ big: 1n }),
      async () => {
        await Promise.resolve();
        return { answer: 42 };
      },
    ];
    for (const [index, result] of results.entries()) hub.subscribe("topic=fails", () => (calls.push(index), result()), { priority: index });
    hub.subscribe("topic=fails", (event) => event.stop(), { priority: 50 });
    hub.subscribe("topic=fails", () => void calls.push(-1), { priority: 51 });
    await hub.connect();
    const asking = (await connected()).session.eventHub;
    expect((await asking.publishAndWaitForReply({ topic: "fails" }, { timeout: 10 })).data).toEqual({ answer: 42 });
    expect(calls).toEqual([0, 1, 2, 3, 4, 5]);
    await vi.waitFor(() => expect(warnings).toHaveLength(5));
    const told = warnings.join("\n");
    for (const wanted of ["fails failed: Error: now", "fails failed: Error: later", "has no text", /reply to fails was not sent: .*circular/, /reply to fails was not sent: .*BigInt/]) expect(told).toMatch(wanted);
    // What a program gets wrong is an error of its own, and the session goes on.
    for (const given of [circle, { big: 1n }]) {
      await expect(hub.publish({ topic: "a", data: given })).rejects.toThrow(InvalidArgumentError);
      await expect(hub.publishReply({ topic: "a" }, given)).rejects.toThrow(InvalidArgumentError);
      await expect(session.call([given])).rejects.toThrow(InvalidArgumentError);
      expect(() => hub.subscribe("topic=a", () => null, { subscriber: given })).toThrow(InvalidArgumentError);
      expect(() => hub.publish({ topic: "a", data: given }, { synchronous: true })).toThrow(InvalidArgumentError);
    }
    expect(await session.call([{ action: "query_server_information" }])).toHaveLength(1);
  });

  test("lets handlers subscribe and unsubscribe, others and themselves", async () => {
    const { eventHub: hub } = (await connected()).session;
    const calls: string[] = [];
    const on = (name: string, priority: number, then?: () => void): string =>
      hub.subscribe("topic=change", () => {
        calls.push(name);
        then?.();
      }, { priority });
    const once = on("once", 1, () => hub.unsubscribe(once));
    on("first", 2, () => {
      hub.unsubscribe(other);
      if (calls.length < 3) on("new", 4);
    });
    const other = on("other", 3);
    const change = { topic: "change" };
    hub.publish(change, { synchronous: true });
    expect(calls).toEqual(["once", "first"]);
    hub.publish(change, { synchronous: true });
    expect(calls).toEqual(["once", "first", "first", "new"]);
    calls.length = 0;
    await hub.connect();
    await hub.publish(change);
    await vi.waitFor(() => expect(calls).toEqual(["first", "new"]));
    const scoped = hub.subscription("topic=change", () => void calls.push("scoped"));
    expect(hub.getSubscriberByIdentifier(scoped.id)).not.toBeNull();
    scoped[Symbol.dispose]();
    expect(hub.getSubscriberByIdentifier(scoped.id)).toBeNull();
    hub.publish(change, { synchronous: true });
    expect(calls).not.toContain("scoped");
  });

  test("publishes at once to its own handlers, in order, and gives their results", async () => {
    const { session, warnings } = await open();
    const { eventHub: hub } = session;
    const calls: string[] = [];
    const on = (name: string, priority: number, result?: () => unknown): string =>
      hub.subscribe("topic=local* and data.x=5", (event) => (calls.push(`${name} ${event.topic}`), result?.()), { priority });
    on("c", 200);
    on("a", 1, () => 1);
    on("b", 1, () => {
      throw new Error("broken");
    });
    const last = on("d", 300, () => "last");
    expect(hub.publish({ topic: "local.x", data: { x: 5 } }, { synchronous: true })).toEqual([1, undefined, "last"]);
    expect(calls).toEqual(["a local.x", "b local.x", "c local.x", "d local.x"]);
    expect(warnings).toEqual(["event hub: a handler of topic=local* and data.x=5 failed: Error: broken"]);
    expect(hub.publish({ topic: "local.x", data: { x: "6" } }, { synchronous: true })).toEqual([]);
    hub.subscribe("topic=local.x", (event) => event.stop(), { priority: 250 });
    calls.length = 0;
    hub.publish({ topic: "local.x", data: { x: 5 } }, { synchronous: true });
    expect(calls).toHaveLength(3);
    expect(hub.getSubscriberByIdentifier(last)).toMatchObject({ id: last, priority: 300, subscription: "topic=local* and data.x=5" });
    expect(hub.getSubscriberByIdentifier("nobody")).toBeNull();
    // An id of any length: of two letters, the core's answer is as long as that without a result.
    for (const id of ["a", "me", "abc"]) {
      expect(hub.subscribe("topic=named", () => id, { subscriber: { id } })).toBe(id);
      expect(hub.getSubscriberByIdentifier(id)?.id).toBe(id);
    }
    expect(hub.publish({ topic: "named" }, { synchronous: true })).toEqual(["a", "me", "abc"]);
  });

  test("refuses what is wrong, at once where it can", async () => {
    const { eventHub: hub } = (await open()).session;
    expect(() => hub.subscribe("topic=", () => null)).toThrow(ParseError);
    expect(() => hub.subscribe("topic=", () => null)).toThrow(/character 7: expected a value/);
    expect(() => hub.subscribe("topic=a", "no" as never)).toThrow(InvalidArgumentError);
    hub.subscribe("topic=a", () => null, { subscriber: { id: "mine" } });
    expect(() => hub.subscribe("topic=a", () => null, { subscriber: { id: "mine" } })).toThrow(NotUniqueError);
    await expect(hub.publish({ topic: "a" })).rejects.toThrow(EventHubConnectionError);
    await expect(hub.publish({ topic: "a" })).rejects.toThrow("publish: the event hub is not connected: call connect first");
    await expect(hub.publish({} as never)).rejects.toThrow(InvalidArgumentError);
    await expect(hub.publish({ topic: "a" }, { timeout: -1 })).rejects.toThrow(InvalidArgumentError);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    await expect(hub.publish({ topic: "a", data: cycle })).rejects.toThrow(InvalidArgumentError);
  });

  test("tells of its state, and stays disconnected", async () => {
    const { eventHub: hub } = (await open()).session;
    const seen: string[] = [];
    hub.subscribe("topic=ftrack.meta.*", (event) => void seen.push(event.topic.slice(12)));
    expect([hub.state, hub.connected]).toEqual(["disconnected", false]);
    await hub.connect();
    expect([hub.state, hub.connected]).toEqual(["connected", true]);
    await hub.disconnect();
    await vi.waitFor(() => expect(seen).toEqual(["connected", "disconnected"]));
    expect(hub.state).toBe("disconnected");
    await hub.connect();
    expect(hub.connected).toBe(true);
  });

  test("can be waited for: for a time, or until it is disconnected or its session closed", async () => {
    const { session } = await connected();
    const { eventHub: hub } = session;
    const began = performance.now();
    await hub.wait(0.2);
    expect(performance.now() - began).toBeGreaterThan(190);
    expect(performance.now() - began).toBeLessThan(5000);
    let ends = 0;
    const ended = hub.wait().then(() => ends++);
    const abort = new AbortController();
    const aborted = hub.wait(60, { signal: abort.signal });
    await hub.wait(0.05);
    expect(ends).toBe(0);
    abort.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    await hub.disconnect();
    await ended;
    await hub.wait(); // it is disconnected
    await hub.connect();
    const last = hub.wait();
    await session.close();
    await last;
    await expect(hub.wait(0)).rejects.toThrow(InvalidArgumentError);
    await expect(hub.wait(1)).rejects.toThrow("closed");
  });

  test("comes back by itself, with its subscriptions and what waits", async () => {
    const { eventHub: hub } = (await connected()).session;
    const seen: string[] = [];
    hub.subscribe("topic=*", (event) => void seen.push(event.topic));
    await hub.connect();
    await control("", "PUT", { refuse: 503 });
    await control("/cut");
    await vi.waitFor(() => expect(hub.state).toBe("reconnecting"));
    const queued = hub.publish({ topic: "queued" });
    await control("", "PUT", {});
    await queued;
    await vi.waitFor(() => expect(seen).toContain("queued"), { timeout: 10_000 });
    expect(seen).toContain("ftrack.meta.disconnected");
  });

  test("comes back at once on a network that is back and in a tab that wakes up", async () => {
    if (typeof document !== "object") return; // what tells of both
    for (const wake of [() => window.dispatchEvent(new CustomEvent("online")), () => document.dispatchEvent(new CustomEvent("visibilitychange")), () => document.dispatchEvent(new CustomEvent("resume"))]) {
      const { eventHub: hub } = (await connected({ shareTabs: false })).session;
      const heard = (topic: string): Promise<unknown> => new Promise((resolve) => hub.subscribe(`topic=ftrack.meta.${topic}`, resolve));
      const lost = heard("disconnected");
      await hub.connect();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }); // no wait ends by itself
      onTestFinished(() => void vi.useRealTimers());
      await control("/cut");
      await lost;
      const back = heard("connected");
      expect(hub.state).toBe("reconnecting");
      wake();
      await back;
      vi.useRealTimers();
    }
  });

  test("keeps the key out of addresses whatever the network does", async () => {
    const addresses: string[] = [];
    const { session } = await open({
      autoConnectEventHub: true,
      shareTabs: false,
      fetch: (input, init) => {
        if (!String(input).includes("socket.io")) return server.fetch(input, init);
        addresses.push(String(input));
        return addresses.length > 2 ? server.fetch(input, init) : Promise.reject(new TypeError("Failed to fetch"));
      },
    });
    await vi.waitFor(() => expect(session.eventHub.connected).toBe(true), { timeout: 15_000 });
    expect(addresses.filter((address) => !address.endsWith("/socket.io/1/"))).toEqual([]);
  });

  test("delays no opening while it connects; what is published meanwhile leaves in order", async () => {
    let answer: (() => void) | undefined;
    const { session } = await open({
      autoConnectEventHub: true,
      shareTabs: false,
      fetch: async (input, init) => {
        if (String(input).includes("socket.io")) await new Promise<void>((resolve) => (answer = resolve));
        return server.fetch(input, init);
      },
    });
    const { eventHub: hub } = session;
    expect(hub.state).toBe("connecting");
    const seen: unknown[] = [];
    hub.subscribe("topic=early", ({ data }) => void seen.push(data.n));
    const published = [0, 1, 2, 3, 4].map((n) => hub.publish({ topic: "early", data: { n } }));
    await vi.waitFor(() => expect(answer).toBeDefined());
    answer!();
    await Promise.all(published);
    await vi.waitFor(() => expect(seen).toEqual([0, 1, 2, 3, 4]));
  });

  test("connects by itself, and is freed with the session", async () => {
    const { session } = await open({ autoConnectEventHub: true });
    const { eventHub: hub } = session;
    const pending = hub.publishAndWaitForReply({ topic: "nobody" });
    const failed = expect(pending).rejects.toThrow();
    await hub.connect();
    await session.close();
    await failed;
    expect(hub.state).toBe("disconnected");
    expect(hub.unsubscribe("x")).toBe(false);
    expect(() => hub.subscribe("topic=a", () => null)).toThrow("closed");
  });

  test("stands what no server should send", async () => {
    const { session, warnings } = await connected();
    const { eventHub: hub } = session;
    const seen: Event[] = [];
    hub.subscribe("topic=big", (event) => void seen.push(event));
    await hub.connect();
    const event = '{"name":"ftrack.event","args":[{"topic":"big","data":{}}]}';
    for (const frame of ["", "nonsense", "9::", "5:::{", `5:::${event.slice(0, 40)}`, "6:::99+[]", "6:::", '5:::{"name":"ftrack.event","args":[{"data":1}]}', "5", "5:1"]) {
      await control("/send", "POST", { frame });
    }
    await control("/send", "POST", { frame: "binary", binary: true });
    const text = "x".repeat(10 << 20);
    await control("/send", "POST", { frame: `5:::{"name":"ftrack.event","args":[{"topic":"big","data":{"text":"${text}"}}]}` });
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 15_000 });
    expect((seen[0]!.data as { text: string }).text).toHaveLength(text.length);
    expect(hub.state).toBe("connected");
    expect(warnings.filter((each) => each.startsWith("event hub: received")).length).toBeGreaterThanOrEqual(7);
    // A gateway passes none, and a sandbox inside the page makes none.
    if (inject("through") === "network") expect(warnings.join()).toContain("binary message");
  });

  test("connects anew, and asks for what it missed, when more messages come than can wait", { timeout: 30_000 }, async () => {
    const sockets: WebSocket[] = [];
    class Own extends server.WebSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    }
    const { session } = await connected({ WebSocket: Own as typeof WebSocket });
    const heard: Event[] = [];
    for (const topic of ["ftrack.meta.disconnected", "ftrack.session.resynced", "flood"]) session.eventHub.subscribe(`topic=${topic}`, (event) => void heard.push(event));
    const data = `5:::{"name":"ftrack.event","args":[{"topic":"flood","data":{"text":"${"x".repeat(1 << 20)}"}}]}`;
    for (let i = 0; i < 100; i++) sockets[0]!.onmessage?.({ data } as MessageEvent);
    await vi.waitFor(() => expect(heard.map(({ topic }) => topic)).toEqual(["ftrack.meta.disconnected", "ftrack.session.resynced"]), 10_000);
    expect(session.eventHub.state).toBe("connected");
    expect(sockets).toHaveLength(2);
  });

  test("says which option is missing where there is no WebSocket", async () => {
    const { WebSocket } = globalThis;
    Reflect.deleteProperty(globalThis, "WebSocket");
    try {
      const without: SessionOptions = { ...server.options };
      delete without.WebSocket;
      const bare = async (options: SessionOptions = {}): Promise<Session> => {
        const session = await Session.open({ ...without, ...options });
        onTestFinished(() => session.close());
        return session;
      };
      const { eventHub: hub } = await bare();
      await expect(hub.connect()).rejects.toThrow(EventHubConnectionError);
      await expect(hub.connect()).rejects.toThrow(/option WebSocket/);
      await expect(bare({ autoConnectEventHub: true })).rejects.toThrow(/option WebSocket/);
    } finally {
      globalThis.WebSocket = WebSocket;
    }
    let urls: string[] = [];
    class Own extends server.WebSocket {
      constructor(url: string) {
        super(url);
        urls.push(url);
      }
    }
    await connected({ WebSocket: Own as typeof WebSocket });
    expect(urls).toHaveLength(1);
    expect(urls[0]).not.toContain(server.secret);
    urls = [];
  });

  test("fails to connect to what is no event server, without showing the key", async () => {
    const { session } = await open({ fetch: (input, init) => (String(input).includes("socket.io") ? Promise.resolve(new Response("<html>", { status: 200 })) : server.fetch(input, init)) });
    await expect(session.eventHub.connect()).rejects.toThrow(/handshake that is none/);
    const other = await open({ eventKeyInUrl: true, fetch: (input, init) => (String(input).includes("socket.io") ? Promise.reject(new TypeError(`cannot fetch ${String(input)}`)) : server.fetch(input, init)) });
    const failure = await other.session.eventHub.connect().catch((error: unknown) => error);
    expect(String(failure)).toContain("cannot fetch the server");
    expect(String(failure)).not.toContain(server.secret);
  });
});
