import type { EntityIdentity, KeptReply, ReplyStore, SavedReply, Span } from "../reply-store.js";
import type { Logger } from "../schema-store.js";
import type { Segment } from "./catalog.js";
import { deleteDatabase, isQuota, patiently } from "./connection.js";
import { Opened } from "./opened.js";
import { newerThan, objectsOf } from "./overlay.js";
import type { Found } from "./overlay.js";
import { DamagedError, GoneError } from "./pieces.js";
import { Queue, array } from "./queue.js";
import { PLACE, joined } from "./segment.js";
import { Tabs } from "./tabs.js";
import type { News } from "./tabs.js";
import { compact, drop, takeLease, worthRewriting } from "./tidy.js";
import { Uses } from "./uses.js";
import { SupersededError, writeReplies } from "./writes.js";
import type { Waiting } from "./writes.js";

/** How many bytes are kept by default. */
const LIMIT = 256 * 2 ** 20;

/** How many segments are read ahead. */
const AHEAD = 2;

/** How long anybody waits for the database, in milliseconds, and how long nobody tries again when it did not open. */
const PATIENCE = 2000;
const PAUSE = 30_000;

/** How long a write, for which nobody waits, may take, in milliseconds. */
const WRITE_PATIENCE = 60_000;

const DAMAGED = "a part of the cache of this page was damaged and is dropped";

/** What is kept, in numbers. */
export interface KeptStatistics {
  /** Replies to queries. */
  readonly replies: number;
  /** Objects of entities in them. */
  readonly entities: number;
  readonly bytes: number;
  /** How often something was looked for since the session opened, and found or not. */
  readonly hits: number;
  readonly misses: number;
  /** When the oldest and the newest of it came. */
  readonly oldest: Date | undefined;
  readonly newest: Date | undefined;
}

/** Hears what other tabs fetched or committed: JSON, replies or an array of entities, and when it came; and which entities are gone. */
export type NewsListener = (told: { readonly bytes: Uint8Array; readonly at: number } | undefined, gone: News["gone"]) => void;

/**
 * Keeps what the server sent in IndexedDB, one database for each server, user and credentials. Bytes do not enter the module for it:
 * it is TypeScript beside the core. What is saved is written behind the caller's back, in small pieces. What is over the limit goes,
 * the least recently used first. Tabs share a database, and hear of each other's writes. A database that fails or hangs fails nobody:
 * it is reported once, and there is nothing in it then.
 */
export class ReplyDatabase implements ReplyStore {
  readonly #name: string;
  readonly #limit: number;
  readonly #logger: Logger;
  readonly #tabs: Tabs;
  readonly #queue: Queue;
  #opened: Promise<Opened> | undefined;
  #closedUntil = 0;
  #hash: string | undefined;
  readonly #uses = new Uses(() => void this.#noteUses());
  readonly #unstamped: (() => void)[] = [];
  #superseded = false;
  #writing: Promise<void> | undefined;
  #failures = 0;
  #failuresTold = 0; // by `written`
  #fullUntil = 0;
  #loaded = -1; // the number of the segment
  #hits = 0;
  #misses = 0;
  #reported = new Set<string>();
  #closed = false;
  #hearing: Promise<void> = Promise.resolve();
  /** Hears what other tabs have written. */
  listener: NewsListener | undefined;

  constructor(name: string, logger: Logger, { limit = LIMIT, shareTabs = true }: { limit?: number | undefined; shareTabs?: boolean | undefined } = {}) {
    this.#name = name;
    this.#limit = limit;
    this.#queue = new Queue(limit);
    this.#logger = logger;
    this.#tabs = new Tabs(name, (news) => {
      this.#hearing = this.#hearing.then(() => this.#hear(news));
    }, shareTabs);
  }

  /** Opens the database, so that it is open when it is needed, and gives the hash of the schemas that belong to what is in it; nothing for an empty one. */
  async open(): Promise<string | undefined> {
    try {
      const { catalog, stamp } = await patiently(PATIENCE, this.#open());
      return catalog.segments.size ? stamp?.hash : undefined;
    } catch (error) {
      this.#fail("opened", error);
      return undefined;
    }
  }

  /** Says which schemas the session has. What was kept with others is dropped; before this is known, nothing is read or written. */
  stamp(hash: string): void {
    this.#hash = hash;
    for (const go of this.#unstamped.splice(0)) go();
  }

  async load(key: string): Promise<KeptReply | undefined> {
    const waiting = this.#queue.get(key);
    if (waiting) return { pieces: waiting.pieces, at: waiting.at, ...this.#queue.newerThan(waiting) };
    return this.#read(async (opened) => {
      const reply = opened.catalog.reply(key);
      if (!reply) return undefined;
      const { segment, part } = reply;
      if (this.#loaded === segment.number - 1) this.#ahead(opened, segment.number);
      this.#loaded = segment.number;
      const { objects, gone } = newerThan(opened.catalog, reply);
      const [pieces, newer] = await Promise.all([opened.pieces.read(opened.database, segment, part.from, part.size), this.#array(opened, objects)]);
      this.#uses.use(segment);
      return { pieces, at: part.at, newer, gone: gone.length ? Uint32Array.from(gone) : undefined };
    });
  }

  async entity({ hash }: EntityIdentity, within: Span): Promise<Uint8Array | undefined> {
    return this.#read(async (opened) => {
      const objects = objectsOf(opened.catalog, hash, ({ at }) => !within || (at >= within.from && at <= within.to));
      for (const { segment } of objects) this.#uses.use(segment);
      return this.#array(opened, objects);
    });
  }

  save(saved: SavedReply): void {
    if (this.#closed) return;
    if (!this.#queue.add(saved)) {
      this.#failures++;
      this.#fail("written", new Error("it is too slow"));
    }
    this.#writing ??= this.#writeAll();
  }

  /**
   * Waits until all that was saved is in the database: the operating system has it, so it outlives the browser. False when something is
   * not that was saved since it was asked last.
   */
  async written(): Promise<boolean> {
    const told = this.#failuresTold;
    await this.#writing;
    this.#failuresTold = this.#failures;
    return told === this.#failures && !this.#closed && !this.#superseded && performance.now() >= this.#closedUntil;
  }

  async statistics(): Promise<KeptStatistics> {
    const { catalog } = await patiently(PATIENCE, this.#open()).catch(() => ({ catalog: undefined }));
    const segments = [...(catalog?.segments.values() ?? [])];
    const parts = segments.flatMap(({ head }) => head.parts.filter((part) => catalog!.isLive(part)));
    const moments = parts.map(({ at }) => at).sort((a, b) => a - b);
    const date = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));
    return {
      replies: parts.length,
      entities: segments.reduce((sum, { head }) => sum + head.places.length / PLACE, 0),
      bytes: catalog?.bytes ?? 0,
      hits: this.#hits,
      misses: this.#misses,
      oldest: date(moments[0]),
      newest: date(moments.at(-1)),
    };
  }

  /** Drops all that is kept. */
  async clear(): Promise<void> {
    this.#queue.clear();
    await this.#writing;
    try {
      const opened = await patiently(PATIENCE, this.#open());
      await opened.clear(this.#hash ?? "");
      this.#tabs.tell({ cleared: true });
    } catch (error) {
      this.#fail("cleared", error);
    }
  }

  /** Closes the database and deletes it. */
  async erase(): Promise<void> {
    this.#queue.clear();
    await this.close();
    await patiently(PATIENCE, deleteDatabase(this.#name)).catch((error: unknown) => this.#fail("erased", error));
  }

  /** Waits until what was saved is written, and closes the database. */
  async close(): Promise<void> {
    this.#closed = true;
    this.listener = undefined;
    for (const go of this.#unstamped.splice(0)) go();
    const written = (async () => {
      await this.#writing;
      await this.#noteUses();
      const opened = await this.#opened?.catch(() => undefined);
      opened?.database.close();
      this.#opened = undefined;
    })();
    await patiently(PATIENCE, written).catch((error: unknown) => this.#fail("closed", error));
    this.#tabs.close();
  }

  /** Reads something. What another tab has moved meanwhile is looked for once more; a segment that is damaged is dropped. */
  async #read<T>(work: (opened: Opened) => Promise<T | undefined>): Promise<T | undefined> {
    let found: T | undefined;
    try {
      found = await patiently(PATIENCE, this.#reading(work));
    } catch (error) {
      if (!(error instanceof SupersededError)) this.#fail("read", error);
    }
    if (found === undefined) this.#misses++;
    else this.#hits++;
    return found;
  }

  async #reading<T>(work: (opened: Opened) => Promise<T | undefined>): Promise<T | undefined> {
    for (let attempt = 0; ; attempt++) {
      const opened = await this.#ready();
      try {
        return await work(opened);
      } catch (error) {
        if (attempt === 3) throw error;
        if (this.#lost(opened, error)) continue;
        if (error instanceof GoneError) {
          await opened.refresh();
          if (opened.catalog.segments.get(error.segment.number) === error.segment) await this.#dropDamaged(opened, error.segment);
        } else if (error instanceof DamagedError) await this.#dropDamaged(opened, error.segment);
        else throw error;
      }
    }
  }

  /** Whether an error only says that the database was closed meanwhile, for another tab. It is opened again then. */
  #lost({ database }: Opened, error: unknown): boolean {
    if (!(error instanceof DOMException) || error.name !== "InvalidStateError") return false;
    database.close();
    this.#opened = undefined;
    return true;
  }

  async #array(opened: Opened, objects: readonly Found[]): Promise<Uint8Array | undefined> {
    if (!objects.length) return undefined;
    return array(await Promise.all(objects.map(async ({ segment, offset, length }) => joined(await opened.pieces.read(opened.database, segment, offset, length)))));
  }

  /** Pages of a query mostly stand one behind the other. Who reads two of them gets the next ones without waiting. */
  #ahead({ database, catalog, pieces }: Opened, number: number): void {
    for (let next = number + 1; next <= number + AHEAD; next++) pieces.ahead(database, catalog.segments.get(next));
  }

  /** Notes when segments were used last. */
  async #noteUses(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    if (opened) await this.#uses.noted(opened).catch((error: unknown) => this.#lost(opened, error) || this.#fail("written", error));
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve(); // what is saved in the same task goes along
    while (this.#queue.size) {
      const taken = new Set<Waiting>();
      try {
        await this.#write(taken);
      } catch (error) {
        this.#failures++;
        if (error instanceof SupersededError) this.#superseded = true;
        else this.#fail("written", error);
        if (!taken.size) for (const waiting of this.#queue.values()) taken.add(waiting); // it did not come so far
      }
      this.#queue.delete(taken);
      if (!this.#queue.size && !this.#closed && !this.#superseded) await patiently(WRITE_PATIENCE, this.#tidy()).catch((error: unknown) => this.#fail("tidied", error));
    }
    this.#writing = undefined; // at once: what is saved from now on begins anew
  }

  /** Writes what waits; `taken` becomes what was, or was to be, written. */
  async #write(taken: Set<Waiting>, again = true): Promise<void> {
    const opened = await patiently(PATIENCE, this.#ready());
    let ended = false; // one that was given up may go on
    const write = (): ReturnType<typeof writeReplies> => {
      taken.clear();
      return patiently(WRITE_PATIENCE, writeReplies(opened.database, opened.catalog, this.#hash!, () => {
        const fresh = ended ? [] : this.#queue.values().filter((waiting) => !taken.has(waiting));
        for (const waiting of fresh) taken.add(waiting);
        return fresh;
      }));
    };
    const done = await write().catch(async (error: unknown) => {
      if (again && this.#lost(opened, error)) return undefined;
      if (!isQuota(error) || performance.now() < this.#fullUntil) throw error;
      await this.#evict(opened, opened.catalog.bytes / 2); // the browser gives no more room: half of what is there goes
      return write().catch((again: unknown) => {
        if (isQuota(again)) this.#fullUntil = performance.now() + PAUSE; // others have it all: no more goes for nothing
        throw again;
      });
    }).finally(() => {
      ended = true;
    });
    if (!done) return this.#write(taken, false);
    const { written, deleted } = done;
    for (const number of deleted) opened.catalog.remove(number);
    for (const segment of written) opened.catalog.add(segment);
    this.#tabs.tell({ written: written.map(({ number }) => number), deleted, gone: [...taken].flatMap(({ gone }) => gone) });
  }

  /** Drops what is over the limit, and writes anew what is mostly dead; one tab at a time. */
  async #tidy(): Promise<void> {
    const opened = await this.#ready();
    const { catalog } = opened;
    const needed = (): boolean => catalog.bytes > this.#limit || worthRewriting(catalog).length > 0;
    if (!needed()) return;
    const tidy = async (): Promise<void> => {
      await opened.refresh();
      if (catalog.bytes > this.#limit) await this.#evict(opened, this.#limit);
      for (const group of worthRewriting(catalog)) {
        const fresh = await compact(opened.database, catalog, opened.pieces, this.#hash!, group);
        const deleted = group.map(({ number }) => number);
        for (const number of deleted) catalog.remove(number);
        if (fresh) catalog.add(fresh);
        this.#tabs.tell({ written: fresh ? [fresh.number] : [], deleted, moved: true });
      }
    };
    await this.#tabs.alone(tidy, () => takeLease(opened.database, this.#owner));
  }

  readonly #owner = Math.random();

  async #evict(opened: Opened, limit: number): Promise<void> {
    const segments = opened.catalog.over(limit);
    await drop(opened.database, segments);
    for (const { number } of segments) opened.catalog.remove(number);
    this.#tabs.tell({ deleted: segments.map(({ number }) => number) });
  }

  async #dropDamaged(opened: Opened, segment: Segment): Promise<void> {
    opened.catalog.remove(segment.number);
    this.#report("damaged", DAMAGED);
    await drop(opened.database, [segment]);
    this.#tabs.tell({ deleted: [segment.number] });
  }

  async #hear({ written, deleted, gone, cleared, moved }: News): Promise<void> {
    if (this.#closed || !this.#opened) return;
    try {
      const opened = await this.#ready();
      if (cleared) await opened.refresh(); // something may have been written since
      const segments = await opened.learn(written.filter((number) => !opened.catalog.segments.has(number)));
      for (const number of deleted) opened.catalog.remove(number);
      if (moved) return;
      for (const segment of segments) {
        for (const part of segment.head.parts) this.listener?.({ bytes: joined(await opened.pieces.read(opened.database, segment, part.from, part.size)), at: part.at }, []);
      }
      if (gone.length) this.listener?.(undefined, gone);
    } catch {
      // What this tab does not hear it reads when it needs it.
    }
  }

  /** The open database, once it belongs to the session's schemas. */
  async #ready(): Promise<Opened> {
    const opened = await this.#open();
    if (this.#hash === undefined && !this.#closed) await new Promise<void>((go) => this.#unstamped.push(go));
    const hash = this.#hash;
    if (hash === undefined || this.#superseded) throw new SupersededError();
    if (opened.stamp?.hash !== hash && (await opened.begin(hash))) this.#tabs.tell({ cleared: true });
    return opened;
  }

  /** The open database. One that was closed by another tab, or by the browser, is opened again when it is needed. */
  #open(): Promise<Opened> {
    if (performance.now() < this.#closedUntil) return Promise.reject(new Error("it could not be opened before"));
    if (this.#opened) return this.#opened;
    const lost = (): void => {
      if (this.#opened === opening) this.#opened = undefined;
    };
    const opening = Opened.open(this.#name, lost).then(async (opened) => {
      if (await opened.dropDamaged()) this.#report("damaged", DAMAGED);
      return opened;
    });
    this.#opened = opening;
    const silent = setTimeout(() => (this.#closedUntil = Infinity), PATIENCE); // who comes later does not wait for a browser that says nothing
    void opening.then(() => (this.#closedUntil = 0), () => {
      lost();
      this.#closedUntil = performance.now() + PAUSE;
    }).finally(() => clearTimeout(silent));
    return opening;
  }

  #fail(done: string, error: unknown): void {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    this.#report("failed", `the cache of this page could not be ${done}, queries do without it: ${reason}`);
  }

  #report(kind: string, text: string): void {
    if (this.#reported.has(kind)) return;
    this.#reported.add(kind);
    this.#logger.warn(`ftrack-wasm: ${text}`);
  }
}
