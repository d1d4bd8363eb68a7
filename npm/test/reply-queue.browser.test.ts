// What waits to be written while another tab holds the database.
import { expect, onTestFinished, test, vi } from "vitest";
import { at, bytes, bytesOf, database, decoder, done, named, reply, saved, tab, things } from "./support/replies.js";
import type { Tab } from "./support/replies.js";
import type { KeptReply } from "../src/reply-store.js";

/** A tab whose database somebody else writes to, until `free` is called. */
async function held(limit?: number): Promise<Tab & { free: () => void }> {
  const own = tab(limit);
  await own.store.load("nothing"); // it is open
  const other = await done(indexedDB.open(database.name));
  const busy = other.transaction([...other.objectStoreNames], "readwrite").objectStore("meta");
  let holding = true;
  const hold = (): void => {
    if (holding) busy.get("nothing").onsuccess = hold;
  };
  hold();
  const free = (): void => {
    holding = false;
    other.close();
  };
  onTestFinished(free);
  return { ...own, free };
}

const newer = (found: KeptReply | undefined): unknown => (things(found?.newer) as { name: string }[] | undefined)?.map(({ name }) => name);
const gone = (found: KeptReply | undefined): unknown => found?.gone && [...found.gone].map((offset) => decoder.decode(bytesOf(found)!.subarray(offset, offset + 7)));

test("a reply comes with what waits behind it: what is newer of its entities, and which are gone", async () => {
  const { store, free } = await held();
  store.save(reply("", [{ id: 1, name: "before" }], 500, [3]));
  store.save(reply("a", [{ id: 1, name: "one" }, { id: 2, name: "two", inner: { id: 4, name: "four" } }, { id: 3, name: "three" }], 1000));
  store.save(reply("b", [{ id: 7, name: "seven" }, { id: 1, name: "ONE", inner: { id: 5, name: "five" } }], 2000));
  store.save(reply("", [{ id: 5, name: "FIVE" }, { id: 8, name: "eight" }], 3000, [2, 4]));
  store.save(reply("", [{ id: 4, name: "again" }], 4000));
  const check = async (): Promise<void> => {
    const [a, b] = [await store.load("a"), await store.load("b")];
    expect([newer(a), gone(a), newer(b), gone(b)]).toEqual([["again", "FIVE", "ONE"], ['{"id":2'], ["FIVE"], undefined]);
  };
  await check();
  free();
  expect(await store.written()).toBe(true);
  await check(); // as the database tells it
  expect((things(await store.entity(named(1), undefined)) as { name: string }[]).map(({ name }) => name)).toEqual(["FIVE", "ONE", "one", "before"]);
});

test("no more waits than may be kept: what came first goes, and it is reported once", async () => {
  const { store, warnings, free } = await held(1_000_000);
  for (let i = 0; i < 25; i++) store.save(saved(`key ${i}`, bytes(100_000, i), 1000 + i));
  store.save(saved("key 24", bytes(100_001, 99), 2000));
  expect(warnings).toEqual([expect.stringMatching(/could not be written.*too slow/)]);
  free();
  expect(await store.written()).toBe(false);
  const found = await Promise.all(Array.from({ length: 25 }, (_, i) => at(store, `key ${i}`)));
  expect(found).toEqual([...Array.from({ length: 16 }, () => undefined), 1016, 1017, 1018, 1019, 1020, 1021, 1022, 1023, 2000]);
  expect(warnings.length).toBe(1);
  store.save(saved("large", bytes(3_000_000), 3000)); // beyond it by itself: written, and dropped
  store.save(saved("small", bytes(10), 4000));
  expect([await store.written(), await at(store, "small")]).toEqual([false, 4000]);
});

test("a write that does not end is given up, and what comes later is written", async () => {
  const { store, warnings, free } = await held();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  store.save(saved("first", bytes(10), 1000));
  const written = store.written();
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(warnings).toEqual([expect.stringMatching(/could not be written.*no answer within 60000 ms/)]);
  });
  expect(await written).toBe(false);
  vi.useRealTimers();
  store.save(saved("second", bytes(10), 2000));
  free();
  expect([await store.written(), await at(store, "second")]).toEqual([true, 2000]);
});

test("a browser that does not answer holds up who comes first, and nobody later", async () => {
  const open = indexedDB.open.bind(indexedDB);
  const asked: (() => void)[] = [];
  vi.spyOn(IDBFactory.prototype, "open").mockImplementation((...given) => {
    const silent = new EventTarget() as IDBOpenDBRequest;
    asked.push(() => {
      const opening = open(...given);
      opening.onupgradeneeded = (event) => {
        Object.assign(silent, { result: opening.result });
        silent.onupgradeneeded?.(event);
      };
      opening.onsuccess = (event) => {
        Object.assign(silent, { result: opening.result });
        silent.onsuccess?.(event);
      };
    });
    return silent;
  });
  const { store, warnings } = tab();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  store.save(saved("first", bytes(10), 1000));
  const first = Promise.all([store.written(), at(store, "other")]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await first).toEqual([false, undefined]);
  store.save(saved("second", bytes(10), 2000));
  expect([await store.written(), await at(store, "second"), warnings.length]).toEqual([false, undefined, 1]);
  await store.clear();
  vi.useRealTimers();
  expect(asked.length).toBe(1);
  asked[0]!();
  await expect.poll(async () => (await store.load("nothing"), store.save(saved("third", bytes(10), 3000)), store.written())).toBe(true);
  expect(await at(store, "third")).toBe(3000);
});
