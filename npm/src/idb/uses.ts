import type { Segment } from "./catalog.js";
import { writing } from "./connection.js";
import type { Opened } from "./opened.js";

/** How exactly it is known when a segment was used last, in milliseconds: noting it costs a write. */
const RESOLUTION = 60_000;

/** How long uses wait for others, to be noted with one write, in milliseconds. */
const WHILE = 1000;

/** When segments were used last. Nobody who reads waits for it to be noted. */
export class Uses {
  readonly #unnoted = new Set<Segment>();
  readonly #note: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `note` is to call `noted`. */
  constructor(note: () => void) {
    this.#note = note;
  }

  use(segment: Segment): void {
    const now = Date.now();
    if (Math.abs(now - segment.used) < RESOLUTION) return;
    segment.used = now;
    this.#unnoted.add(segment);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined; // whatever becomes of it: the database may be closed just now
      this.#note();
    }, WHILE);
  }

  /** Writes what is not noted yet; of segments that are gone nothing. */
  async noted({ database, catalog }: Opened): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const used = [...this.#unnoted].filter((segment) => catalog.segments.get(segment.number) === segment);
    this.#unnoted.clear();
    if (!used.length) return;
    await writing(database, (transaction) => {
      for (const segment of used) transaction.objectStore("uses").put(segment.used, segment.number);
      return Promise.resolve();
    }, ["uses"]);
  }
}
