import { requested } from "../database.js";
import type { SavedReply } from "../reply-store.js";
import { Segment } from "./catalog.js";
import type { Catalog } from "./catalog.js";
import { writing } from "./connection.js";
import { PIECES, PLACE, pieceOf, pieceRange, piecesOf, sealed, sumOf } from "./segment.js";
import type { Part } from "./segment.js";

/** What a database says of itself. */
export interface Stamp {
  /** Of the schemas that its replies were read with. */
  readonly hash: string;
  /** The last number that was given out. */
  readonly last: number;
}

/** Says that a database belongs to other schemas by now: another tab has opened a session with newer ones. */
export class SupersededError extends Error {}

/** Smaller replies share a segment, up to the size of a piece. */
const SMALL = 64 << 10;
const FULL = 256 << 10;

/** A segment that is yet to be written. */
interface Unwritten {
  readonly parts: Part[];
  readonly sources: { readonly bytes: Uint8Array; readonly places: Uint32Array }[];
  size: number;
}

/**
 * Writes replies in one transaction, all or none, each piece in the success handler of the one before. Segments in which nothing lives
 * go with it. Gives the segments that were written, and the numbers of those that went.
 */
export async function writeReplies(database: IDBDatabase, catalog: Catalog, hash: string, batch: readonly SavedReply[]): Promise<{ written: Segment[]; deleted: number[] }> {
  const replaced = new Set(batch.map(({ key }) => key));
  const dead = new Set(catalog.dead());
  for (const key of replaced) {
    const old = key === "" ? undefined : catalog.reply(key);
    if (old && old.segment.dead + old.part.size === old.segment.head.size) dead.add(old.segment);
  }
  const deleted = [...dead].map(({ number }) => number);
  const written = await writing(database, async (transaction) => {
    const meta = transaction.objectStore("meta");
    const stamp = (await requested(meta.get("stamp"))) as Stamp | undefined;
    if (stamp?.hash !== hash) throw new SupersededError();
    const segments = gather(batch, stamp.last);
    await requested(meta.put({ hash, last: stamp.last + batch.length }, "stamp"));
    const done: Segment[] = [];
    for (const segment of segments) done.push(await putSegment(transaction, segment.parts[0]!.order, segment));
    deleteSegments(transaction, deleted);
    return done;
  });
  return { written, deleted };
}

function gather(batch: readonly SavedReply[], last: number): Unwritten[] {
  const segments: Unwritten[] = [];
  let shared: Unwritten | undefined;
  batch.forEach(({ key, bytes, places, at }, i) => {
    let target = shared;
    if (!target || bytes.length >= SMALL || target.size + bytes.length > FULL) {
      target = { parts: [], sources: [], size: 0 };
      segments.push(target);
      if (bytes.length < SMALL) shared = target;
    }
    addPart(target, { key, at, order: last + 1 + i, from: target.size, size: bytes.length }, bytes, places);
  });
  return segments;
}

/** Appends a part; `places` are those in its own bytes. */
function addPart(to: Unwritten, part: Part, bytes: Uint8Array, places: Uint32Array): void {
  to.parts.push(part);
  to.sources.push({ bytes, places });
  to.size += part.size;
}

async function putSegment(transaction: IDBTransaction, number: number, { parts, sources, size }: Unwritten): Promise<Segment> {
  const bytes = sources.length === 1 ? sources[0]!.bytes : new Uint8Array(size);
  if (sources.length > 1) parts.forEach(({ from }, i) => bytes.set(sources[i]!.bytes, from));
  const store = transaction.objectStore("pieces");
  const sums: number[] = [];
  for (let i = 0; i < piecesOf(size); i++) {
    const piece = pieceOf(bytes, i);
    sums.push(sumOf(piece));
    await requested(store.put(piece, number * PIECES + i));
  }
  const head = sealed({ parts, places: mergePlaces(parts, sources.map(({ places }) => places)), size, sums });
  await requested(transaction.objectStore("heads").put(head, number));
  const used = Date.now();
  await requested(transaction.objectStore("uses").put(used, number));
  return new Segment(number, head, used);
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
  readonly bytes: Uint8Array;
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
    const target: Unwritten = { parts: [], sources: [], size: 0 };
    for (const { part, bytes, places } of living) addPart(target, { ...part, from: target.size }, bytes, places);
    const number = stamp.last + 1; // never one that was: a tab that knows the old segments would take it for one of them
    await requested(meta.put({ hash, last: number }, "stamp"));
    return putSegment(transaction, number, target);
  });
}
