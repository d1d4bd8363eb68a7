import { matcher } from "./cache.js";
import type { Cache, CachePattern } from "./cache.js";

export interface MemoryCacheOptions<V> {
  /** The most that is kept, as `measure` measures it; beyond it the least recently used values go. No limit by default. */
  limit?: number;
  /** What a value counts for; each is 1 by default. */
  measure?: (key: string, value: V) => number;
}

/** How much a cache keeps, and how often it was of use. */
export interface CacheStatistics {
  readonly entries: number;
  /** As `measure` measures. */
  readonly size: number;
  readonly hits: number;
  readonly misses: number;
}

/** A cache in memory. Values are given out as they were given, without copies. */
export class MemoryCache<V = unknown> implements Cache<V> {
  readonly #entries = new Map<string, { value: V; size: number }>(); // the least recently used first
  readonly #limit: number;
  readonly #measure: (key: string, value: V) => number;
  #size = 0;
  #hits = 0;
  #misses = 0;

  constructor({ limit = Infinity, measure = () => 1 }: MemoryCacheOptions<V> = {}) {
    this.#limit = limit;
    this.#measure = measure;
  }

  get statistics(): CacheStatistics {
    return { entries: this.#entries.size, size: this.#size, hits: this.#hits, misses: this.#misses };
  }

  get(key: string): Promise<V | undefined> {
    return soon(() => this.#get(key));
  }

  getMany(keys: readonly string[]): Promise<Map<string, V>> {
    return soon(() => {
      const values = new Map<string, V>();
      for (const key of keys) {
        const value = this.#get(key);
        if (value !== undefined) values.set(key, value);
      }
      return values;
    });
  }

  /** Keeps a value. One that is beyond the limit by itself, or measures NaN, is not kept, nor is what it replaces. */
  set(key: string, value: V): Promise<void> {
    return soon(() => this.#set(key, value));
  }

  setMany(values: ReadonlyMap<string, V>): Promise<void> {
    return soon(() => values.forEach((value, key) => this.#set(key, value)));
  }

  remove(key: string): Promise<void> {
    return soon(() => this.#remove(key));
  }

  removeMany(keys: readonly string[]): Promise<void> {
    return soon(() => keys.forEach((key) => this.#remove(key)));
  }

  /** All keys, the least recently used first. */
  keys(): Promise<string[]> {
    return soon(() => [...this.#entries.keys()]);
  }

  /** All values, the least recently used first. */
  values(): Promise<V[]> {
    return soon(() => [...this.#entries.values()].map(({ value }) => value));
  }

  clear(pattern?: CachePattern): Promise<void> {
    return soon(() => {
      const matches = matcher(pattern);
      for (const key of [...this.#entries.keys()]) if (matches(key)) this.#remove(key);
    });
  }

  #get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  #set(key: string, value: V): void {
    this.#remove(key);
    const size = this.#measure(key, value);
    if (!(size <= this.#limit)) return; // what cannot be measured is beyond it too
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#limit) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#size -= entry.size;
  }
}

/** Does something at once; a promise tells of it. */
function soon<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
