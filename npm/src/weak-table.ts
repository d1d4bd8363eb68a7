import type { Entity } from "./entity.js";

const SHIFT = 10;
const SIZE = 1 << SHIFT;
const MASK = SIZE - 1;

type Chunk = (WeakRef<Entity> | undefined)[];

/** Objects by record handle, held weakly. Chunked, because an array with wide gaps would become a slow dictionary. */
export class WeakTable {
  readonly #chunks: (Chunk | undefined)[] = [];

  get(handle: number): Entity | undefined {
    return this.#chunks[handle >> SHIFT]?.[handle & MASK]?.deref();
  }

  set(handle: number, entity: Entity): void {
    const number = handle >> SHIFT;
    while (this.#chunks.length <= number) this.#chunks.push(undefined);
    const chunk = (this.#chunks[number] ??= new Array<WeakRef<Entity> | undefined>(SIZE).fill(undefined));
    chunk[handle & MASK] = new WeakRef(entity);
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
      const reference = chunk[i];
      if (!reference) continue;
      if (reference.deref()) {
        any = true;
        living((number << SHIFT) | i);
      } else {
        chunk[i] = undefined;
      }
    }
    if (!any) this.#chunks[number] = undefined;
  }
}
