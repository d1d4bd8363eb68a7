import { afterEach, beforeEach, onTestFinished, vi } from "vitest";
import { ReplyDatabase } from "../../src/idb/reply-database.js";
import { joined } from "../../src/idb/segment.js";
import type { KeptReply, SavedReply } from "../../src/reply-store.js";

/** The database of the test that runs. */
export const database = { name: "" };
let names = 0;
const encoder = new TextEncoder();
export const decoder = new TextDecoder();

beforeEach(() => {
  database.name = `ftrack-wasm replies test ${names++} ${Math.random()}`;
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await done(indexedDB.deleteDatabase(database.name));
});

export interface Tab {
  store: ReplyDatabase;
  warnings: string[];
}

/** A tab with the database open. */
export function tab(limit = 1e7, hash = "schemas"): Tab {
  const warnings: string[] = [];
  const store = new ReplyDatabase(database.name, { warn: (text) => void warnings.push(text) }, { limit });
  store.stamp(hash);
  onTestFinished(() => store.close());
  return { store, warnings };
}

export const bytes = (size: number, fill = 7): Uint8Array => new Uint8Array(size).fill(fill);
export const saved = (key: string, content: Uint8Array, at: number): SavedReply => ({ key, bytes: content, at, places: new Uint32Array(0), gone: [] });
export const at = async (store: ReplyDatabase, key: string): Promise<number | undefined> => (await store.load(key))?.at;

export const bytesOf = (kept: KeptReply | undefined): Uint8Array | undefined => kept && joined(kept.pieces);

/** What an entity is called by; two words that look like a hash. */
export const hashOf = (id: number): [number, number] => [Math.imul(id, 0x9e3779b1) >>> 0, Math.imul(id + 7, 0x85ebca77) >>> 0];
export const named = (id: number): { type: string; key: string[]; hash: [number, number] } => ({ type: "Task", key: [String(id)], hash: hashOf(id) });

export interface Thing {
  id: number;
  name: string;
  inner?: Thing;
}

/** A reply with entities in it, as the core tells of them; `gone` ones have been deleted. */
export function reply(key: string, things: Thing[], moment: number, gone: number[] = []): SavedReply {
  const text = JSON.stringify(things);
  const entries: number[][] = gone.map((id) => [...hashOf(id), 0, 0, 0]);
  const find = (thing: Thing): void => {
    const own = JSON.stringify(thing);
    entries.push([...hashOf(thing.id), sum(own), text.indexOf(own), own.length]);
    if (thing.inner) find(thing.inner);
  };
  things.forEach(find);
  entries.sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!);
  return { key, bytes: encoder.encode(text), at: moment, places: Uint32Array.from(entries.flat()), gone: gone.map((id) => ["Task", [String(id)]]) };
}

function sum(text: string): number {
  let total = 1;
  for (const char of text) total = (Math.imul(total, 31) + char.codePointAt(0)!) >>> 0;
  return total;
}

export const things = (found: Uint8Array | undefined): unknown => found && (JSON.parse(decoder.decode(found)) as unknown);

/** Changes what stands in a store of the database behind everybody's back. */
export async function change(storeName: string, edit: (all: Map<number, unknown>) => void): Promise<void> {
  const opened = await done(indexedDB.open(database.name));
  const store = opened.transaction(storeName, "readwrite").objectStore(storeName);
  const keys = (await done(store.getAllKeys())) as number[];
  const values = (await done(store.getAll())) as unknown[];
  const all = new Map(keys.map((key, i) => [key, values[i]]));
  edit(all);
  store.clear();
  for (const [key, value] of all) await done(store.put(value, key));
  opened.close();
}

export async function count(storeName: string): Promise<number> {
  const opened = await done(indexedDB.open(database.name));
  const found = await done(opened.transaction(storeName).objectStore(storeName).count());
  opened.close();
  return found;
}

export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });
}

/** Stands between callers and every `put`. */
export function putting(between: (store: IDBObjectStore, put: () => IDBRequest<IDBValidKey>) => IDBRequest<IDBValidKey>): { mockRestore(): void } {
  const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "put")!.value as (this: IDBObjectStore, ...given: Parameters<IDBObjectStore["put"]>) => IDBRequest<IDBValidKey>;
  return vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given: Parameters<IDBObjectStore["put"]>) {
    return between(this, () => put.apply(this, given));
  });
}
