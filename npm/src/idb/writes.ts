import { requested } from "../database.js";
import type { SavedReply } from "../reply-store.js";
import { Segment } from "./catalog.js";
import type { Catalog } from "./catalog.js";
import { writing } from "./connection.js";
import { Flow } from "./flow.js";
import { PIECES, PLACE, cut, joined, pieceRange, sealed, sumOf } from "./segment.js";
import type { Part } from "./segment.js";

/** What a database says of itself. */
export interface Stamp {
  /** Of the schemas that its replies were read with. */
  readonly hash: string;
  /** The last number that was given out. */
  readonly last: number;
  /** The highest order that was given out. */
  readonly latest: number;
}

/** Whether what a database gave is a stamp. */
export function isStamp(value: unknown): value is Stamp {
  const stamp = value as Partial<Stamp> | null | undefined;
  return typeof stamp === "object" && stamp !== null && typeof stamp.hash === "string" && Number.isSafeInteger(stamp.last) && Number.isFinite(stamp.latest);
}

/** Says that a database belongs to other schemas by now: another tab has opened a session with newer ones. */
export class SupersededError extends Error {}

/** Smaller replies share a segment, up to a size. */
const SMALL = 64 << 10;
const FULL = 256 << 10;

/** A saved reply that waits to be written. */
export interface Waiting extends Omit<SavedReply, "bytes"> {
  readonly pieces: readonly Uint8Array[];
  readonly size: number;
}

/** A segment that is yet to be written. */
interface Unwritten {
  readonly number: number;
  readonly parts: Part[];
  readonly sources: { readonly pieces: readonly Uint8Array[]; readonly places: Uint32Array }[];
  size: number;
}

/** How long a transaction takes more to write, in milliseconds: who reads waits for its end. */
const OPEN = 50;

/**
 * Writes replies in one transaction, all or none, a few pieces at a time. `more` gives those that have come since it was called last: what
 * comes while others are written goes along. Segments in which nothing lives go with it. Gives the segments that were written, and the
 * numbers of those that went.
 */
export async function writeReplies(database: IDBDatabase, catalog: Catalog, hash: string, more: () => readonly Waiting[]): Promise<{ written: Segment[]; deleted: number[] }> {
  return writing(database, async (transaction) => {
    const meta = transaction.objectStore("meta");
    const stamp = (await requested(meta.get("stamp"))) as Stamp | undefined;
    if (stamp?.hash !== hash) throw new SupersededError();
    let { last, latest } = stamp;
    const until = performance.now() + OPEN;
    const flow = new Flow();
    const done: Segment[] = [];
    for (let batch = more(); batch.length || (await flow.one()); batch = performance.now() < until ? more() : []) {
      const orders = ordersAfter(latest, batch);
      for (const segment of gather(batch, last, orders)) done.push(await putSegment(transaction, segment, flow));
      last += batch.length;
      latest = Math.max(latest, ...orders);
    }
    flow.small(meta.put({ hash, last, latest } satisfies Stamp, "stamp"));
    const deleted = emptied(catalog, done).map(({ number }) => number);
    deleteSegments(transaction, deleted);
    return { written: done, deleted };
  });
}

/** The segments in which nothing lives once others are there. */
function emptied(catalog: Catalog, written: readonly Segment[]): Segment[] {
  const dead = new Map<Segment, number>();
  for (const segment of catalog.dead()) dead.set(segment, segment.dead);
  const seen = new Set<string>();
  for (const { key, order } of written.flatMap(({ head }) => head.parts)) {
    const old = key === "" || seen.has(key) ? undefined : catalog.reply(key);
    if (!old || old.part.order > order) continue;
    seen.add(key);
    dead.set(old.segment, (dead.get(old.segment) ?? old.segment.dead) + old.part.size);
  }
  return [...dead].filter(([{ head }, size]) => size === head.size).map(([segment]) => segment);
}

/** How much later than another one a reply may be saved that came before it, in milliseconds: a tab in the background writes when it can. */
const LATE = 120_000;

/** Replies that came so shortly one after the other, in milliseconds, have the order in which they are saved. */
const TOGETHER = 10;

/** What tells these apart; sums of it with times are exact. */
const INSTANT = 2 ** -8;

/**
 * The orders of replies by when they came, for tabs save them sooner or later. The clock may be set back: one that came much before what
 * was saved last is its successor all the same.
 */
function ordersAfter(latest: number, batch: readonly Waiting[]): number[] {
  const orders: number[] = [];
  let highest = latest;
  for (const { at } of batch) {
    let order = at < latest - LATE ? highest + INSTANT : at;
    if (order <= highest && order > highest - TOGETHER) order = highest + INSTANT;
    orders.push(order);
    highest = Math.max(highest, order);
  }
  return orders;
}

function gather(batch: readonly Waiting[], last: number, orders: readonly number[]): Unwritten[] {
  const segments: Unwritten[] = [];
  let shared: Unwritten | undefined;
  batch.forEach(({ key, pieces, size, places, at }, i) => {
    let target = shared;
    if (!target || size >= SMALL || target.size + size > FULL) {
      target = { number: last + 1 + i, parts: [], sources: [], size: 0 };
      segments.push(target);
      if (size < SMALL) shared = target;
    }
    addPart(target, { key, at, order: orders[i]!, from: target.size, size }, pieces, places);
  });
  return segments;
}

/** Appends a part; `places` are those in its own bytes. */
function addPart(to: Unwritten, part: Part, pieces: readonly Uint8Array[], places: Uint32Array): void {
  to.parts.push(part);
  to.sources.push({ pieces, places });
  to.size += part.size;
}

/** Puts a segment; it is there when the transaction has ended. */
async function putSegment(transaction: IDBTransaction, { number, parts, sources, size }: Unwritten, flow: Flow): Promise<Segment> {
  const store = transaction.objectStore("pieces");
  const sums: number[] = [];
  for (const piece of sources.length === 1 ? sources[0]!.pieces : together(parts, sources, size)) {
    await flow.room();
    flow.large(store.put(piece, number * PIECES + sums.length));
    sums.push(sumOf(piece));
  }
  const head = sealed({ parts, places: mergePlaces(parts, sources.map(({ places }) => places)), size, sums });
  flow.small(transaction.objectStore("heads").put(head, number));
  const used = Date.now();
  flow.small(transaction.objectStore("uses").put(used, number));
  return new Segment(number, head, used);
}

/** The pieces that several parts make, one behind the other. */
function together(parts: readonly Part[], sources: Unwritten["sources"], size: number): Uint8Array[] {
  const whole = new Uint8Array(size);
  parts.forEach(({ from }, i) => whole.set(joined(sources[i]!.pieces), from));
  return cut(whole);
}

/** The places of several parts in one sorted list. */
function mergePlaces(parts: readonly Part[], lists: readonly Uint32Array[]): Uint32Array {
  if (lists.length === 1) return lists[0]!;
  const entries: Uint32Array[] = [];
  lists.forEach((places, i) => {
    for (let j = 0; j < places.length; j += PLACE) {
      const entry = places.slice(j, j + PLACE);
      entry[3] = entry[3]! + parts[i]!.from;
      entries.push(entry);
    }
  });
  entries.sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!);
  const out = new Uint32Array(entries.length * PLACE);
  entries.forEach((entry, i) => out.set(entry, i * PLACE));
  return out;
}

/** Deletes segments with all that belongs to them. */
export function deleteSegments(transaction: IDBTransaction, numbers: readonly number[]): void {
  for (const number of numbers) {
    transaction.objectStore("heads").delete(number);
    transaction.objectStore("uses").delete(number);
    transaction.objectStore("pieces").delete(pieceRange(number));
  }
}

/** What is alive in some segments, read from them. */
export interface LivingPart {
  readonly part: Part;
  readonly pieces: readonly Uint8Array[];
  readonly places: Uint32Array;
}

/** Writes the living parts of segments anew, together, in the place of those. They keep their order. */
export function rewrite(database: IDBDatabase, hash: string, sources: readonly Segment[], living: readonly LivingPart[]): Promise<Segment | undefined> {
  return writing(database, async (transaction) => {
    const meta = transaction.objectStore("meta");
    const stamp = (await requested(meta.get("stamp"))) as Stamp | undefined;
    if (stamp?.hash !== hash) throw new SupersededError();
    for (const { number } of sources) {
      if ((await requested(transaction.objectStore("heads").getKey(number))) === undefined) return undefined; // another tab was faster
    }
    deleteSegments(transaction, sources.map(({ number }) => number));
    if (!living.length) return undefined;
    const number = stamp.last + 1; // never one that was: a tab that knows the old segments would take it for one of them
    const target: Unwritten = { number, parts: [], sources: [], size: 0 };
    for (const { part, pieces, places } of living) addPart(target, { ...part, from: target.size }, cut(joined(pieces)), places);
    const flow = new Flow();
    flow.small(meta.put({ ...stamp, last: number }, "stamp"));
    return putSegment(transaction, target, flow);
  });
}
