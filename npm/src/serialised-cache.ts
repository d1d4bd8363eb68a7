import { getMany, removeMany, setMany, valuesOf } from "./cache.js";
import type { Cache, CacheLike, CachePattern } from "./cache.js";

/** How values become what is kept, and values again. Either may be asynchronous. */
export interface Serialisation<V, S> {
  encode(value: V): S | PromiseLike<S>;
  decode(kept: S): V | PromiseLike<V>;
}

/**
 * Keeps values in a cache of something else, mostly text; values that come out are new ones each time. By default they are kept as
 * JSON. What `encode` and `decode` throw is passed on.
 *
 * @example
 * const tags = new SerialisedCache<string[], string>(new MemoryCache<string>());
 */
export class SerialisedCache<V, S = string> implements Cache<V> {
  readonly proxied: CacheLike<S>;
  readonly #encode: Serialisation<V, S>["encode"];
  readonly #decode: Serialisation<V, S>["decode"];

  constructor(...[proxied, by]: S extends string ? [proxied: CacheLike<S>, by?: Serialisation<V, S>] : [proxied: CacheLike<S>, by: Serialisation<V, S>]) {
    this.proxied = proxied;
    this.#encode = by ? (value) => by.encode(value) : (value) => JSON.stringify(value) as S;
    this.#decode = by ? (kept) => by.decode(kept) : (kept) => JSON.parse(kept as string) as V;
  }

  async get(key: string): Promise<V | undefined> {
    const kept = await this.proxied.get(key);
    return kept === undefined || kept === null ? undefined : this.#decode(kept);
  }

  /** Keeps a value. When it cannot be encoded, what was kept stays. */
  async set(key: string, value: V): Promise<void> {
    await this.proxied.set(key, await this.#encode(value));
  }

  async remove(key: string): Promise<void> {
    await this.proxied.remove(key);
  }

  async keys(): Promise<string[]> {
    return [...(await this.proxied.keys())];
  }

  async values(): Promise<V[]> {
    return Promise.all((await valuesOf(this.proxied)).map((kept) => this.#decode(kept)));
  }

  async clear(pattern?: CachePattern): Promise<void> {
    await this.proxied.clear(pattern);
  }

  async getMany(keys: readonly string[]): Promise<Map<string, V>> {
    const values = new Map<string, V>();
    for (const [key, kept] of await getMany(this.proxied, keys)) values.set(key, await this.#decode(kept));
    return values;
  }

  /** Keeps values: all, or none when one cannot be encoded. */
  async setMany(values: ReadonlyMap<string, V>): Promise<void> {
    const encoded = new Map<string, S>();
    for (const [key, value] of values) encoded.set(key, await this.#encode(value));
    await setMany(this.proxied, encoded);
  }

  async removeMany(keys: readonly string[]): Promise<void> {
    await removeMany(this.proxied, keys);
  }
}
