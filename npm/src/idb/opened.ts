import { requested } from "../database.js";
import { Catalog, Segment } from "./catalog.js";
import { STORES, openReplies, writing } from "./connection.js";
import { Pieces } from "./pieces.js";
import { isHead } from "./segment.js";
import { deleteSegments, isStamp } from "./writes.js";
import type { Stamp } from "./writes.js";

/** An open database, and what this tab knows of it. */
export class Opened {
  readonly database: IDBDatabase;
  readonly catalog = new Catalog();
  readonly pieces = new Pieces();
  stamp: Stamp | undefined;
  /** The numbers of segments whose heads are damaged. */
  readonly #damaged = new Set<number>();

  private constructor(database: IDBDatabase) {
    this.database = database;
  }

  /** Opens a database and reads the heads of its segments. `lost` hears when somebody else closes it. */
  static async open(name: string, lost: () => void): Promise<Opened> {
    const database = await openReplies(name);
    database.addEventListener("versionchange", lost);
    database.addEventListener("close", lost);
    const opened = new Opened(database);
    const transaction = database.transaction(["meta", "heads", "uses"]);
    const [heads, uses] = [transaction.objectStore("heads"), transaction.objectStore("uses")];
    const [stamp, numbers, found, used, times] = await Promise.all([
      requested(transaction.objectStore("meta").get("stamp")) as Promise<unknown>,
      requested(heads.getAllKeys()) as Promise<number[]>,
      requested(heads.getAll()) as Promise<unknown[]>,
      requested(uses.getAllKeys()) as Promise<number[]>,
      requested(uses.getAll()) as Promise<unknown[]>,
    ]);
    opened.stamp = isStamp(stamp) ? stamp : undefined;
    const usedAt = new Map(used.map((number, i) => [number, times[i]]));
    numbers.forEach((number, i) => opened.#take(number, found[i], usedAt.get(number)));
    return opened;
  }

  /** Drops segments whose heads are damaged, with all that belongs to them. True when there were any. */
  async dropDamaged(): Promise<boolean> {
    if (!this.#damaged.size) return false;
    await writing(this.database, (transaction) => {
      deleteSegments(transaction, [...this.#damaged]);
      return Promise.resolve();
    });
    this.#damaged.clear();
    return true;
  }

  /** Takes over what other tabs have written, and drops what is not there any more. */
  async refresh(): Promise<Segment[]> {
    const heads = this.database.transaction("heads").objectStore("heads");
    const numbers = new Set((await requested(heads.getAllKeys())) as number[]);
    for (const number of [...this.catalog.segments.keys()]) if (!numbers.has(number)) this.catalog.remove(number);
    return this.learn([...numbers].filter((number) => !this.catalog.segments.has(number)));
  }

  /** Reads the heads of segments that another tab has written. */
  async learn(numbers: readonly number[]): Promise<Segment[]> {
    const heads = this.database.transaction("heads").objectStore("heads");
    const found = await Promise.all(numbers.map((number) => requested(heads.get(number)) as Promise<unknown>));
    return numbers.flatMap((number, i) => this.#take(number, found[i], Date.now()) ?? []);
  }

  /** Begins for the schemas of a session: what is there of others is dropped. True when it was. */
  async begin(hash: string): Promise<boolean> {
    const before = await this.#clear(hash, (stamp) => stamp?.hash !== hash);
    if (before) this.empty();
    else await this.refresh(); // another tab has begun meanwhile
    return before;
  }

  /** Drops all that is there. */
  async clear(hash: string): Promise<void> {
    await this.#clear(hash, () => true);
    this.empty();
  }

  /** What is there is told in the same transaction in which it is dropped: other tabs begin at the same time. */
  #clear(hash: string, unwanted: (stamp: Stamp | undefined) => boolean): Promise<boolean> {
    return writing(this.database, async (transaction) => {
      const meta = transaction.objectStore("meta");
      const told: unknown = await requested(meta.get("stamp"));
      const stamp = isStamp(told) ? told : undefined;
      const { last, latest } = stamp ?? { last: await highest(transaction), latest: 0 };
      this.stamp = { hash, last, latest };
      if (!unwanted(stamp)) return false;
      for (const name of STORES) transaction.objectStore(name).clear();
      await requested(meta.put(this.stamp, "stamp"));
      return true;
    });
  }

  /** Knows of nothing any more. */
  empty(): void {
    for (const number of [...this.catalog.segments.keys()]) this.catalog.remove(number);
    this.pieces.forget();
  }

  #take(number: number, head: unknown, used: unknown): Segment | undefined {
    if (head === undefined) return undefined; // gone again
    if (!isHead(head)) {
      this.#damaged.add(number);
      return undefined;
    }
    const segment = new Segment(number, head, typeof used === "number" ? used : 0);
    this.catalog.add(segment);
    return segment;
  }
}

/** The highest number that a segment has, where the stamp does not tell: other tabs may know it. */
async function highest(transaction: IDBTransaction): Promise<number> {
  const numbers = await requested(transaction.objectStore("heads").getAllKeys());
  return numbers.reduce<number>((most, number) => (typeof number === "number" ? Math.max(most, number) : most), 0);
}
