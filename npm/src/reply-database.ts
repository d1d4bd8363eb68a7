import { openDatabase, requested } from "./database.js";
import type { KeptReply, ReplyStore, SavedReply } from "./reply-store.js";
import type { Logger } from "./schema-store.js";

/** What is told of a reply beside its bytes, in a store of its own: to find the least recently used ones nothing large is read. */
interface Entry {
  /** When it came, in milliseconds since 1970. */
  at: number;
  /** When it was used last. */
  used: number;
  size: number;
  /** Tells bytes that are damaged. */
  sum: number;
}

interface Write {
  key: string;
  bytes: Uint8Array;
  at: number;
}

/** How many bytes are kept by default. */
const LIMIT = 256 * 2 ** 20;

/** How exactly it is known when a reply was used last, in milliseconds: noting it costs a write. */
const USE_RESOLUTION = 60_000;

/** How long anybody waits for the database, in milliseconds. */
const PATIENCE = 2000;

/**
 * Keeps replies to queries in IndexedDB, one database for each server, user and key. Replies are written behind the caller's back,
 * one put after the other in one transaction, so that no one holds the page. What is over the limit goes, the least recently used
 * first. A database that fails or hangs fails nobody: it is reported once, and there is nothing in it then.
 */
export class ReplyDatabase implements ReplyStore {
  readonly #name: string;
  readonly #limit: number;
  readonly #logger: Logger;
  readonly #queue = new Map<string, Write>();
  #database: Promise<IDBDatabase> | undefined;
  #writing: Promise<void> | undefined;
  #written = Infinity; // since what is over the limit was last looked for; at first nobody knows
  #reported = false;
  #closed = false;

  constructor(name: string, logger: Logger, limit = LIMIT) {
    this.#name = name;
    this.#limit = limit;
    this.#logger = logger;
  }

  /** Opens the database, so that it is open when it is needed, and tells whether there is anything in it. */
  async open(): Promise<boolean> {
    try {
      return await within(PATIENCE, this.#opened().then(async (database) => (await requested(database.transaction("entries").objectStore("entries").count())) > 0));
    } catch (error) {
      this.#report("opened", error);
      return false;
    }
  }

  /** Closes the database and deletes it. */
  async erase(): Promise<void> {
    this.#queue.clear();
    await this.close();
    await within(PATIENCE, requested(indexedDB.deleteDatabase(this.#name))).catch((error: unknown) => this.#report("erased", error));
  }

  async load(key: string): Promise<KeptReply | undefined> {
    const waiting = this.#queue.get(key);
    if (waiting) return { bytes: waiting.bytes, at: waiting.at };
    try {
      return await within(PATIENCE, this.#read(key));
    } catch (error) {
      this.#report("read", error);
      return undefined;
    }
  }

  entity(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  save({ key, bytes, at }: SavedReply): void {
    if (this.#closed || key === "") return;
    this.#queue.set(key, { key, bytes, at });
    this.#writing ??= this.#writeAll();
  }

  /** Waits until what was saved is written, and closes the database. */
  async close(): Promise<void> {
    this.#closed = true;
    const written = (async () => {
      await this.#writing;
      const database = await this.#database?.catch(() => undefined);
      database?.close();
      this.#database = undefined;
    })();
    await within(PATIENCE, written).catch((error: unknown) => this.#report("closed", error));
  }

  async #read(key: string): Promise<{ bytes: Uint8Array; at: number } | undefined> {
    const database = await this.#opened();
    const transaction = database.transaction(["entries", "replies"]);
    const [entry, bytes] = await Promise.all([
      requested(transaction.objectStore("entries").get(key) as IDBRequest<Entry | undefined>),
      requested(transaction.objectStore("replies").get(key) as IDBRequest<Uint8Array | undefined>),
    ]);
    if (!entry || !(bytes instanceof Uint8Array) || bytes.length !== entry.size || sumOf(bytes) !== entry.sum) return undefined;
    if (Date.now() - entry.used > USE_RESOLUTION) {
      const note = database.transaction("entries", "readwrite").objectStore("entries").put({ ...entry, used: Date.now() }, key);
      requested(note).catch((error: unknown) => this.#report("written", error));
    }
    return { bytes, at: entry.at };
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve(); // what is saved in the same task goes along
    while (this.#queue.size || this.#written > this.#limit / 16) {
      if (!this.#queue.size) {
        this.#written = 0;
        await this.#evict(this.#limit).catch((error: unknown) => this.#report("tidied", error));
        continue;
      }
      const batch = [...this.#queue.values()];
      try {
        await this.#write(batch);
      } catch (error) {
        if (!isQuota(error) || !(await this.#makeRoom().then(() => this.#write(batch)).then(() => true, () => false))) this.#report("written", error);
      }
      for (const write of batch) if (this.#queue.get(write.key) === write) this.#queue.delete(write.key);
    }
    this.#writing = undefined; // at once: what is saved from now on begins anew
  }

  /** Writes replies, all or none. */
  async #write(batch: readonly Write[]): Promise<void> {
    const database = await this.#opened();
    const transaction = database.transaction(["entries", "replies"], "readwrite");
    const finished = completion(transaction);
    try {
      const entries = transaction.objectStore("entries");
      const replies = transaction.objectStore("replies");
      for (const { key, bytes, at } of batch) {
        const entry: Entry = { at, used: at, size: bytes.length, sum: sumOf(bytes) };
        entries.put(entry, key);
        await requested(replies.put(bytes, key)); // each put in the handler of the one before
        this.#written += bytes.length;
      }
    } catch (error) {
      finished.catch(() => undefined);
      const reason = transaction.error ?? error;
      try {
        transaction.abort(); // an entry without its reply must not stay
      } catch {
        // It is aborted already.
      }
      throw reason;
    }
    await finished;
  }

  /** Deletes the least recently used replies until the rest is within a limit. */
  async #evict(limit: number): Promise<void> {
    const database = await this.#opened();
    const transaction = database.transaction(["entries", "replies"], "readwrite");
    const finished = completion(transaction);
    const entries = transaction.objectStore("entries");
    const [keys, all] = await Promise.all([requested(entries.getAllKeys()), requested(entries.getAll() as IDBRequest<Entry[]>)]);
    const byUse = all.map((entry, i) => ({ ...entry, key: keys[i]! })).sort((a, b) => a.used - b.used);
    let size = all.reduce((sum, entry) => sum + entry.size, 0);
    for (const { key, size: own } of byUse) {
      if (size <= limit) break;
      size -= own;
      entries.delete(key);
      transaction.objectStore("replies").delete(key);
    }
    await finished;
  }

  /** The browser gives no more room: half of what is there goes. */
  async #makeRoom(): Promise<void> {
    const database = await this.#opened();
    const all = await requested(database.transaction("entries").objectStore("entries").getAll() as IDBRequest<Entry[]>);
    await this.#evict(all.reduce((sum, entry) => sum + entry.size, 0) / 2);
  }

  /** The open database. One that was closed by another tab, or by the browser, is opened again when it is needed. */
  #opened(): Promise<IDBDatabase> {
    if (this.#database) return this.#database;
    const opening = openDatabase(this.#name, 1, (database) => {
      database.createObjectStore("entries");
      database.createObjectStore("replies");
    }).then((database) => {
      const gone = (): void => {
        if (this.#database === opening) this.#database = undefined;
      };
      database.addEventListener("versionchange", gone);
      database.addEventListener("close", gone);
      return database;
    });
    this.#database = opening;
    opening.catch(() => {
      if (this.#database === opening) this.#database = undefined;
    });
    return opening;
  }

  #report(done: string, error: unknown): void {
    if (this.#reported) return;
    this.#reported = true;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    this.#logger.warn(`ftrack-wasm: the cache of this page could not be ${done}, queries do without it: ${reason}`);
  }
}

const PREFIX = "ftrack-wasm replies";

/**
 * The name of the database for a server, a user and a key. Of the key it holds 32 bits of a checksum: enough to keep what was fetched with
 * different keys apart, and nothing that leads back to one.
 */
export function databaseName(serverUrl: string, apiUser: string, apiKey: string): string {
  let sum = 0x811c9dc5;
  for (const char of `${serverUrl}\n${apiUser}\n${apiKey}`) sum = Math.imul(sum ^ char.codePointAt(0)!, 0x01000193);
  return `${PREFIX} ${JSON.stringify([serverUrl, apiUser])} ${(sum >>> 0).toString(16)}`;
}

/** Deletes all that is kept for a user of a server, whatever key it was fetched with. */
export async function forgetReplies(serverUrl: string, apiUser: string): Promise<void> {
  if (typeof indexedDB !== "object") return;
  const own = `${PREFIX} ${JSON.stringify([serverUrl, apiUser])} `;
  const names = (await indexedDB.databases()).map(({ name }) => name ?? "").filter((name) => name.startsWith(own));
  await Promise.all(names.map((name) => requested(indexedDB.deleteDatabase(name))));
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
