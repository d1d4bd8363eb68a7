import type { Core } from "./core.js";
import { inOwnTask } from "./task-queue.js";
import type { WeakTable } from "./weak-table.js";

/** Milliseconds that one slice may take of the page's time. */
const SLICE = 4;
/** Milliseconds from the first new object to the first slice: the rows of a query come first. */
const QUIET = 100;
/** Records that the core looks at between two looks at the clock. */
const BUDGET = 2048;

/** What `ftrack_stats` calls "a sweep is worth its time". */
const WANTS_SWEEP = 6;

/**
 * Tells the core which records JavaScript still holds, so that it can let the others go: a walk over the weak
 * references in slices. There is no finalizer per object, which would cost more than making it.
 */
export class Sweep {
  readonly #core: Core;
  readonly #session: number;
  readonly #objects: WeakTable;
  #running = false;
  #stopped = false;
  #due = false;

  constructor(core: Core, session: number, objects: WeakTable) {
    this.#core = core;
    this.#session = session;
    this.#objects = objects;
  }

  /** A little later, and in tasks of its own, lets go of new objects, looks whether a sweep is worth it, and runs one. */
  startIfDue(): void {
    if (this.#due || this.#stopped) return;
    this.#due = true;
    const timer: unknown = setTimeout(() => this.#later(() => this.#letGo()), QUIET);
    if (typeof timer === "object") (timer as { unref(): void }).unref(); // a Node process may end before
  }

  #letGo(): void {
    if (!this.#objects.weaken(performance.now() + SLICE)) return this.#later(() => this.#letGo());
    this.#due = false;
    if (!this.#running) this.#start();
  }

  /** A record got an object: a sweep that runs must not take it for unheld. */
  made(handle: number): void {
    this.startIfDue();
    if (this.#running) this.#core.exports.ftrack_sweep_root(this.#session, handle);
  }

  stop(): void {
    this.#stopped = true;
    this.#running = false;
  }

  #start(): void {
    const { exports } = this.#core;
    if (!exports.ftrack_stats(this.#session, WANTS_SWEEP) || !exports.ftrack_sweep_begin(this.#session)) return;
    this.#running = true;
    this.#root(0);
  }

  /** Names the records that have living objects, and forgets the objects that died. */
  #root(from: number): void {
    const { exports } = this.#core;
    const root = (handle: number): void => exports.ftrack_sweep_root(this.#session, handle);
    const until = performance.now() + SLICE;
    let at = from;
    while (at < this.#objects.chunks) {
      this.#objects.visit(at++, root);
      if (performance.now() >= until) return this.#later(() => this.#root(at));
    }
    this.#step();
  }

  #step(): void {
    const { exports } = this.#core;
    const until = performance.now() + SLICE;
    do {
      if (exports.ftrack_sweep_step(this.#session, BUDGET)) {
        this.#running = false;
        return;
      }
    } while (performance.now() < until);
    this.#later(() => this.#step());
  }

  #later(fn: () => void): void {
    inOwnTask(() => {
      if (!this.#stopped) this.#guarded(fn);
    });
  }

  #guarded(fn: () => void): void {
    if (this.#stopped || this.#core.dead) return;
    try {
      fn();
    } catch (error) {
      this.#core.die(`the core broke: ${String(error)}`, error);
    }
  }
}
