import { expect, onTestFinished, test, vi } from "vitest";
import { PIECE } from "../src/idb/segment.js";
import { at, bytes, putting, saved, tab } from "./support/replies.js";

/** Notes the stores of each transaction that writes. */
function written(): string[][] {
  const noted: string[][] = [];
  const transaction = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, "transaction")!.value as IDBDatabase["transaction"];
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...given: Parameters<IDBDatabase["transaction"]>) {
    if (given[1] === "readwrite") noted.push([...given[0]]);
    return transaction.apply(this, given);
  });
  return noted;
}

const ALL = ["meta", "heads", "pieces", "uses"];

test("what comes while others are written goes along, in one transaction", async () => {
  const { store, warnings } = tab();
  await store.load("nothing"); // it is open
  const noted = written();
  let puts = 0;
  putting((target, put) => {
    if (target.name === "pieces" && ++puts <= 5) store.save(saved(`late ${puts}`, bytes(PIECE + 9, puts), 2000 + puts));
    return put();
  });
  store.save(saved("first", bytes(PIECE + 9), 1000));
  expect([await store.written(), noted, warnings]).toEqual([true, [ALL], []]);
  await store.close();
  const again = tab().store;
  expect(await Promise.all(["first", "late 1", "late 2", "late 3", "late 4", "late 5"].map((key) => at(again, key)))).toEqual([1000, 2001, 2002, 2003, 2004, 2005]);
});

test("under one key too: the last counts, here and for the next session", async () => {
  const { store } = tab();
  let puts = 0;
  putting((target, put) => {
    if (target.name === "pieces" && ++puts <= 4) store.save(saved("key", bytes(PIECE + 9, puts), 2000 + puts));
    return put();
  });
  store.save(saved("key", bytes(PIECE + 9), 1000));
  await store.written();
  expect(await at(store, "key")).toBe(2004);
  await store.close();
  const again = tab().store;
  expect(await at(again, "key")).toBe(2004);
  again.save(saved("other", bytes(9), 3000));
  await again.written();
  expect((await again.statistics()).bytes).toBe(PIECE + 18); // what was overwritten has gone
});

test("a transaction that takes long takes no more: who reads waits for its end", async () => {
  const { store } = tab(1e8);
  await store.load("nothing");
  const noted = written();
  let clock = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  let puts = 0;
  putting((target, put) => {
    if (target.name !== "pieces") return put();
    clock += 10;
    if (++puts <= 20) store.save(saved(`late ${puts}`, bytes(70_000, puts), 2000 + puts));
    return put();
  });
  store.save(saved("first", bytes(70_000), 1000));
  expect(await store.written()).toBe(true);
  expect(noted.length).toBeGreaterThan(2);
  expect(noted.length).toBeLessThan(10);
  expect(await Promise.all(Array.from({ length: 20 }, (_, i) => at(store, `late ${i + 1}`)))).toEqual(Array.from({ length: 20 }, (_, i) => 2001 + i));
});

test("when segments were used is noted together, afterwards, and in the way of nobody who reads", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { store, warnings } = tab();
  for (let i = 0; i < 5; i++) store.save(saved(`key ${i}`, bytes(100_000, i), 1000 + i));
  expect(await store.written()).toBe(true);
  vi.setSystemTime(Date.now() + 3_600_000);
  const noted = written();
  const puts: unknown[] = [];
  putting((target, put) => {
    puts.push(target.name);
    return put();
  });
  for (let i = 0; i < 5; i++) expect(await at(store, `key ${i}`)).toBe(1000 + i);
  expect(noted).toEqual([]);
  vi.advanceTimersByTime(1500);
  await vi.waitFor(() => expect(noted).toEqual([["uses"]]), { interval: 1 });
  expect(puts).toEqual(Array.from({ length: 5 }, () => "uses"));
  for (let i = 0; i < 5; i++) expect(await at(store, `key ${i}`)).toBe(1000 + i);
  vi.setSystemTime(Date.now() + 3_600_000);
  await store.load("key 3");
  await store.close(); // which notes what is not noted yet
  expect([noted, warnings]).toEqual([[["uses"], ["uses"]], []]);
});
