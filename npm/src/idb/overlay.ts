import type { Catalog, Reply, Segment } from "./catalog.js";
import type { Part } from "./segment.js";
import { PLACE, eachPair } from "./segment.js";

/** An object that stands somewhere. */
export interface Found {
  readonly segment: Segment;
  readonly part: Part;
  readonly offset: number;
  readonly length: number;
  /** A checksum of its bytes. */
  readonly content: number;
}

/** Places that are looked for, sorted by hash, with the order in which their objects were saved. */
interface Wanted {
  readonly places: Uint32Array;
  readonly orders: readonly number[];
}

/**
 * What was saved later than a reply of the entities in it, the newest first, and the offsets in the reply of those that are gone. A reply
 * is a list of keys: what it says of its entities counts only where nothing newer does.
 */
export function newerThan(catalog: Catalog, { segment, part }: Reply): { objects: Found[]; gone: number[] } {
  const places = segment.head.parts.length === 1 ? segment.head.places : within(segment.head.places, part);
  const orders = new Array<number>(places.length / PLACE).fill(part.order);
  const gone = new Map<number, number>(); // index in places, and the order of the deletion
  const objects = follow(catalog, { places, orders }, (i, order) => gone.set(i, Math.max(order, gone.get(i) ?? 0)));
  for (const { i, order } of objects.first) if (order > (gone.get(i) ?? Infinity)) gone.delete(i); // it is there again
  return { objects: newestFirst(objects.all), gone: [...gone.keys()].map((i) => places[i + 3]! - part.from) };
}

/** What is kept of an entity, the newest first, with what is newer of the entities in it. Nothing of one that is gone. */
export function objectsOf(catalog: Catalog, hash: readonly [number, number], counts: (part: Part) => boolean): Found[] {
  const wanted = new Uint32Array([hash[0], hash[1], 0, 0, 0]);
  let deleted = -1;
  let own: Found[] = [];
  for (const segment of catalog.segments.values()) {
    eachPair(wanted, segment.head.places, (_, j) => {
      const found = foundAt(segment, j);
      if (found.length === 0) deleted = Math.max(deleted, found.part.order);
      else if (counts(found.part)) own.push(found);
    });
  }
  own = distinct(own.filter(({ part }) => part.order > deleted));
  const nested = follow(catalog, inside(own), () => undefined);
  return newestFirst([...own, ...nested.all.filter((each) => !own.some((other) => other.segment === each.segment && other.offset === each.offset))]);
}

/** Objects of one entity without those that say the same as a newer one. */
function distinct(objects: readonly Found[]): Found[] {
  const newest = new Map<string, Found>();
  for (const found of objects) {
    const says = `${found.content} ${found.length}`;
    const other = newest.get(says);
    if (!other || other.part.order < found.part.order) newest.set(says, found);
  }
  return [...newest.values()];
}

/** Looks for what is newer of entities, and of the entities in that. */
function follow(catalog: Catalog, start: Wanted, deleted: (i: number, order: number) => void): { all: Found[]; first: { i: number; order: number }[] } {
  const all = new Map<string, Found>();
  const first: { i: number; order: number }[] = [];
  let wanted = start;
  for (let round = 0; wanted.places.length; round++) {
    const added: Found[] = [];
    const oldest = wanted.orders.reduce((a, b) => Math.min(a, b));
    for (const segment of catalog.segments.values()) {
      if (segment.newest <= oldest) continue;
      const { places } = segment.head;
      eachPair(wanted.places, places, (i, j) => {
        if (wanted.places[i + 2] === places[j + 2] && places[j + 4] !== 0) return; // it says the same
        const found = foundAt(segment, j);
        if (found.part.order <= wanted.orders[i / PLACE]!) return;
        if (found.length === 0) {
          if (round === 0) deleted(i, found.part.order);
          return;
        }
        if (round === 0) first.push({ i, order: found.part.order });
        const key = `${segment.number} ${found.offset}`;
        if (all.has(key)) return;
        all.set(key, found);
        added.push(found);
      });
    }
    wanted = inside(added);
  }
  return { all: [...all.values()], first };
}

function foundAt(segment: Segment, j: number): Found {
  const { places } = segment.head;
  return { segment, part: segment.partAt(places[j + 3]!), offset: places[j + 3]!, length: places[j + 4]!, content: places[j + 2]! };
}

/** The entities that stand in objects, without the objects themselves. */
function inside(objects: readonly Found[]): Wanted {
  const bySegment = new Map<Segment, Found[]>();
  for (const found of objects) {
    const list = bySegment.get(found.segment);
    if (list) list.push(found);
    else bySegment.set(found.segment, [found]);
  }
  const entries: { words: Uint32Array; order: number }[] = [];
  for (const [segment, list] of bySegment) {
    const { places } = segment.head;
    const spans = union(list.map(({ offset, length }) => ({ from: offset + 1, size: length - 1 })));
    for (let j = 0; j < places.length; j += PLACE) {
      if (places[j + 4] !== 0 && holds(spans, places[j + 3]!)) entries.push({ words: places.subarray(j, j + PLACE), order: segment.partAt(places[j + 3]!).order });
    }
  }
  entries.sort(({ words: a }, { words: b }) => a[1]! - b[1]! || a[0]! - b[0]!);
  const places = new Uint32Array(entries.length * PLACE);
  entries.forEach(({ words }, i) => places.set(words, i * PLACE));
  return { places, orders: entries.map(({ order }) => order) };
}

/** The places in one part, in a list of their own. */
function within(places: Uint32Array, part: Part): Uint32Array {
  const out = new Uint32Array(places.length);
  let length = 0;
  for (let j = 0; j < places.length; j += PLACE) {
    const offset = places[j + 3]! - part.from;
    if (offset < 0 || offset >= part.size) continue;
    for (let k = 0; k < PLACE; k++) out[length + k] = places[j + k]!;
    length += PLACE;
  }
  return out.subarray(0, length);
}

/** A stretch of bytes. */
interface Span {
  readonly from: number;
  readonly size: number;
}

/** The same bytes in spans that neither touch nor hold each other, sorted. */
function union(spans: readonly Span[]): Span[] {
  const out: { from: number; size: number }[] = [];
  for (const { from, size } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && from <= last.from + last.size) last.size = Math.max(last.size, from + size - last.from);
    else out.push({ from, size });
  }
  return out;
}

/** Whether an offset lies in one of some spans that `union` gave. */
function holds(spans: readonly Span[], offset: number): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.from <= offset) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && offset < span.from + span.size;
}

function newestFirst(objects: Found[]): Found[] {
  return objects.sort((a, b) => b.part.order - a.part.order || a.offset - b.offset);
}
