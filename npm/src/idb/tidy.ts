import { requested } from "../database.js";
import type { Catalog, Segment } from "./catalog.js";
import { writing } from "./connection.js";
import type { Pieces } from "./pieces.js";
import { PLACE } from "./segment.js";
import type { Part } from "./segment.js";
import { deleteSegments, rewrite } from "./writes.js";
import type { LivingPart } from "./writes.js";

/** How large a segment may become that is written anew: so much is read and written in one transaction. */
const WHOLE = 1 << 20;

/** How many small segments there may be before they are put together. */
const MANY = 64;
const SMALL = 64 << 10;

/** How long a tab without locks may be at it, in milliseconds. */
const LEASE = 30_000;

/** The segments that are to be written anew, in groups: dead bytes outweigh the living ones, or there are many small ones. */
export function worthRewriting(catalog: Catalog): Segment[][] {
  const all = [...catalog.segments.values()].sort((a, b) => a.number - b.number);
  const small = all.filter(({ head }) => head.size < SMALL);
  const outweighed = 2 * catalog.deadBytes > catalog.bytes;
  const chosen = all.filter((segment) => (outweighed && segment.dead > 0) || (small.length > MANY && segment.head.size < SMALL));
  const groups: Segment[][] = [];
  let size = Infinity;
  for (const segment of chosen) {
    const alive = segment.head.size - segment.dead;
    if (size + alive > WHOLE) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(segment);
    size += alive;
  }
  return groups;
}

/** Writes a group of segments anew without what is dead. Gives what has taken their place; nothing when all was dead, or another tab was faster. */
export async function compact(database: IDBDatabase, catalog: Catalog, pieces: Pieces, hash: string, group: readonly Segment[]): Promise<Segment | undefined> {
  const living: LivingPart[] = [];
  for (const segment of group) {
    for (const part of segment.head.parts) {
      if (catalog.isLive(part)) living.push({ part, pieces: await pieces.read(database, segment, part.from, part.size), places: placesIn(segment, part) });
    }
  }
  living.sort((a, b) => a.part.order - b.part.order);
  return rewrite(database, hash, group, living);
}

/** The places in a part, counted from its beginning. */
function placesIn(segment: Segment, part: Part): Uint32Array {
  const { places } = segment.head;
  const out: number[] = [];
  for (let j = 0; j < places.length; j += PLACE) {
    const offset = places[j + 3]! - part.from;
    if (offset >= 0 && offset < part.size) out.push(places[j]!, places[j + 1]!, places[j + 2]!, offset, places[j + 4]!);
  }
  return Uint32Array.from(out);
}

/** Drops segments. */
export function drop(database: IDBDatabase, segments: readonly Segment[]): Promise<void> {
  return writing(database, (transaction) => {
    deleteSegments(transaction, segments.map(({ number }) => number));
    return Promise.resolve();
  });
}

/** Takes the right to tidy for a while, if no other tab has it. */
export function takeLease(database: IDBDatabase, owner: number): Promise<boolean> {
  return writing(database, async (transaction) => {
    const meta = transaction.objectStore("meta");
    const lease = (await requested(meta.get("lease"))) as { owner: number; until: number } | undefined;
    const now = Date.now();
    if (lease && lease.owner !== owner && lease.until > now && lease.until < now + 2 * LEASE) return false;
    await requested(meta.put({ owner, until: now + LEASE }, "lease"));
    return true;
  }, ["meta"]);
}
