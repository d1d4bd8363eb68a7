import { Session } from "ftrack-wasm";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { deleteDatabase } from "../src/idb/connection.js";
import { PIECE, PIECES } from "../src/idb/segment.js";
import { FakeServer, tasks, uuid } from "./support/fake-server.js";
import { at, bytes, bytesOf, change, database, named, reply, saved, tab, things } from "./support/replies.js";
import type { Tab } from "./support/replies.js";

/** Larger than replies that share a segment, and than a piece. */
const PAGE = PIECE + 1000;
const COUNT = 7;

/** Keeps pages one behind the other, each in a segment of its own, and gives a tab that has read nothing yet. */
async function keptPages(fill = 0): Promise<Tab> {
  const { store } = tab();
  for (let i = 0; i < COUNT; i++) store.save(saved(`page ${i}`, bytes(PAGE, fill + i), 1000 + fill + i));
  await store.written();
  await store.close();
  return tab();
}

/** Notes which segments are read, in order. Numbers begin with 1. */
function reads(): number[] {
  const noted: number[] = [];
  const getAll = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "getAll")!.value as IDBObjectStore["getAll"];
  vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(function (this: IDBObjectStore, ...given: Parameters<IDBObjectStore["getAll"]>) {
    if (this.name === "pieces") noted.push(((given[0] as IDBKeyRange).lower as number) / PIECES);
    return getAll.apply(this, given);
  });
  return noted;
}

const contentOf = async ({ store }: Tab, key: string): Promise<number | undefined> => {
  const content = bytesOf(await store.load(key));
  return content && (content.every((byte) => byte === content[0]) && content.length === PAGE ? content[0] : NaN);
};

/** Reads the first two pages: the next two are read ahead by then. */
async function readTwo(reader: Tab): Promise<void> {
  const noted = reads();
  expect([await contentOf(reader, "page 0"), await contentOf(reader, "page 1")]).toEqual([0, 1]);
  expect([...noted].sort()).toEqual([1, 2, 3, 4]);
  vi.restoreAllMocks();
}

describe("reading ahead", () => {
  test("has pages that are kept one behind the other before they are asked for, and reads each once", async () => {
    const reader = await keptPages();
    const noted = reads();
    await reader.store.load("page 0");
    expect(noted).toEqual([1]);
    await reader.store.load("page 1");
    expect([...noted].sort()).toEqual([1, 2, 3, 4]);
    for (let i = 2; i < COUNT; i++) {
      const before = noted.length;
      expect(await contentOf(reader, `page ${i}`)).toBe(i);
      expect(noted.slice(before)).toEqual(i + 3 <= COUNT ? [i + 3] : []); // not its own, which is there
    }
    expect(reader.warnings).toEqual([]);
  });

  test("is left alone by who reads here and there", async () => {
    const reader = await keptPages();
    const noted = reads();
    for (const i of [0, 3, 1, 5]) await reader.store.load(`page ${i}`);
    expect(noted).toEqual([1, 4, 2, 6]);
  });

  test.each(["the same tab", "another tab"])("serves nothing that %s wrote anew since", async (who) => {
    const reader = await keptPages();
    await readTwo(reader);
    const writer = who === "the same tab" ? reader : tab();
    writer.store.save(saved("page 2", bytes(PAGE, 99), 5000));
    await writer.store.written();
    await expect.poll(() => at(reader.store, "page 2")).toBe(5000);
    expect([await contentOf(reader, "page 2"), await contentOf(reader, "page 3")]).toEqual([99, 3]);
    expect(reader.warnings).toEqual([]);
  });

  test.each(["the same tab", "another tab"])("serves nothing that %s has dropped, and nothing old in its place", async (who) => {
    const reader = await keptPages();
    await readTwo(reader);
    const writer = who === "the same tab" ? reader : tab();
    await writer.store.clear();
    await expect.poll(() => at(reader.store, "page 2")).toBeUndefined();
    for (let i = 0; i < COUNT; i++) writer.store.save(saved(`page ${i}`, bytes(PAGE, 50 + i), 6000 + i));
    await writer.store.written();
    await expect.poll(() => at(reader.store, "page 2")).toBe(6002);
    for (let i = 0; i < COUNT; i++) expect(await contentOf(reader, `page ${i}`)).toBe(50 + i);
    expect(reader.warnings).toEqual([]);
  });

  test("serves nothing that was forgotten, and nothing old in its place", async () => {
    const reader = await keptPages();
    await readTwo(reader);
    await deleteDatabase(database.name); // as `Session.forget` does
    await expect.poll(() => at(reader.store, "page 2")).toBeUndefined();
    await reader.store.close();
    const again = await keptPages(70); // under the same numbers
    for (let i = 0; i < COUNT; i++) expect(await contentOf(again, `page ${i}`)).toBe(70 + i);
    expect(reader.warnings).toEqual([]);
  });

  test("in a database that is taken away fails no read", async () => {
    const reader = await keptPages();
    await reader.store.load("page 0");
    const transaction = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, "transaction")!.value as IDBDatabase["transaction"];
    let opened = 0;
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...given: Parameters<IDBDatabase["transaction"]>) {
      if (++opened === 1) throw new DOMException("the database is not open", "UnknownError"); // what reads ahead comes first
      return transaction.apply(this, given);
    });
    expect(await contentOf(reader, "page 1")).toBe(1);
    expect(opened).toBeGreaterThan(1);
    for (let i = 2; i < COUNT; i++) expect(await contentOf(reader, `page ${i}`)).toBe(i);
    expect(reader.warnings).toEqual([]);
  });

  test("of what is damaged tells nobody before it is asked for", async () => {
    await (await keptPages()).store.close();
    await change("pieces", (pieces) => void ((pieces.get(3 * PIECES) as Uint8Array)[77]! ^= 16));
    const refused: unknown[] = [];
    const note = (event: PromiseRejectionEvent): void => void (event.preventDefault(), refused.push(event.reason));
    addEventListener("unhandledrejection", note);
    onTestFinished(() => removeEventListener("unhandledrejection", note));
    const reader = tab();
    await readTwo(reader);
    expect(await contentOf(reader, "page 3")).toBe(3); // read behind the damaged one
    await new Promise((resolve) => setTimeout(resolve)); // what nobody handles is told of in a task of its own
    expect([refused, reader.warnings]).toEqual([[], []]);
    expect(await contentOf(reader, "page 2")).toBeUndefined();
    expect(reader.warnings).toEqual([expect.stringMatching(/damaged and is dropped/)]);
  });
});

describe("an entity", () => {
  test("of which several replies say the same is read once, from the newest", async () => {
    const { store } = tab();
    const filler = "x".repeat(100_000); // each in a segment of its own
    for (let i = 0; i < 4; i++) store.save(reply(`list ${i}`, [{ id: 1, name: "same" }, { id: 10 + i, name: filler }], 1000 + i));
    await store.written();
    const noted = reads();
    expect(things(await store.entity(named(1), undefined))).toEqual([{ id: 1, name: "same" }]);
    expect(noted).toEqual([4]);
  });

  test("of which replies say different things is read from each, the newest first", async () => {
    const { store } = tab();
    for (const [i, name] of ["one", "two", "one", "three", "two"].entries()) store.save(reply(`list ${i}`, [{ id: 1, name }], 1000 + i));
    await store.written();
    expect(things(await store.entity(named(1), undefined))).toEqual(["two", "three", "one"].map((name) => ({ id: 1, name })));
  });

  test("is read out of one piece, or two, of a reply of many", async () => {
    const { store } = tab();
    const list = Array.from({ length: 1500 }, (_, i) => ({ id: i, name: `name ${i} `.padEnd(800, "x") }));
    store.save(reply("list", list, 1000));
    await store.written();
    await store.close();
    const { store: again } = tab();
    await again.open();
    const ranges: number[] = [];
    const getAll = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "getAll")!.value as IDBObjectStore["getAll"];
    vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(function (this: IDBObjectStore, ...given: Parameters<IDBObjectStore["getAll"]>) {
      const { lower, upper } = given[0] as { lower: number; upper: number };
      ranges.push(upper - lower + 1);
      return getAll.apply(this, given);
    });
    for (let i = 3; i < list.length; i += 7) expect(things(await again.entity(named(i), undefined))).toEqual([list[i]]);
    expect(Math.max(...ranges)).toBeLessThanOrEqual(2);
    expect(ranges.length).toBeGreaterThan(4);
  });
});

test("a reply is read whole although one of its last pieces was at hand for longest, and makes way for the others", async () => {
  const { store } = tab(1e9);
  const list = Array.from({ length: 1500 }, (_, i) => ({ id: i, name: `name ${i} `.padEnd(800, "x") }));
  store.save(reply("list", list, 1000));
  for (let i = 0; i < 40; i++) store.save(saved(`page ${i}`, bytes(100_000, i), 2000 + i));
  await store.written();
  await store.close();
  for (let others = 15; others < 30; others++) {
    const { store: again, warnings } = tab(1e9);
    expect(things(await again.entity(named(1499), undefined))).toEqual([list[1499]]); // of the last piece
    for (let i = others; i > 0; i--) expect(await at(again, `page ${i}`)).toBe(2000 + i); // backwards: nothing is read ahead
    expect(things(bytesOf(await again.load("list")))).toEqual(list);
    expect(warnings).toEqual([]);
    await again.close();
  }
});

describe("bodies of replies", () => {
  const serverUrl = "https://studio.example";

  test("are used again once all of them is taken over: values stay as they were, of kept replies and the server's", async () => {
    const apiUser = `bodies ${Math.random()}`;
    onTestFinished(() => Session.forget({ serverUrl, apiUser }));
    const server = new FakeServer();
    const description = (i: number, of: string): string => `${of} ${i} `.padEnd(700, `${of}${i}`);
    server.rows.set("Task", tasks(1000, (i) => ({ description: description(i, "task") })));
    server.rows.set("Shot", tasks(1000, (i) => ({ description: description(i, "shot"), __entity_type__: "Shot", id: uuid(5000 + i) })));
    const visit = async (policy: "network-first" | "cache-only"): Promise<void> => {
      const session = await Session.open({ serverUrl, apiUser, apiKey: "key", fetch: server.fetch, policy, schemaCachePath: false });
      const of = (type: string): Promise<readonly unknown[]> => session.query(`select description from ${type}`, { pageSize: 100 }).all(); // 70 KB a page
      const [taken, shots] = (await Promise.all([of("Task"), of("Shot")])) as { description: string }[][];
      taken!.forEach((task, i) => expect(task.description).toBe(description(i, "task"))); // read now, when all bodies have been used again
      shots!.forEach((shot, i) => expect(shot.description).toBe(description(i, "shot")));
      expect([taken!.length, shots!.length]).toEqual([1000, 1000]);
      await session.close();
    };
    await visit("network-first");
    for (let i = 0; i < 3; i++) await visit("cache-only");
  });
});
