/// <reference lib="esnext.disposable" preserve="true" />
import { callListener } from "./listener.js";
import { call, checkArgument } from "./arguments.js";
import type { PageState } from "./core.js";
import type { Entity } from "./entity.js";
import { nameObjects } from "./object-name.js";
import { freshnessOf } from "./policy.js";
import type { Freshness } from "./policy.js";
import type { Records } from "./records.js";
import { shapeOf, snapshotIn } from "./snapshot.js";
import type { Shape, Snapshot } from "./snapshot.js";
import { inOwnTask } from "./task-queue.js";
import { decodeTags } from "./dates.js";

const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Milliseconds of the page's time that rows are copied for in one go. */
const SLICE = 2;
/** How much more work a row is that is copied than one that stays, and after how much of it the clock is looked at. */
const COPY = 32;
const LOOK = 256;

/** What a live list needs of its session. */
export interface LiveLink {
  readonly records: Records;
  /** Resolves when nothing is under way; rejects with what the server refused. */
  settled(): Promise<void>;
  close(): void;
  /** The list has listeners, or none any more. */
  listened(on: boolean): void;
}

/** How the rows stand that the core tells: where they come from, and whether the error that there was still stands. */
type Stand = Omit<PageState, "done"> & { readonly failed: boolean };

const NO_ROWS: readonly never[] = Object.freeze([]);

/**
 * A query that is followed. `getSnapshot()` gives its rows as plain frozen objects of what the expression selects, in a frozen array that
 * stays the same until something in it changes; rows that did not change are the same objects. It goes into React as
 * `useSyncExternalStore(list.subscribe, list.getSnapshot)`. Local changes that are not committed show in it as they do in entities: what was created and meets the criteria
 * is there, what was deleted or meets them no more is not.
 *
 * @example
 * const tasks = session.live<"Task">('select name, status.name from Task where status.name is "In progress" order by name');
 * const stop = tasks.subscribe(() => show(tasks.getSnapshot()));
 */
export class LiveList<T> {
  /** The expression as it was given. */
  readonly expression: string;
  readonly #link: LiveLink;
  readonly #listeners = new Set<{ call: () => void }>();
  #shape: Shape = shapeOf([]);
  #snapshot: readonly Snapshot[] = NO_ROWS;
  /** The records of the snapshot's rows, and their entities once somebody has asked. */
  #handles = new Int32Array(0);
  #entities: readonly Entity[] | undefined = NO_ROWS;
  readonly #known = new Map<number, { entity: Entity; row: Snapshot }>();
  #loaded = false;
  #freshness: Freshness | undefined;
  #error: unknown = null;
  #closed = false;
  /** Where the rows come from that the core told last, and whether `error` stands. */
  #stand: Stand = { fromCache: false, stale: false, fetchedAt: 0, failed: false };
  /** What the core told last and is not shown yet. */
  #coming: { handles: Int32Array<ArrayBuffer>; changed: Set<number> } | undefined;
  #working = false;
  #idle: (() => void)[] = [];

  static {
    nameObjects(this, "LiveList");
  }

  /** @internal */
  constructor(expression: string, link: LiveLink) {
    this.expression = expression;
    this.#link = link;
  }

  /** The rows. Empty until they have come; see `loaded`. */
  readonly getSnapshot = (): readonly Snapshot[] => this.#snapshot;

  /** The entities that the rows of the snapshot are of, in the same order; none of an aggregate. */
  get entities(): readonly T[] {
    return this.#shown() as readonly unknown[] as readonly T[];
  }

  /** Whether the server has answered. Rows may be shown before, kept ones: see `freshness`. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /**
   * Where the rows come from; `undefined` while there are none. Kept rows are `stale` until the server's are there, which the session goes on
   * to ask for. `fetchedAt` is when the server sent all of them last; what it told of single rows since is not counted.
   */
  get freshness(): Freshness | undefined {
    return this.#freshness;
  }

  /** Why the rows may be old: what the server refused the query with, or the network failed with, when it was asked last; `null` else. */
  get error(): unknown {
    return this.#error;
  }

  /**
   * Calls the listener after the snapshot, `error`, or where the rows come from has become another.
   * @returns the function that ends it.
   */
  readonly subscribe = (listener: () => void): (() => void) => {
    checkArgument("subscribe", "listener", listener, call);
    const entry = { call: listener };
    this.#listeners.add(entry);
    if (this.#listeners.size === 1) this.#link.listened(true);
    return () => {
      if (this.#listeners.delete(entry) && !this.#listeners.size) this.#link.listened(false);
    };
  };

  /** Resolves when the snapshot shows all that the session knows, and nothing is under way. Rejects with `error`. */
  async settled(): Promise<void> {
    try {
      await this.#link.settled();
    } finally {
      await new Promise<void>((done) => {
        if (this.#working) this.#idle.push(done);
        else done();
      });
    }
  }

  /** Follows no longer. The snapshot stays as it is. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#link.listened(false);
    this.#link.close();
    this.#shown(); // they stay, too
    this.#known.clear();
  }

  [dispose](): void {
    this.close();
  }

  /** @internal The paths that rows are shown with. */
  shows(projections: readonly string[]): void {
    this.#shape = shapeOf(projections);
  }

  /** @internal Takes where the rows come from that are told next. */
  stands(text: string): void {
    this.#stand = JSON.parse(text) as Stand;
  }

  /** @internal Takes rows, and the words: records in order, those below 0 changed. */
  rows(words: Int32Array<ArrayBuffer>): void {
    const changed = this.#coming?.changed ?? new Set<number>();
    for (let i = 0; i < words.length; i++) {
      if (words[i]! >= 0) continue;
      words[i] = -words[i]!;
      changed.add(words[i]!);
    }
    this.#coming = { handles: words, changed };
    if (!this.#working) {
      this.#working = true;
      inOwnTask(() => this.#show());
    }
  }

  /** @internal Takes the rows of an aggregate. */
  plain(text: string): void {
    const rows = (decodeTags(JSON.parse(text)) as Snapshot[]).map((row) => Object.freeze(row));
    this.#publish(rows, new Int32Array(0));
  }

  /** @internal */
  failed(error: unknown): void {
    this.#error = error;
    this.#tell();
  }

  /** Copies the rows that changed, in slices: the page draws between them, and sees all of them or none. */
  #show(from = 0, rows?: Snapshot[]): void {
    const until = performance.now() + SLICE;
    const { handles, changed } = this.#coming!;
    if (this.#closed || this.#link.records.gone) return this.#rest();
    const all = rows ?? new Array<Snapshot>(handles.length);
    let steps = 0;
    for (let i = from; i < handles.length; i++) {
      const handle = handles[i]!;
      let shown = this.#known.get(handle);
      if (!shown || changed.has(handle)) {
        const entity = this.#link.records.object(handle);
        const row = snapshotIn(entity, this.#shape);
        // Where other rows come meanwhile, this one need not be copied again.
        if (shown) {
          shown.entity = entity;
          shown.row = row;
        } else {
          this.#known.set(handle, (shown = { entity, row }));
        }
        changed.delete(handle);
        steps += COPY;
      }
      all[i] = shown.row;
      if (++steps >= LOOK) {
        steps = 0;
        if (performance.now() >= until) return inOwnTask(() => (this.#coming?.handles === handles ? this.#show(i + 1, all) : this.#show()));
      }
    }
    this.#coming = undefined;
    this.#publish(all, handles);
    this.#rest();
  }

  #publish(rows: Snapshot[], handles: Int32Array<ArrayBuffer>): void {
    const before = this.#snapshot;
    const { failed, fromCache } = this.#stand;
    const was = this.#freshness;
    this.#freshness = freshnessOf(undefined, this.#stand);
    const sameOrigin = was?.stale === this.#freshness.stale && was.source === this.#freshness.source;
    const sameRows = rows.length === before.length && rows.every((row, i) => row === before[i]);
    const same = sameOrigin && sameRows && (failed || this.#error === null);
    this.#loaded = !fromCache;
    if (!failed) this.#error = null;
    this.#take(handles);
    if (same) return;
    this.#snapshot = Object.freeze(rows);
    this.#tell();
  }

  #shown(): readonly Entity[] {
    return (this.#entities ??= Array.from(this.#handles, (handle) => this.#known.get(handle)!.entity));
  }

  /** Makes these the records of the snapshot, and forgets the others. */
  #take(handles: Int32Array<ArrayBuffer>): void {
    const before = this.#handles;
    this.#handles = handles;
    if (handles.length !== before.length || handles.some((handle, i) => handle !== before[i])) this.#entities = undefined;
    if (this.#known.size === handles.length) return;
    const staying = new Set(handles);
    for (const handle of this.#known.keys()) if (!staying.has(handle)) this.#known.delete(handle);
  }

  #tell(): void {
    for (const { call } of [...this.#listeners]) callListener(call);
  }

  #rest(): void {
    this.#working = false;
    const idle = this.#idle;
    this.#idle = [];
    for (const done of idle) done();
  }
}
