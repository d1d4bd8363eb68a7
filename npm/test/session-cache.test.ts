// The option `cache`: what a session keeps in a cache of the program's own, and what the session does when it fails.
import { LayeredCache, MemoryCache, NetworkError, ObjectKeyMaker, ProxyCache, SerialisedCache, Session, identity } from "ftrack-wasm";
import type { CacheLike, DefaultEntities, SessionOptions } from "ftrack-wasm";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { FakeServer, tasks, uuid } from "./support/fake-server.js";

const serverUrl = "https://studio.example";
const apiKey = "planted-key-4711";
const expression = "select name, bid, status.name from Task";
type Task = DefaultEntities["Task"];

afterEach(() => vi.useRealTimers());

interface Visit {
  session: Session;
  server: FakeServer;
  warnings: string[];
}

async function visit(server: FakeServer, options: SessionOptions): Promise<Visit> {
  const warnings: string[] = [];
  const session = await Session.open({ serverUrl, apiUser: "ada", apiKey, fetch: server.fetch, schemaCachePath: false, logger: { warn: (text) => void warnings.push(text) }, ...options });
  onTestFinished(() => session.close());
  server.requests.length = 0;
  return { session, server, warnings };
}

function serving(count = 3): FakeServer {
  const server = new FakeServer();
  server.schemaHash = "hash-1";
  server.rows.set("Task", tasks(count, (i) => ({ bid: i, context_type: "task" })));
  return server;
}

function cut(server: FakeServer): void {
  server.answer = () => {
    throw new TypeError("the wire is cut");
  };
}

/** A cache as a program writes one. */
function plain(values = new Map<string, string>()): CacheLike<string> & { values: never; map: Map<string, string> } {
  const cache: CacheLike<string> = {
    get: (key) => Promise.resolve(values.get(key) ?? null),
    set: (key, value) => Promise.resolve(void values.set(key, value)),
    remove: (key) => Promise.resolve(void values.delete(key)),
    keys: () => Promise.resolve([...values.keys()]),
    clear: () => Promise.reject(new Error("nobody clears what others use")),
  };
  return Object.assign(cache, { map: values }) as CacheLike<string> & { values: never; map: Map<string, string> };
}

const bytes = new MemoryCache<Uint8Array>();
const SOURCES: Record<string, () => NonNullable<SessionOptions["cache"]>> = {
  "one's own": () => plain(),
  MemoryCache: () => new MemoryCache<string>(),
  ProxyCache: () => new ProxyCache(plain()),
  LayeredCache: () => new LayeredCache([new MemoryCache<string>({ limit: 3 }), plain()]),
  "SerialisedCache over bytes": () =>
    new SerialisedCache<string, Uint8Array>(bytes, { encode: (text) => new TextEncoder().encode(text), decode: (kept) => new TextDecoder().decode(kept) }),
  "a function": () => {
    const cache = plain();
    return (session) => (session.types.Task && session.serverUrl === serverUrl ? cache : null);
  },
  "an asynchronous function": () => {
    const cache = plain();
    return () => Promise.resolve(cache);
  },
};

describe.each(Object.entries(SOURCES))("a session over %s", (_, make) => {
  test("finds the rows of the session before it", async () => {
    const server = serving(1200);
    const cache = make();
    const one = await visit(server, { cache, policy: "cache-first" });
    expect((await one.session.query(expression).all()).source).toBe("network");
    await one.session.close();
    const { session, warnings } = await visit(server, { cache, policy: "cache-first" });
    const rows = await session.query<"Task">(expression).all();
    expect([rows.length, rows.source, rows.stale, rows[1100]!.name, rows[1100]!.status?.name]).toEqual([1200, "cache", false, "task 1100", "status 2"]);
    expect(await session.get("Task", uuid(7))).toBe(rows[7]);
    expect([server.requests, warnings, one.warnings]).toEqual([[], [], []]);
  });

  test("gets entities from it, and shows in kept rows what was committed and what was deleted", async () => {
    const server = serving();
    const cache = make();
    const one = await visit(server, { cache });
    await one.session.query(expression).all();
    const [first, second] = [await one.session.get("Task", uuid(0)), await one.session.get("Task", uuid(1))];
    first!.name = "renamed";
    one.session.delete(second!);
    await one.session.commit();
    await one.session.close();
    const { session } = await visit(server, { cache, policy: "cache-first" });
    expect((await session.get("Task", uuid(0)))?.name).toBe("renamed");
    expect((await session.get("TypedContext", uuid(0)))?.entityType).toBe("Task");
    expect(server.requests).toEqual([]);
    const rows = (await session.query(expression).all()) as unknown as Task[];
    expect(rows.map(({ name }) => name)).toEqual(["renamed", "task 2"]);
    expect(server.requests).toEqual([]);
  });
});

describe("what is kept in a cache", () => {
  test("is asked for again when it is too old, or when it was removed", async () => {
    const server = serving();
    const options: SessionOptions = { cache: plain(), policy: "cache-first", maxAge: 60 };
    const one = await visit(server, options);
    await one.session.get("Task", uuid(0));
    await one.session.close();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 50_000 });
    const two = await visit(server, options);
    const task = await two.session.get("Task", uuid(0));
    expect(server.expressions).toEqual([]);
    const key = two.session.cacheKeyMaker.key(identity(task!));
    expect(await two.session.cache!.keys()).toContain(key);
    await two.session.close();
    vi.setSystemTime(Date.now() + 50_000);
    const three = await visit(server, options);
    await three.session.get("Task", uuid(0));
    expect(server.expressions.length).toBe(1);
    await three.session.close();
    const four = await visit(server, options);
    await four.session.cache!.remove(key);
    await four.session.get("Task", uuid(0));
    expect(server.expressions.length).toBe(1);
    await four.session.cache!.clear();
    await expect(four.session.query(expression, { policy: "cache-only" }).all()).rejects.toThrow(NetworkError);
  });

  test("never overwrites local changes, nor newer values", async () => {
    const server = serving();
    const cache = plain();
    const one = await visit(server, { cache });
    await one.session.query(expression).all();
    await one.session.close();
    const { session } = await visit(server, { cache });
    const task = (await session.get("Task", uuid(0)))!;
    task.name = "mine";
    server.rows.set("Task", tasks(3, () => ({ bid: 99 })));
    await session.populate(task, "bid");
    cut(server);
    const rows = await session.query<"Task">(expression).all();
    expect([rows.source, rows.stale, rows[0] === task, task.name, session.modified]).toEqual(["cache", true, true, "mine", [task]]);
  });

  test("belongs to one server, user, key and version of the schemas", async () => {
    const server = serving();
    const cache = plain();
    cache.map.set("of the program", "value");
    const one = await visit(server, { cache });
    await one.session.query(expression).all();
    expect(await one.session.cache!.keys()).not.toContain("of the program");
    await one.session.close();
    expect([...cache.map.keys()].filter((key) => !key.startsWith(`${serverUrl}\nada\n`))).toEqual(["of the program"]);
    for (const other of [{ apiUser: "bob" }, { apiKey: "another" }, { serverUrl: "https://other.example" }]) {
      const { session } = await visit(server, { cache, ...other });
      await expect(session.query(expression, { policy: "cache-only" }).all(), JSON.stringify(other)).rejects.toThrow(NetworkError);
      await session.cache!.clear();
    }
    const again = await visit(server, { cache });
    expect((await again.session.query(expression, { policy: "cache-only" }).all()).length).toBe(3);
    await again.session.close();
    server.schemaHash = "hash-2";
    const { session } = await visit(server, { cache });
    await expect(session.query(expression, { policy: "cache-only" }).all()).rejects.toThrow(NetworkError);
    await session.cache!.clear();
    expect([...cache.map.keys()]).toEqual(["of the program"]);
  });

  test("holds no secrets, and nothing that the server computes", async () => {
    const server = serving();
    const cache = plain();
    const all = (): string => JSON.stringify([...cache.map]);
    cache.map.set("planted", apiKey);
    expect(all()).toContain(apiKey);
    cache.map.clear();
    server.rows.set("Task", tasks(3, () => ({ thumbnail_url: { value: "https://x/?apiKey=another-secret" }, thumbnail_id: "x" })));
    const { session } = await visit(server, { cache });
    const rows = await session.query<"Task">("select name, thumbnail_url from Task").all();
    expect(JSON.stringify(rows[0]!.thumbnail_url)).toContain("another-secret");
    rows[0]!.name = apiKey;
    await session.commit();
    await session.close();
    expect(all()).toContain("task 1");
    expect(all()).not.toContain(apiKey);
    expect(all()).not.toContain("another-secret");
    const again = await visit(server, { cache });
    const kept = await again.session.query<"Task">("select name, thumbnail_url from Task", { policy: "cache-only" }).all();
    expect([kept[1]!.name, kept[1]!.thumbnail_url]).toEqual(["task 1", undefined]);
  });

  test("is as if it were not there when it is damaged", async () => {
    const server = serving();
    const cache = plain();
    const one = await visit(server, { cache });
    await one.session.query(expression).all();
    await one.session.close();
    const whole = new Map(cache.map);
    const damages: ((value: string, key: string) => unknown)[] = [
      (value) => value.slice(0, -3), (value) => `${value} `, () => "", () => "ftrack-wasm 1 ", (value) => value.replace("task", "tasc"), () => 5, () => ({}), (value) => new TextEncoder().encode(value),
      (_, key) => [...whole].find(([other]) => other !== key)![1],
    ];
    for (const damage of damages) {
      for (const [key, value] of whole) cache.map.set(key, damage(value, key) as string);
      const { session, warnings } = await visit(server, { cache });
      const [only, rows] = [session.query(expression, { policy: "cache-only" }).all(), session.query(expression, { policy: "cache-first" }).all()];
      if (!damage.toString().includes("tasc")) await expect(only, damage.toString()).rejects.toThrow(NetworkError);
      else await only.then((kept) => expect(kept.source).toBe("network"), (error: unknown) => expect(error).toBeInstanceOf(NetworkError));
      expect((await rows).source, damage.toString()).toBe("network");
      expect(warnings).toEqual([]);
      await session.close();
    }
  });

  test("is under the keys of the key maker", async () => {
    const server = serving();
    const cache = plain();
    const options: SessionOptions = { cache, cacheKeyMaker: { key: (...items) => `mine ${new ObjectKeyMaker().key(...items)}` } };
    const one = await visit(server, options);
    const task = await one.session.get("Task", uuid(0));
    expect(one.session.cacheKeyMaker.key(identity(task!))).toBe(`mine ["Task",["${uuid(0)}"]]`);
    await one.session.close();
    expect([...cache.map.keys()].map((key) => key.split("\n").slice(3).join("\n"))).toContain(`mine ["Task",["${uuid(0)}"]]`);
    const { session } = await visit(server, options);
    expect((await session.get("Task", uuid(0)))?.name).toBe("task 0");
    expect(server.requests).toEqual([]);
  });

  test("opens a session without a network, but not with a wrong key", async () => {
    const server = serving();
    const database = `session cache ${Math.random()}`;
    const options: SessionOptions = { cache: plain(), serverUrl: `https://${Math.random().toString(36).slice(2)}.example` };
    if (typeof indexedDB === "object") {
      options.schemaCachePath = database;
      onTestFinished(() => void indexedDB.deleteDatabase(database));
    } else {
      options.schemaCachePath = process.env.FTRACK_API_SCHEMA_CACHE_PATH!;
    }
    const one = await visit(server, options);
    await one.session.query(expression).all();
    await one.session.close();
    await vi.waitFor(async () => {
      const asked: string[] = [];
      server.answer = ({ operations }) => void asked.push(...operations.map(({ action }) => action));
      await (await visit(server, options)).session.close();
      expect(asked, "the schemas are kept, behind everybody's back").toEqual(["query_server_information"]);
    }, 10_000);
    cut(server);
    const { session } = await visit(server, options);
    const rows = await session.query(expression).all();
    expect([rows.length, rows.source, rows.stale, session.online]).toEqual([3, "cache", true, false]);
    await session.close();
    await expect(visit(server, { ...options, apiKey: "wrong", timeout: 1 })).rejects.toThrow(NetworkError);
  });

  test("can be looked at", async () => {
    const server = serving();
    const { session } = await visit(server, { cache: plain() });
    await session.query(expression).all();
    expect(await session.kept!.written()).toBe(true);
    const { replies, entities, bytes, newest } = await session.kept!.statistics();
    expect([replies, entities, bytes > 100, Math.abs(Date.now() - newest!.getTime()) < 60_000]).toEqual([1, 6, true, true]);
    await session.kept!.clear();
    expect((await session.kept!.statistics()).entities).toBe(0);
  });
});

describe("without a cache", () => {
  test("there is the memory layer where a policy asks for it", async () => {
    const { session } = await visit(serving(), { cache: () => undefined, policy: "cache-first" });
    await session.query(expression).all();
    await session.kept!.written();
    expect((await session.query(expression).all()).source).toBe("cache");
    expect((await session.cache!.keys()).length).toBeGreaterThan(3);
  });

  test("null keeps nothing", async () => {
    const { session } = await visit(serving(), { cache: null, policy: "cache-first" });
    await session.query(expression).all();
    expect([(await session.query(expression).all()).source, session.cache]).toEqual(["network", undefined]);
  });
});

describe("a cache that", () => {
  const hang = (): Promise<never> => new Promise(() => undefined);
  const fail = (): Promise<never> => Promise.reject(new Error("the disk is gone"));
  const crash = (): never => {
    throw new Error("the disk is gone");
  };
  const FAULTS: Record<string, SessionOptions["cache"]> = {
    "fails to read": { ...plain(), get: fail, keys: fail },
    "fails to write": { ...plain(), set: fail, remove: fail },
    "throws": { get: crash, set: crash, remove: crash, keys: crash, clear: crash },
    "gives nonsense": { ...plain(), getMany: () => 5 as never },
    "hangs when it is read": { ...plain(), get: hang, keys: hang },
    "hangs always": { get: hang, set: hang, remove: hang, keys: hang, clear: hang },
    "is not made": crash,
    "is made of something else": () => ({ get: fail }) as never,
    "is never made": hang,
  };

  test.each(Object.entries(FAULTS))("%s is told of once and passed over", async (_, cache) => {
    const server = serving();
    const start = performance.now();
    const { session, warnings } = await visit(server, { cache: cache!, policy: "cache-first" });
    for (let i = 0; i < 5; i++) {
      const rows = await session.query<"Task">(`${expression} where bid > ${i}`).all();
      expect(rows.map((task) => task.name)).toEqual(["task 0", "task 1", "task 2"]);
      expect(await session.get("Shot", uuid(i))).toBeNull();
    }
    await session.close();
    expect(performance.now() - start).toBeLessThan(8000);
    expect(warnings.length, warnings.join("\n")).toBe(1);
    expect(warnings[0]).toMatch(/^ftrack-wasm: the cache could not be (read|written to|made|used), and is passed over: /);
  });

  const JUNK: Record<string, Partial<Record<keyof CacheLike<string>, () => unknown>>> = {
    "numbers": { get: () => 5 },
    "false": { get: () => false },
    "objects": { get: () => ({}), keys: () => [{}, null, 5] },
    "what it was not asked for": { getMany: () => new Map<unknown, unknown>([["x", "y"], [5, 5], [null, null]]) },
    "pairs of numbers": { getMany: () => [[1, 2]], keys: () => [1, 2] },
  };
  test.each(Object.entries(JUNK))("gives %s has nothing, and the memory layer serves", async (_, junk) => {
    const { session } = await visit(serving(), { cache: { ...plain(), ...junk } as CacheLike<string>, policy: "cache-first" });
    await session.query(expression).all();
    await session.kept!.written();
    expect((await session.query(expression).all()).source).toBe("cache");
    expect((await session.kept!.statistics()).replies).toBe(1);
    await session.kept!.clear();
    expect((await session.kept!.statistics()).replies).toBe(0);
    expect((await session.query(expression).all()).source).toBe("network");
  });

  test("answers late is not waited for, and serves once it answers again", async () => {
    const server = serving();
    const cache = plain();
    const one = await visit(server, { cache });
    await one.session.query(expression).all();
    await one.session.close();
    const answers: (() => void)[] = [];
    let late = true;
    const slow: CacheLike<string> = { ...cache, get: (key) => (late ? new Promise((resolve) => answers.push(() => resolve(cache.get(key)))) : cache.get(key)) };
    const { session, warnings } = await visit(server, { cache: slow, policy: "cache-first" });
    expect((await session.query(`${expression} where bid > 1`).all()).source).toBe("network");
    expect(answers.length).toBe(1); // nobody asks again meanwhile
    expect(warnings).toEqual([expect.stringMatching(/could not be read, and is passed over: no answer within 1000 ms/)]);
    late = false;
    answers.forEach((answer) => answer());
    await expect.poll(async () => (await session.query(expression, { policy: "cache-only" }).all().catch(() => [])).length).toBe(3);
  });

  test("hangs when it is written to delays no read", async () => {
    const server = serving();
    const { session } = await visit(server, { cache: { ...plain(), set: hang }, policy: "cache-first" });
    await session.query(expression).all();
    const start = performance.now();
    for (let i = 0; i < 10; i++) await session.query(`${expression} where bid > ${i}`).all();
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test("whose key maker fails is told of once and passed over", async () => {
    const { session, warnings } = await visit(serving(), { cache: plain(), cacheKeyMaker: { key: crash }, policy: "cache-first" });
    expect((await session.query(expression).all()).length).toBe(3);
    expect((await session.query(expression).all()).source).toBe("network");
    await session.close();
    expect(warnings).toEqual(["ftrack-wasm: the cache could not be given a key, and is passed over: the disk is gone"]);
  });

  test.each([[{}], [5], ["cache"], [{ get: fail }], [true]])("is none (%j) is refused", async (cache) => {
    await expect(visit(serving(), { cache: cache as never })).rejects.toThrow(/option cache must be null, an object with get, set, remove, keys and clear/);
    await expect(visit(serving(), { cacheKeyMaker: cache as never })).rejects.toThrow(/option cacheKeyMaker/);
  });
});
