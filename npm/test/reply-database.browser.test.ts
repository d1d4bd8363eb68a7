import { describe, expect, onTestFinished, test, vi } from "vitest";
import { PIECE, PLACE } from "../src/idb/segment.js";
import type { Head } from "../src/idb/segment.js";
import { at, bytes, bytesOf, change, count, database, decoder, done, named, putting, reply, saved, tab, things } from "./support/replies.js";
import type { Thing } from "./support/replies.js";

describe("what is saved", () => {
  test("is there for the next session, of any size, and in the order in which it came", async () => {
    const { store, warnings } = tab();
    const sizes = [0, 1, 5000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17];
    for (const size of sizes) store.save(saved(`of ${size}`, Uint8Array.from({ length: size }, (_, i) => i * 7 + (i >> 8)), size));
    store.save(saved("of 1", bytes(9), 77));
    expect(await store.written()).toBe(true);
    await store.close();
    const again = tab().store;
    for (const size of sizes.filter((each) => each !== 1)) {
      const found = await again.load(`of ${size}`);
      expect([found?.at, bytesOf(found)?.length, bytesOf(found)?.every((byte, i) => byte === ((i * 7 + (i >> 8)) & 255))]).toEqual([size, size, true]);
    }
    expect(bytesOf(await again.load("of 1"))).toEqual(bytes(9));
    expect(await again.load("of nothing")).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("is served while it waits to be written", async () => {
    const { store } = tab();
    store.save(saved("key", bytes(5), 1));
    store.save(saved("key", bytes(6), 2));
    expect(await store.load("key")).toEqual({ pieces: [bytes(6)], at: 2 });
    await store.close();
    expect(await at(tab().store, "key")).toBe(2);
  });

  test("is written while more comes, whenever it comes", async () => {
    const { store } = tab();
    for (let i = 0; i < 30; i++) {
      store.save(saved(`key ${i}`, bytes(1000), 1000 + i));
      for (let turns = i % 7; turns > 0; turns--) await new Promise((resolve) => setTimeout(resolve));
    }
    await store.close();
    const again = tab().store;
    expect(await Promise.all(Array.from({ length: 30 }, (_, i) => at(again, `key ${i}`)))).toEqual(Array.from({ length: 30 }, (_, i) => 1000 + i));
  });

  test("goes, the least recently used first, when there is too much of it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const first = tab(1e6);
    for (let i = 0; i < 4; i++) {
      vi.setSystemTime(1e12 + i * 1e6);
      first.store.save(saved(`key ${i}`, bytes(200_000), i));
      await first.store.written();
    }
    vi.setSystemTime(1e12 + 9e6);
    expect(await at(first.store, "key 0")).toBe(0); // used again
    await first.store.close();
    vi.setSystemTime(1e12 + 10e6);
    const second = tab(650_000);
    second.store.save(saved("key 4", bytes(200_000), 4));
    await second.store.written();
    await second.store.close();
    const last = tab().store;
    expect(await Promise.all([0, 1, 2, 3, 4].map((i) => at(last, `key ${i}`)))).toEqual([0, undefined, undefined, 3, 4]);
  });

  test("is counted", async () => {
    const { store } = tab();
    store.save(reply("a", [{ id: 1, name: "one", inner: { id: 2, name: "two" } }], 1000));
    store.save(saved("b", bytes(100_000), 3000));
    await store.written();
    await store.load("a");
    await store.load("c");
    await store.entity(named(2), undefined);
    expect(await store.statistics()).toEqual({ replies: 2, entities: 2, bytes: expect.any(Number) as number, hits: 2, misses: 1, oldest: new Date(1000), newest: new Date(3000) });
    await store.clear();
    expect(await store.statistics()).toMatchObject({ replies: 0, bytes: 0, oldest: undefined });
    expect(await store.load("a")).toBeUndefined();
    store.save(saved("d", bytes(1), 1));
    expect([await store.written(), await at(store, "d")]).toEqual([true, 1]);
  });
});

describe("entities", () => {
  test("are found by their identity, the newest of them first, and within a span of time", async () => {
    const { store } = tab();
    store.save(reply("a", [{ id: 1, name: "old" }, { id: 2, name: "other" }], 1000));
    store.save(reply("b", [{ id: 5, name: "holds", inner: { id: 1, name: "newer" } }], 2000));
    store.save(reply("", [{ id: 1, name: "committed" }], 3000));
    await store.written();
    const names = async (id: number, span?: { from: number; to: number }): Promise<unknown> => (things(await store.entity(named(id), span)) as Thing[] | undefined)?.map((thing) => thing.name);
    expect(await names(1)).toEqual(["committed", "newer", "old"]);
    expect(await names(1, { from: 1500, to: 2500 })).toEqual(["newer"]);
    expect(await names(1, { from: 3500, to: 4000 })).toBeUndefined();
    expect(await names(5)).toEqual(["committed", "holds"]); // what is newer of what stands in it comes first
    expect(await names(9)).toBeUndefined();
    store.save(reply("", [], 4000, [1]));
    await store.written();
    expect(await names(1)).toBeUndefined();
    store.save(reply("", [{ id: 1, name: "again" }], 5000));
    await store.written();
    expect(await names(1)).toEqual(["again"]);
  });

  test("come with a reply as far as they are newer, and those that are gone are named", async () => {
    const { store } = tab();
    store.save(reply("a", [{ id: 1, name: "one" }, { id: 2, name: "two" }, { id: 3, name: "three", inner: { id: 4, name: "four" } }], 1000));
    store.save(reply("b", [{ id: 1, name: "one" }, { id: 4, name: "FOUR", inner: { id: 6, name: "six" } }], 2000));
    store.save(reply("", [{ id: 6, name: "SIX" }], 3000, [2]));
    await store.written();
    const found = await store.load("a");
    expect((things(found?.newer) as Thing[]).map((thing) => thing.name)).toEqual(["SIX", "FOUR"]);
    expect([...found!.gone!].map((offset) => decoder.decode(bytesOf(found)!.subarray(offset, offset + 7)))).toEqual(['{"id":2']);
    const newest = await store.load("b");
    expect([(things(newest?.newer) as Thing[]).map((thing) => thing.name), newest?.gone]).toEqual([["SIX"], undefined]);
  });

  test("keep their order when the clock jumps back", async () => {
    const { store } = tab();
    store.save(reply("a", [{ id: 1, name: "before" }], 9e12));
    await store.written();
    store.save(reply("", [{ id: 1, name: "after" }], 1000));
    await store.written();
    expect((things((await store.load("a"))?.newer) as Thing[])[0]!.name).toBe("after");
    expect((things(await store.entity(named(1), undefined)) as Thing[]).map((thing) => thing.name)).toEqual(["after", "before"]);
    expect((things(await store.entity(named(1), { from: 0, to: 2000 })) as Thing[]).map((thing) => thing.name)).toEqual(["after"]);
  });
});

describe("dead bytes", () => {
  test("of replies that were saved anew go with the next write", async () => {
    const { store } = tab();
    for (let i = 0; i < 5; i++) {
      store.save(saved("large", bytes(100_000, i), i));
      await store.written();
    }
    expect((await store.statistics()).bytes).toBe(100_000);
    expect(await count("heads")).toBe(1);
    expect(bytesOf(await store.load("large"))![0]).toBe(4);
  });

  test("that outweigh the living ones are left out when segments are written anew", async () => {
    const { store } = tab();
    store.save(reply("keep", [{ id: 1, name: "kept" }], 1));
    for (let i = 0; i < 9; i++) store.save(saved(`key ${i}`, bytes(5000, i), i));
    await store.written();
    store.save(reply("later", [{ id: 1, name: "newer" }], 2));
    await store.written();
    for (let i = 0; i < 9; i++) store.save(saved(`key ${i}`, bytes(100, 100 + i), 50 + i));
    await store.written();
    const { bytes: left } = await store.statistics();
    expect(left).toBeLessThan(2000);
    await store.close();
    const again = tab().store;
    for (let i = 0; i < 9; i++) expect(bytesOf(await again.load(`key ${i}`))).toEqual(bytes(100, 100 + i));
    expect((things((await again.load("keep"))?.newer) as Thing[])[0]!.name).toBe("newer");
    expect((things(await again.entity(named(1), undefined)) as Thing[]).map((thing) => thing.name)).toEqual(["newer", "kept"]);
  });

  test("and many small segments become few", async () => {
    const { store } = tab();
    for (let i = 0; i < 70; i++) {
      store.save(reply(`key ${i}`, [{ id: i, name: `name ${i}` }], i));
      await store.written();
    }
    expect(await count("heads")).toBeLessThan(20);
    for (let i = 0; i < 70; i++) expect(things(bytesOf(await store.load(`key ${i}`)))).toEqual([{ id: i, name: `name ${i}` }]);
  });
});

describe("faults", () => {
  test("no room: half of what is there goes, and it is tried again", async () => {
    const { store, warnings } = tab();
    for (let i = 0; i < 4; i++) {
      store.save(saved(`key ${i}`, bytes(100_000), 1000 + i));
      await store.written();
    }
    let refusals = 1;
    putting((target, put) => {
      if (target.name === "pieces" && refusals-- > 0) throw new DOMException("full", "QuotaExceededError");
      return put();
    });
    store.save(saved("late", bytes(10), 2000));
    expect(await store.written()).toBe(true);
    const again = tab().store;
    const found = await Promise.all(["key 0", "key 1", "key 2", "key 3", "late"].map((key) => at(again, key)));
    expect([found, warnings]).toEqual([[undefined, undefined, 1002, 1003, 2000], []]);
  });

  test("no room at all: half of what is there goes once, it is reported once, and the rest is served", async () => {
    const { store, warnings } = tab();
    for (let i = 0; i < 4; i++) {
      store.save(saved(`there ${i}`, bytes(100_000), i));
      await store.written();
    }
    putting((target, put) => {
      if (target.name === "pieces") throw new DOMException("full", "QuotaExceededError");
      return put();
    });
    for (let i = 0; i < 3; i++) {
      store.save(saved("new", bytes(10), 2));
      expect(await store.written()).toBe(false);
    }
    expect(warnings).toEqual([expect.stringMatching(/could not be written.*full/)]);
    store.save(saved("new", bytes(10), 3));
    await expect.poll(() => at(store, "new")).toBeUndefined(); // it has failed
    expect([await store.written(), await store.written()]).toEqual([false, true]);
    expect(await Promise.all([0, 1, 2, 3].map((i) => at(store, `there ${i}`)))).toEqual([undefined, undefined, 2, 3]);
  });

  test("a transaction that is aborted half-way leaves nothing of it", async () => {
    const { store, warnings } = tab();
    let puts = 0;
    const aborting = putting((target, put) => {
      const request = put();
      if (target.name === "pieces" && ++puts === 3) target.transaction.abort();
      return request;
    });
    store.save(saved("first", bytes(100_000), 1));
    store.save(saved("second", bytes(3 * PIECE), 1));
    expect(await store.written()).toBe(false);
    aborting.mockRestore();
    const again = tab().store;
    expect([await at(again, "first"), await at(again, "second"), await count("heads"), await count("pieces")]).toEqual([undefined, undefined, 0, 0]);
    expect(warnings).toEqual([expect.stringMatching(/could not be written/)]);
    store.save(saved("third", bytes(3), 3));
    expect(await store.written()).toBe(true);
  });

  test.each(["a byte of a piece", "a piece that is missing", "a piece that is cut"])("%s: the segment is dropped and reported, others are served", async (fault) => {
    const first = tab().store;
    first.save(saved("damaged", bytes(3 * PIECE - 5), 1));
    first.save(saved("whole", bytes(100_000), 2));
    await first.close();
    await change("pieces", (pieces) => {
      const [key] = [...pieces.keys()].sort((a, b) => a - b);
      const piece = pieces.get(key! + 1) as Uint8Array;
      if (fault === "a piece that is missing") pieces.delete(key! + 1);
      else if (fault === "a piece that is cut") pieces.set(key! + 1, piece.slice(0, -1));
      else piece[100_000]! ^= 16;
    });
    const { store, warnings } = tab();
    expect([await at(store, "damaged"), await at(store, "whole"), await at(store, "damaged")]).toEqual([undefined, 2, undefined]);
    expect(warnings).toEqual([expect.stringMatching(/damaged and is dropped/)]);
    expect(await count("heads")).toBe(1);
    store.save(saved("damaged", bytes(3), 3));
    expect([await store.written(), await at(store, "damaged")]).toEqual([true, 3]);
  });

  const HEADS: Record<string, (head: Head) => unknown> = {
    "has a flipped bit": ({ places, ...rest }) => ({ ...rest, places: places.map((word, i) => (i === PLACE - 1 ? word ^ 1 : word)) }),
    "tells another size": (head) => ({ ...head, size: head.size + 1 }),
    "has parts that are none": (head) => ({ ...head, parts: [null] }),
    "has what no JSON holds": (head) => ({ ...head, sums: [1n] }),
    "is a text": () => "head",
    "is nothing": () => null,
  };
  test.each(Object.entries(HEADS))("a head that %s: its segment is dropped with all that belongs to it, and reported", async (_, damage) => {
    const first = tab().store;
    first.save(reply("damaged", [{ id: 1, name: "one" }], 1));
    await first.written();
    first.save(saved("whole", bytes(100_000), 2));
    await first.close();
    await change("heads", (heads) => {
      const [key] = [...heads.keys()].sort((a, b) => a - b);
      heads.set(key!, damage(heads.get(key!) as Head));
    });
    const { store, warnings } = tab();
    expect([await at(store, "damaged"), await at(store, "whole"), await store.entity(named(1), undefined)]).toEqual([undefined, 2, undefined]);
    expect(warnings).toEqual([expect.stringMatching(/damaged and is dropped/)]);
    expect([await count("heads"), await count("pieces"), await count("uses")]).toEqual([1, 1, 1]);
  });

  test.each([5, "stamp", {}, { hash: "schemas" }, { hash: "schemas", last: NaN, latest: 1 }, { hash: 5, last: 1, latest: 1 }, { hash: "schemas", last: 1, latest: "x" }])("a stamp that is none (%j): it starts afresh", async (stamp) => {
    const first = tab().store;
    first.save(saved("key", bytes(3), 3));
    await first.close();
    await change("meta", (meta) => (meta as Map<unknown, unknown>).set("stamp", stamp));
    const { store, warnings } = tab();
    expect([await store.open(), await at(store, "key")]).toEqual([undefined, undefined]);
    store.save(saved("key", bytes(4), 4));
    expect([await store.written(), await at(store, "key"), await at(tab().store, "key"), warnings]).toEqual([true, 4, 4, []]);
    await change("heads", (heads) => expect([...heads.keys()]).toEqual([2])); // never a number that was: another tab may know it
  });

  test("a database of another version, older or newer, starts afresh", async () => {
    for (const version of [1, 9]) {
      const foreign = indexedDB.open(database.name, version);
      foreign.onupgradeneeded = () => foreign.result.createObjectStore("something else");
      (await done(foreign)).close();
      const { store, warnings } = tab();
      expect(await at(store, "key")).toBeUndefined();
      store.save(saved("key", bytes(3), 3));
      expect([await store.written(), await at(store, "key"), warnings]).toEqual([true, 3, []]);
      await store.close();
      await done(indexedDB.deleteDatabase(database.name));
    }
  });

  test("other schemas start afresh, and a session with the older ones keeps nothing any more", async () => {
    const older = tab(1e7, "older");
    older.store.save(saved("key", bytes(3), 3));
    await older.store.written();
    const newer = tab(1e7, "newer");
    expect(await newer.store.open()).toBe("older");
    expect(await at(newer.store, "key")).toBeUndefined();
    newer.store.save(saved("key", bytes(4), 4));
    await newer.store.written();
    older.store.save(saved("key", bytes(5), 5));
    expect([await older.store.written(), await at(newer.store, "key"), older.warnings]).toEqual([false, 4, []]);
  });

  test("a tab that does not make way: it is reported once, nobody waits, and nothing fails", async () => {
    const foreign = indexedDB.open(database.name, 1);
    foreign.onupgradeneeded = () => foreign.result.createObjectStore("x");
    const holding = await done(foreign);
    const { store, warnings } = tab();
    const start = performance.now();
    for (let i = 0; i < 5; i++) {
      store.save(saved("key", bytes(3), 3));
      expect([await at(store, "other"), await store.written()]).toEqual([undefined, false]);
    }
    expect(performance.now() - start).toBeLessThan(6000);
    expect(warnings).toEqual([expect.stringMatching(/another tab holds/)]);
    holding.close();
  });

  test("no database at all, as in some private windows", async () => {
    vi.spyOn(IDBFactory.prototype, "open").mockImplementation(() => {
      throw new DOMException("private", "SecurityError");
    });
    const { store, warnings } = tab();
    expect(await store.open()).toBeUndefined();
    store.save(saved("key", bytes(3), 3));
    expect([await store.written(), await at(store, "key")]).toEqual([false, undefined]);
    await store.close();
    expect(warnings).toEqual([expect.stringMatching(/could not be opened.*private/)]);
  });

  test("two tabs that upgrade at once, and many that open", async () => {
    const foreign = indexedDB.open(database.name, 1);
    foreign.onupgradeneeded = () => foreign.result.createObjectStore("x");
    (await done(foreign)).close();
    const tabs = Array.from({ length: 8 }, () => tab());
    await Promise.all(tabs.map(({ store }, i) => (store.save(saved(`key ${i}`, bytes(1000, i), i)), store.written())));
    for (const { store, warnings } of tabs) {
      await expect.poll(() => Promise.all(tabs.map((_, i) => at(store, `key ${i}`)))).toEqual(tabs.map((_, i) => i));
      expect(warnings).toEqual([]);
    }
  });
});
