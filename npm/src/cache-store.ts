import { joinObjects, seal, splitObjects, unseal, withObject } from "./cache-entry.js";
import type { CachedObject } from "./cache-entry.js";
import { GuardedCache, PATIENCE } from "./cache-guard.js";
import { lackingOfCache } from "./cache.js";
import type { CacheLike } from "./cache.js";
import type { KeyMaker } from "./key-makers.js";
import { LayeredCache } from "./layered-cache.js";
import { MemoryCache } from "./memory-cache.js";
import { patiently } from "./idb/connection.js";
import type { KeptStatistics, NewsListener } from "./idb/reply-database.js";
import type { EntityIdentity, KeptReply, KeptStore, SavedReply, Span } from "./reply-store.js";
import { sumOf } from "./schema-database.js";
import type { Logger } from "./schema-store.js";
import { inOwnTask } from "./task-queue.js";

/** How many characters the memory layer holds. */
const MEMORY_LIMIT = 32 * 2 ** 20;

/** How many entities are made ready to be written in one piece. */
const ENTITIES_A_TASK = 32;

/** How long closing waits for what is being written, in milliseconds. */
const CLOSE_PATIENCE = 2000;

/** The words of a place that are used: offset and length of an entity's object. */
const PLACE = { words: 5, offset: 3, length: 4 };

const utf8 = { decoder: new TextDecoder(), encoder: new TextEncoder() };

export interface CacheStoreOptions {
  readonly serverUrl: string;
  readonly apiUser: string;
  readonly apiKey: string;
  readonly keyMaker: KeyMaker;
  readonly logger: Logger;
}

/** What a store needs of an entity type. */
interface KnownType {
  readonly name: string;
  readonly primaryKey: readonly string[];
  readonly base: string | null;
}

/** A line at the head of a reply: when it came; of each entity in it the key, the time that it bears, and where it stands. */
type ReplyHead = [at: number, ...entities: [key: string, at: number, ...offsets: number[]][]];

/**
 * Keeps what the server sends in a cache of the program's own, below a memory layer. A reply is one value, with the keys of the entities in
 * it; each entity is one too, with what was last seen of it. Values are text. A cache that fails or hangs is reported once and passed over.
 */
export class CacheStore implements KeptStore {
  /** The memory layer, and what of the cache belongs to this session. */
  cache: LayeredCache<string>;
  readonly keyMaker: KeyMaker;
  /** Never called: other tabs write to the cache by themselves. */
  listener: NewsListener | undefined;
  readonly #memory = new MemoryCache<string>({ limit: MEMORY_LIMIT, measure: (key, value) => key.length + value.length });
  readonly #prefix: string;
  readonly #logger: Logger;
  #types: ReadonlyMap<string, KnownType> = new Map();
  #hash = "";
  #writing: Promise<void> = Promise.resolve();
  #slow = false; // writing takes longer than anybody waits
  #reported = false;
  #hits = 0;
  #misses = 0;

  constructor({ serverUrl, apiUser, apiKey, keyMaker, logger }: CacheStoreOptions) {
    this.cache = new LayeredCache([this.#memory]);
    this.keyMaker = keyMaker;
    this.#logger = logger;
    // Of the key it holds 32 bits of a checksum, as the names of databases do.
    this.#prefix = [serverUrl, apiUser, sumOf(`${apiUser}\n${apiKey}`).toString(16), ""].join("\n");
  }

  /** Puts a cache below the memory layer. What is none is reported. */
  use(given: unknown): void {
    if (given === null || given === undefined) return;
    const lacking = lackingOfCache(given);
    if (lacking.length) this.#report("used", new Error(`it has no ${lacking.join(", ")}`));
    else this.cache = new LayeredCache<string>([this.#memory, new GuardedCache(given as CacheLike<string>, this.#prefix, (done, error) => this.#report(done, error))]);
  }

  /** Runs a function that makes a cache, or a promise of one, and waits for it a while. */
  async useThatOf(make: () => unknown): Promise<void> {
    try {
      this.use(await patiently(PATIENCE, Promise.resolve().then(make)));
    } catch (error) {
      this.#report("made", error);
    }
  }

  /** The hash of the schemas that something is kept with. */
  async open(): Promise<string | undefined> {
    return unseal("", "schemas", await this.cache.get("schemas"));
  }

  /** Has what comes be kept with these schemas. */
  stamp(hash: string): void {
    this.#hash = hash;
    this.#behind(async () => {
      if ((await this.open()) !== hash) await this.cache.set("schemas", seal("", "schemas", hash));
    });
  }

  /** Tells the entity types of the server. */
  know(types: Iterable<KnownType>): void {
    this.#types = new Map([...types].map((type) => [type.name, type]));
  }

  /** Waits until what was saved is written, for a while. */
  async close(): Promise<void> {
    await patiently(CLOSE_PATIENCE, this.#writing).catch(() => undefined);
  }

  /** Forgets everything of this session's user and credentials. */
  async erase(): Promise<void> {
    await this.close();
    await patiently(CLOSE_PATIENCE, this.cache.clear()).catch(() => undefined);
  }

  async written(): Promise<boolean> {
    await this.#writing;
    return !this.#reported;
  }

  async clear(): Promise<void> {
    await this.#writing;
    await this.cache.clear();
    this.stamp(this.#hash);
  }

  /** Goes through all that is kept. */
  async statistics(): Promise<KeptStatistics> {
    await this.#settled();
    let [replies, entities, bytes] = [0, 0, 0];
    const times: number[] = [];
    for (const [key, sealed] of await this.cache.getMany(await this.cache.keys())) {
      const content = unseal(this.#hash, key, sealed);
      if (!content?.startsWith("[")) continue;
      bytes += sealed.length;
      const [first, ...rest] = JSON.parse(content.slice(0, content.indexOf("\n"))) as ReplyHead | [number, number][];
      if (typeof first === "number") {
        replies++;
        times.push(first);
      } else {
        entities++;
        times.push(...[first, ...(rest as [number, number][])].flatMap((object) => object?.[0] ?? []));
      }
    }
    const date = (time: number): Date | undefined => (times.length ? new Date(time) : undefined);
    const [oldest, newest] = times.reduce(([low, high], time) => [Math.min(low, time), Math.max(high, time)], [Infinity, -Infinity]);
    return { replies, entities, bytes, hits: this.#hits, misses: this.#misses, oldest: date(oldest), newest: date(newest) };
  }

  load(key: string): Promise<KeptReply | undefined> {
    return this.#read(() => this.#reply(key));
  }

  entity(identity: EntityIdentity, within: Span): Promise<Uint8Array | undefined> {
    return this.#read(() => this.#entity(identity, within));
  }

  async #read<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
    await this.#settled();
    const found = await work().catch((error: unknown) => this.#report("read", error));
    if (found) this.#hits++;
    else this.#misses++;
    return found as T | undefined;
  }

  async #reply(key: string): Promise<KeptReply | undefined> {
    const own = this.#replyKey(key);
    if (own === undefined) return undefined;
    const content = unseal(this.#hash, own, await this.cache.get(own));
    if (content === undefined) return undefined;
    const end = content.indexOf("\n");
    const [at, ...entities] = JSON.parse(content.slice(0, end)) as ReplyHead;
    const found = await this.cache.getMany(entities.map(([entity]) => entity));
    const newer: CachedObject[] = [];
    const gone: number[] = [];
    for (const [entity, stamp, ...offsets] of entities) {
      const later = this.#objects(entity, found).filter((object) => object.at > stamp);
      if (later[0]?.json === "null") gone.push(...offsets);
      else newer.push(...untilGone(later));
    }
    newer.sort((a, b) => b.at - a.at);
    return {
      pieces: [utf8.encoder.encode(content.slice(end + 1))],
      at,
      newer: newer.length ? asArray(newer) : undefined,
      gone: gone.length ? Uint32Array.from(gone) : undefined,
    };
  }

  async #entity({ type, key }: EntityIdentity, within: Span): Promise<Uint8Array | undefined> {
    const keys = this.#below(type).flatMap((name) => this.#key([name, key]) ?? []);
    const found = await this.cache.getMany(keys);
    const objects = keys
      .flatMap((each) => untilGone(this.#objects(each, found)))
      .filter(({ at }) => !within || (at >= within.from && at < within.to + 1))
      .sort((a, b) => b.at - a.at);
    return objects.length ? asArray(objects) : undefined;
  }

  save(saved: SavedReply): void {
    const own = { ...saved, bytes: saved.bytes.slice() };
    this.#behind(() => this.#write(own));
  }

  async #write({ key, bytes, at, places, gone }: SavedReply): Promise<void> {
    const entities = new Map<string, { offsets: number[]; objects: string[]; at: number }>();
    const add = (identity: readonly [string, readonly string[]], object: string, offset?: number): void => {
      const own = this.#key(identity);
      if (own === undefined) return;
      const entity = entities.get(own) ?? { offsets: [], objects: [], at };
      entities.set(own, entity);
      entity.objects.push(object);
      if (offset !== undefined) entity.offsets.push(offset);
    };
    for (let i = 0, n = 0; i + PLACE.words <= places.length; i += PLACE.words) {
      const [offset, length] = [places[i + PLACE.offset]!, places[i + PLACE.length]!];
      if (!length) continue; // it is gone
      const object = utf8.decoder.decode(bytes.subarray(offset, offset + length));
      add(this.#identity(JSON.parse(object) as Record<string, unknown>), object, offset);
      if (++n % ENTITIES_A_TASK === 0) await breath();
    }
    for (const identity of gone) add(identity, "null");
    const before = await this.cache.getMany([...entities.keys()]);
    const values = new Map<string, string>();
    for (const [own, entity] of entities) {
      let objects = this.#objects(own, before);
      for (const object of entity.objects) ({ objects, at: entity.at } = withObject(objects, at, object));
      values.set(own, seal(this.#hash, own, joinObjects(objects)));
      if (values.size % ENTITIES_A_TASK === 0) await breath();
    }
    const own = this.#replyKey(key);
    if (own !== undefined) {
      const head: ReplyHead = [at, ...[...entities].map(([entity, { offsets, at: stamp }]): ReplyHead[1] => [entity, stamp, ...offsets])];
      values.set(own, seal(this.#hash, own, `${JSON.stringify(head)}\n${utf8.decoder.decode(bytes)}`));
    }
    await this.cache.setMany(values);
  }

  /** Does something behind everybody's back, after what was to be done before. */
  #behind(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch((error: unknown) => this.#report("written to", error));
  }

  /** Waits until what was saved is written, unless that takes too long. */
  async #settled(): Promise<void> {
    if (this.#slow) return;
    const writing = this.#writing;
    await patiently(PATIENCE, writing).catch(() => {
      this.#slow = true;
      void writing.then(() => (this.#slow = false));
    });
  }

  /** The key of a reply: the core's, which begins with server, user, credentials and schemas, without these. */
  #replyKey(key: string): string | undefined {
    const parts = key.split("\n");
    return parts.length > 5 ? this.#key("reply", parts.slice(5).join("\n")) : undefined;
  }

  #key(...items: readonly unknown[]): string | undefined {
    try {
      const key: unknown = this.keyMaker.key(...items);
      if (typeof key === "string") return key;
      throw new Error("the key maker made no text");
    } catch (error) {
      this.#report("given a key", error);
      return undefined;
    }
  }

  #identity(object: Record<string, unknown>): [type: string, key: string[]] {
    const type = String(object.__entity_type__);
    const key = (this.#types.get(type)?.primaryKey ?? ["id"]).map((name) => object[name]);
    return [type, key.map((part) => (typeof part === "string" ? part : JSON.stringify(part)))];
  }

  /** A type, and those below it. */
  #below(type: string): string[] {
    const isBelow = (name: string | null): boolean => name !== null && (name === type || isBelow(this.#types.get(name)?.base ?? null));
    return this.#types.has(type) ? [...this.#types.keys()].filter(isBelow) : [type];
  }

  #objects(key: string, found: ReadonlyMap<string, string>): CachedObject[] {
    const content = unseal(this.#hash, key, found.get(key));
    return content === undefined ? [] : splitObjects(content);
  }

  #report(done: string, error: unknown): void {
    if (this.#reported) return;
    this.#reported = true;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    this.#logger.warn(`ftrack-wasm: the cache could not be ${done}, and is passed over: ${reason}`);
  }
}

/** Versions of an entity back to where it was deleted. */
function untilGone(objects: readonly CachedObject[]): CachedObject[] {
  const end = objects.findIndex(({ json }) => json === "null");
  return end < 0 ? [...objects] : objects.slice(0, end);
}

function asArray(objects: readonly CachedObject[]): Uint8Array {
  return utf8.encoder.encode(`[${objects.map(({ json }) => json).join(",")}]`);
}

function breath(): Promise<void> {
  return new Promise((resolve) => inOwnTask(resolve));
}
