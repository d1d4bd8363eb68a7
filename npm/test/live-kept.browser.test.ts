import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { NetworkError, Session } from "ftrack-wasm";
import type { DefaultEntities, LiveList, SessionOptions } from "ftrack-wasm";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";

type Task = DefaultEntities["Task"];

const expression = "select name, status.name from Task order by name, id";

let server: TestServer;
let cut = false;
/** What the server's answers wait for. */
let held: Promise<void> | undefined;

beforeEach(async () => {
  cut = false;
  held = undefined;
  server = await testServer();
  await Session.forget(server.options);
});

afterEach(async () => {
  await Session.forget(server.options);
  server.close();
});

async function visit(options: SessionOptions = {}): Promise<Session> {
  const wire: typeof fetch = async (url, init) => {
    if (cut) throw new TypeError("the wire is cut");
    await held;
    return server.fetch(url, init);
  };
  const session = await Session.open({ ...server.options, fetch: wire, shareTabs: false, ...options });
  onTestFinished(() => session.close());
  return session;
}

/** A visit that shows a list and ends: its rows. */
async function first(): Promise<readonly unknown[]> {
  const session = await visit();
  const list = session.live(expression);
  await list.settled();
  await session.kept!.written();
  await session.close();
  return list.getSnapshot();
}

const stands = ({ loaded, freshness }: LiveList<unknown>): unknown[] => [loaded, freshness?.source, freshness?.stale];

describe("a live list without a network", () => {
  test("shows kept rows, says so, and has the server's when the network is back", async () => {
    const before = await first();
    expect(before.length).toBeGreaterThan(1000);
    const was = Date.now();
    cut = true;
    const session = await visit();
    const list = session.live<"Task">(expression);
    let told = 0;
    list.subscribe(() => told++);
    expect([list.getSnapshot().length, list.freshness]).toEqual([0, undefined]);
    await vi.waitFor(() => expect(list.getSnapshot().length).toBeGreaterThan(0), { timeout: 3000 });
    expect(list.getSnapshot()).toEqual(before);
    expect([...stands(list), told]).toEqual([false, "cache", true, 1]);
    expect(list.freshness!.fetchedAt.getTime()).toBeLessThanOrEqual(was);
    await expect(list.settled()).rejects.toThrow(NetworkError);
    expect(list.error).toBeInstanceOf(NetworkError);
    expect(list.getSnapshot()).toEqual(before);

    const task = list.entities[3] as Task;
    task.name = "typed without a network";
    await vi.waitFor(() => expect(list.getSnapshot().some((row) => row.name === "typed without a network")).toBe(true));
    expect([...stands(list), list.error]).toEqual([false, "cache", true, expect.any(NetworkError)]);
    task.revert("name");

    cut = false;
    await vi.waitFor(() => expect(stands(list)).toEqual([true, "network", false]), { timeout: 15_000 });
    await list.settled();
    expect([list.error, list.getSnapshot(), list.entities[3] === task]).toEqual([null, before, true]);
  });

  test("shows what a query of the same expression has left", async () => {
    const session = await visit();
    const rows = await session.query<"Task">(expression).all();
    const names = rows.map(({ name }) => name);
    await session.kept!.written();
    await session.close();
    cut = true;
    const list = (await visit()).live(expression);
    await vi.waitFor(() => expect(list.getSnapshot().map((row) => row.name)).toEqual(names), { timeout: 3000 });
  });

  test("that is loaded shows what is changed while the network is away", async () => {
    const session = await visit({ cache: null });
    const list = session.live<"Task">(expression);
    await list.settled();
    expect(stands(list)).toEqual([true, "network", false]);
    const shown = list.getSnapshot().length;
    cut = true;
    const task = list.entities[7] as Task;
    const entities = [{ entity_type: "Task", entityType: "task", entityId: crypto.randomUUID(), action: "add", keys: ["name"] }];
    await session.lives.take([{ topic: "ftrack.update", data: { entities } }]); // it is asked about
    await vi.waitFor(() => expect(list.error).toBeInstanceOf(NetworkError), { timeout: 20_000 });
    task.name = "!";
    await vi.waitFor(() => expect(list.getSnapshot()[0]!.name).toBe("!"));
    expect([list.getSnapshot().length, ...stands(list)]).toEqual([shown, true, "network", false]);
  });
});

describe("a live list by policy", () => {
  test.each(["cache-first", "cache-and-network"] as const)("%s shows kept rows before the server has answered", async (policy) => {
    const before = await first();
    const session = await visit({ policy });
    let answer: () => void = () => undefined;
    held = new Promise((go) => (answer = go));
    const list = session.live(expression);
    const seen: unknown[] = [];
    list.subscribe(() => {
      seen.push([...stands(list), list.getSnapshot().length]);
      answer();
    });
    await list.settled();
    expect(seen).toEqual([[false, "cache", true, before.length], [true, "network", false, before.length]]);
  });

  test("cache-only asks nobody", async () => {
    const before = await first();
    cut = true;
    const list = (await visit({ policy: "cache-only" })).live(expression);
    await list.settled();
    expect([list.getSnapshot(), ...stands(list), list.error]).toEqual([before, false, "cache", false, null]);
  });
});
