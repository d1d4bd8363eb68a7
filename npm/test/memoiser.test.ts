import { EntityKeyMaker, InvalidArgumentError, Memoiser, MemoryCache, ObjectKeyMaker, SerialisedCache, StringKeyMaker, identity, memoise } from "ftrack-wasm";
import type { CacheLike, Entity } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import vectors from "../../cache/testdata/keys.json" with { type: "json" };
import { tasks, uuid } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

/** Makes of JSON what the vectors mean. */
function item(value: unknown, entity: (type: string, key: string[]) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => item(each, entity));
  if (typeof value !== "object" || value === null) return value;
  const { $entity, $bytes } = value as { $entity?: [string, string[]]; $bytes?: number[] };
  if ($entity) return entity(...$entity);
  if ($bytes) return new Uint8Array($bytes);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, item(each, entity)]));
}

class Own {
  readonly value = 1;
}

describe("key makers", () => {
  test("make the keys of the vectors", async () => {
    const { session } = await openSession();
    const made = new Map<string, unknown>();
    const entity = (type: string, key: string[]): unknown => {
      const name = JSON.stringify(key);
      if (!made.has(name)) made.set(name, type === "Metadata" ? session.create(type, { parent_id: key[0]!, key: key[1]! }) : session.create("Task", { id: key[0]! }));
      return made.get(name);
    };
    for (const vector of vectors) {
      const items = item(vector.items, entity) as unknown[];
      for (const [maker, want] of [[new StringKeyMaker(), vector.string], [new EntityKeyMaker(), vector.entity], [new ObjectKeyMaker(), vector.object]] as const) {
        if (want === null) expect(() => maker.key(...items), JSON.stringify(vector)).toThrow(InvalidArgumentError);
        else expect(maker.key(...items), JSON.stringify(vector)).toBe(want);
      }
    }
  });

  test("name the entity by its identity", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(1));
    const task = await session.query<"Task">("select name from Task").first();
    expect(new StringKeyMaker().key(identity(task!))).toBe(`["Task",["${uuid(0)}"]]`);
    expect(new EntityKeyMaker().key(task)).toBe(`["Task",["${uuid(0)}"]]`);
    expect(session.cacheKeyMaker.key(identity(task!))).toBe(new EntityKeyMaker().key(task));
    expect(() => new StringKeyMaker().key("fine", task)).toThrow(/item 2/);
  });

  test("tell everything apart", () => {
    const maker = new ObjectKeyMaker();
    const fn = (): void => undefined;
    const items = [
      null, undefined, "", "a", "null", "undefined", true, false, 1, 2.5, NaN, Infinity, -Infinity, 1n, "1n", [], [[]], [1], ["1"], {}, { a: 1 }, { b: 1 }, { a: undefined }, new Map(), new Map([["a", 1]]), new Set(),
      new Set(["a"]), new Date(0), new Date(1), new Date(NaN), "date()", new Uint8Array([1]), new Uint8Array(0), new Float64Array([1]), new URL("http://a/"), new URL("http://b/"), fn, () => undefined, "\ud800", "\ufffd", "\\ud800",
    ];
    expect(new Set(items.map((each) => maker.key(each))).size).toBe(items.length);
    expect(maker.key({ a: 1, b: [2] }, fn)).toBe(maker.key({ b: [2], a: 1 }, fn));
    expect(maker.key(-0)).toBe(maker.key(0));
    expect(maker.key(new Uint8Array([1, 2]).subarray(1))).toBe(maker.key(new Uint8Array([2]).buffer));
    expect(maker.key("a", "b")).not.toBe(maker.key("a,b"));
    const twice = { x: 1 };
    expect(maker.key([twice, twice])).toBe('[{"x":1},{"x":1}]');
  });

  test("refuse what they cannot tell apart", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    for (const each of [Symbol("x"), new WeakMap(), Promise.resolve(), /x/, loop, [loop], new Map([["a", loop]]), new Own()]) {
      expect(() => new ObjectKeyMaker().key("fine", each)).toThrow(InvalidArgumentError);
      expect(() => new ObjectKeyMaker().key("fine", each)).toThrow(/item 2/);
    }
    for (const each of [NaN, Infinity, {}, undefined, 1n, new Date(), [[NaN]]]) expect(() => new StringKeyMaker().key(each)).toThrow(InvalidArgumentError);
  });
});

describe("a memoiser", () => {
  test("calls once for the same arguments, and shares a call under way", async () => {
    const calls: unknown[] = [];
    const size = memoise(async (name: string, n: number | string) => {
      calls.push([name, n]);
      await Promise.resolve();
      return { name, n };
    });
    const both = await Promise.all([size("a", 1), size("a", 1)]);
    expect(await size("a", 1)).toEqual({ name: "a", n: 1 });
    expect(calls).toEqual([["a", 1]]);
    await size("a", "1");
    expect(calls.length).toBe(2);
    both[0].name = "changed";
    expect(both[1].name).toBe("a");
    expect((await size("a", 1)).name).toBe("a");
  });

  test("tells functions apart, by a name where it is given one", async () => {
    const memoiser = new Memoiser();
    expect(await memoiser.call(() => 1, [])).toBe(1);
    expect(await memoiser.call(() => 2, [])).toBe(2);
    expect(await memoiser.call(() => 3, [], "name")).toBe(3);
    expect(await memoiser.call(() => 4, [], "name")).toBe(3);
    const kept = new MemoryCache<string>();
    const make = (): Memoiser => new Memoiser({ cache: new SerialisedCache<unknown>(kept), keyMaker: new StringKeyMaker() });
    expect(await make().call((n: number) => `first ${n}`, [1], "f")).toBe("first 1");
    expect(await make().call((n: number) => `second ${n}`, [1], "f")).toBe("first 1");
  });

  test("remembers no errors, and neither undefined nor null", async () => {
    let calls = 0;
    const fail = memoise(() => {
      if (++calls === 1) throw new Error("not yet");
      return calls === 2 ? undefined : calls;
    });
    await expect(fail()).rejects.toThrow("not yet");
    expect([await fail(), await fail(), await fail()]).toEqual([undefined, 3, 3]);
    await expect(memoise((x: unknown) => x)(Symbol("x"))).rejects.toThrow(InvalidArgumentError);
  });

  test("does without a cache that fails", async () => {
    const reported: unknown[] = [];
    const cache = { get: () => Promise.reject(new Error("broken")), set: () => { throw new Error("broken"); } } as unknown as CacheLike<unknown>;
    const memoiser = new Memoiser({ cache, report: (error) => reported.push(error) });
    expect(await memoiser.call(() => 1, [])).toBe(1);
    expect(reported.length).toBe(2);
  });

  test("gives copies of data, and entities themselves", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(1));
    const find = memoise(async () => {
      const task = (await session.query<"Task">("select name from Task").first()) as Entity;
      const data = { task, list: [new Map([["a", new Date(5)]]), new Set([1])], bytes: new Uint8Array([1]), own: undefined as unknown };
      data.own = data;
      return data;
    });
    const [first, second] = [await find(), await find()];
    expect(first.task).toBe(second.task);
    expect(first.list).toEqual(second.list);
    expect(first.list[0]).not.toBe(second.list[0]);
    expect(first.own).toBe(first);
    first.bytes[0] = 2;
    expect((await find()).bytes[0]).toBe(1);
    const shared = new Memoiser({ returnCopies: false });
    const value = { a: 1 };
    expect(await shared.call(() => value, [])).toBe(value);
  });
});
