import type { Entity } from "./entity.js";

const SHIFT = 10;
const SIZE = 1 << SHIFT;
const MASK = SIZE - 1;

type Entry = WeakRef<Entity> | Entity | undefined;

/**
 * Objects by record handle, held weakly. Making a weak reference costs three times what making the object does, so new
 * ones are held strongly at first, until `weaken` comes round to them in a quiet moment. The table is chunked, because an
 * array with wide gaps would become a slow dictionary.
 */
export class WeakTable {
  readonly #chunks: (Entry[] | undefined)[] = [];
  /** Handles whose objects are held strongly yet. */
  #strong: number[] = [];

  get(handle: number): Entity | undefined {
    const entry = this.#chunks[handle >> SHIFT]?.[handle & MASK];
    return entry instanceof WeakRef ? entry.deref() : entry;
  }

  set(handle: number, entity: Entity): void {
    const number = handle >> SHIFT;
    while (this.#chunks.length <= number) this.#chunks.push(undefined);
    const chunk = (this.#chunks[number] ??= new Array<Entry>(SIZE).fill(undefined));
    chunk[handle & MASK] = entity;
    this.#strong.push(handle);
  }

  /** Turns strong references into weak ones until a time, and tells whether all are. */
  weaken(until: number): boolean {
    const strong = this.#strong;
    while (strong.length) {
      if ((strong.length & 63) === 0 && performance.now() >= until) return false;
      const handle = strong.pop()!;
      const chunk = this.#chunks[handle >> SHIFT];
      const entry = chunk?.[handle & MASK];
      if (entry && !(entry instanceof WeakRef)) chunk[handle & MASK] = new WeakRef(entry);
    }
    return true;
  }

  /** How many chunks a walk has to visit. */
  get chunks(): number {
    return this.#chunks.length;
  }

  /** Visits the handles of one chunk whose objects live, and forgets the objects that died. */
  visit(number: number, living: (handle: number) => void): void {
    const chunk = this.#chunks[number];
    if (!chunk) return;
    let any = false;
    for (let i = 0; i < SIZE; i++) {
      const entry = chunk[i];
      if (!entry) continue;
      if (!(entry instanceof WeakRef) || entry.deref()) {
        any = true;
        living((number << SHIFT) | i);
      } else {
        chunk[i] = undefined;
      }
    }
    if (!any) this.#chunks[number] = undefined;
  }
}
