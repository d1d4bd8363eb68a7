import { getMany, removeMany, setMany } from "./cache.js";
import type { Cache, CacheLike, CachePattern } from "./cache.js";

export interface LayeredCacheOptions {
  /** Is told of errors that no caller sees, because another layer had the value. */
  report?: (error: unknown) => void;
}

/**
 * A stack of caches, the fastest first. A hit in a lower layer fills those above it; a write reaches all. A layer that fails does not
 * keep the others from doing their work; when nobody has what was asked for, its error is thrown (an AggregateError for several).
 *
 * @example
 * const cache = new LayeredCache([new MemoryCache<string>({ limit: 1000 }), cacheOfMyOwn]);
 */
export class LayeredCache<V = unknown> implements Cache<V> {
  readonly layers: readonly CacheLike<V>[];
  readonly #report: (error: unknown) => void;
  #writing = 0; // writes under way
  #writes = 0; // what was read before one is not put above after it

  constructor(layers: Iterable<CacheLike<V>>, { report = () => undefined }: LayeredCacheOptions = {}) {
    this.layers = Object.freeze([...layers]);
    this.#report = report;
  }

  async get(key: string): Promise<V | undefined> {
    return (await this.getMany([key])).get(key);
  }

  async getMany(keys: readonly string[]): Promise<Map<string, V>> {
    const writes = this.#writes;
    const values = new Map<string, V>();
    const errors: unknown[] = [];
    let missing = [...new Set(keys)];
    for (const [i, layer] of this.layers.entries()) {
      if (!missing.length) break;
      try {
        const found = await getMany(layer, missing);
        for (const [key, value] of found) values.set(key, value);
        missing = missing.filter((key) => !found.has(key));
        if (i && found.size) await this.#fill(this.layers.slice(0, i), found, writes);
      } catch (error) {
        errors.push(error);
      }
    }
    if (missing.length) throwAll(errors);
    else for (const error of errors) this.#report(error);
    return values;
  }

  async set(key: string, value: V): Promise<void> {
    await this.#write((layer) => layer.set(key, value));
  }

  async setMany(values: ReadonlyMap<string, V>): Promise<void> {
    await this.#write((layer) => setMany(layer, values));
  }

  async remove(key: string): Promise<void> {
    await this.#write((layer) => layer.remove(key));
  }

  async removeMany(keys: readonly string[]): Promise<void> {
    await this.#write((layer) => removeMany(layer, keys));
  }

  async clear(pattern?: CachePattern): Promise<void> {
    await this.#write((layer) => layer.clear(pattern));
  }

  /** The keys of all layers, each once. */
  async keys(): Promise<string[]> {
    const keys = new Set<string>();
    await this.#all(async (layer) => {
      for (const key of await layer.keys()) keys.add(key);
    });
    return [...keys];
  }

  /** The values of all keys, each from the topmost layer that has it. */
  async values(): Promise<V[]> {
    return [...(await this.getMany(await this.keys())).values()];
  }

  /** Puts what was found below into the layers above, unless something was written since it was read: it might be the newer value. */
  async #fill(above: readonly CacheLike<V>[], found: ReadonlyMap<string, V>, writes: number): Promise<void> {
    if (this.#writing || this.#writes !== writes) return;
    for (const outcome of await Promise.allSettled(above.map((layer) => setMany(layer, found)))) if (outcome.status === "rejected") this.#report(outcome.reason);
  }

  async #write(write: (layer: CacheLike<V>) => unknown): Promise<void> {
    this.#writing++;
    this.#writes++;
    try {
      await this.#all(async (layer) => {
        await write(layer);
      });
    } finally {
      this.#writing--;
    }
  }

  async #all(work: (layer: CacheLike<V>) => Promise<void>): Promise<void> {
    const outcomes = await Promise.allSettled(this.layers.map(work));
    throwAll(outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason as unknown));
  }
}

function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length) throw new AggregateError(errors, "several layers of the cache failed");
}
