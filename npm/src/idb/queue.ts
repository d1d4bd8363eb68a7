import type { SavedReply } from "../reply-store.js";
import { PLACE, cut, joined } from "./segment.js";
import type { Waiting } from "./writes.js";

/** What came later of the entities in a reply; see `KeptReply`. */
interface Newer {
  readonly newer?: Uint8Array;
  readonly gone?: Uint32Array;
}

/** Saved replies that wait to be written, in the order in which they came. */
export class Queue {
  readonly #waiting = new Map<string, Waiting>();
  readonly #limit: number;
  #bytes = 0;
  #unkeyed = 0;

  /** `limit` is how many bytes may wait: beyond it those that came first go. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Copies a reply. False when others had to go. */
  add({ key, bytes, at, places, gone }: SavedReply): boolean {
    const name = key || `\0${this.#unkeyed++}`;
    this.#drop(name); // to come last
    this.#waiting.set(name, { key, pieces: cut(bytes), size: bytes.length, at, places, gone });
    this.#bytes += bytes.length;
    const { size } = this.#waiting;
    for (const first of this.#waiting.keys()) {
      if (this.#bytes <= this.#limit || first === name) break;
      this.#drop(first);
    }
    return this.#waiting.size === size;
  }

  get(key: string): Waiting | undefined {
    return this.#waiting.get(key);
  }

  values(): Waiting[] {
    return [...this.#waiting.values()];
  }

  delete(those: ReadonlySet<Waiting>): void {
    for (const [name, waiting] of this.#waiting) if (those.has(waiting)) this.#drop(name);
  }

  clear(): void {
    this.#waiting.clear();
    this.#bytes = 0;
  }

  /** What waits behind a reply of the entities in it, and of those in that, the newest first; and which of its entities are gone by then. */
  newerThan(reply: Waiting): Newer {
    const all = this.values();
    const own = new Map<string, number[]>(); // the offsets of its entities
    eachPlace(reply, (id, offset) => own.set(id, [...(own.get(id) ?? []), offset]));
    const wanted = new Set(own.keys());
    const gone = new Set<string>();
    const objects: Uint8Array[] = [];
    for (const later of all.slice(all.indexOf(reply) + 1)) {
      const found: { from: number; to: number }[] = [];
      eachPlace(later, (id, from, length) => {
        if (!wanted.has(id)) return;
        if (length) found.push({ from, to: from + length });
        if (length) gone.delete(id);
        else gone.add(id);
      });
      if (!found.length) continue;
      eachPlace(later, (id, offset) => found.some(({ from, to }) => offset > from && offset < to) && wanted.add(id));
      const bytes = joined(later.pieces);
      objects.unshift(...found.map(({ from, to }) => bytes.subarray(from, to)));
    }
    const offsets = [...gone].flatMap((id) => own.get(id) ?? []);
    return { ...(objects.length && { newer: array(objects) }), ...(offsets.length && { gone: Uint32Array.from(offsets) }) };
  }

  #drop(name: string): void {
    this.#bytes -= this.#waiting.get(name)?.size ?? 0;
    this.#waiting.delete(name);
  }
}

/** Goes over the entities in a reply; those that are gone have the length 0. */
function eachPlace({ places }: Waiting, visit: (id: string, offset: number, length: number) => unknown): void {
  for (let i = 0; i < places.length; i += PLACE) visit(`${places[i]!} ${places[i + 1]!}`, places[i + 3]!, places[i + 4]!);
}

const BRACKETS = Uint8Array.of(0x5b, 0x5d);
const COMMA = Uint8Array.of(0x2c);

/** A JSON array of objects. */
export function array(objects: readonly Uint8Array[]): Uint8Array {
  return joined([BRACKETS.subarray(0, 1), ...objects.flatMap((object, i) => (i === 0 ? object : [COMMA, object])), BRACKETS.subarray(1)]);
}
