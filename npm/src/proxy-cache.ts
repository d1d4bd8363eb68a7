import { getMany, removeMany, setMany, valuesOf } from "./cache.js";
import type { Cache, CacheLike, CachePattern } from "./cache.js";

/**
 * Passes everything on to another cache, which may be one of the program's own; a base for classes that do some of it differently.
 * The batched forms of one that overrides a single form go through that.
 */
export class ProxyCache<V = unknown> implements Cache<V> {
  readonly proxied: CacheLike<V>;

  constructor(proxied: CacheLike<V>) {
    this.proxied = proxied;
  }

  async get(key: string): Promise<V | undefined> {
    return (await this.proxied.get(key)) ?? undefined;
  }

  async set(key: string, value: V): Promise<void> {
    await this.proxied.set(key, value);
  }

  async remove(key: string): Promise<void> {
    await this.proxied.remove(key);
  }

  async keys(): Promise<string[]> {
    return [...(await this.proxied.keys())];
  }

  async values(): Promise<V[]> {
    return valuesOf(this.#overrides("get") || this.#overrides("keys") ? single(this) : this.proxied);
  }

  async clear(pattern?: CachePattern): Promise<void> {
    await this.proxied.clear(pattern);
  }

  async getMany(keys: readonly string[]): Promise<Map<string, V>> {
    return getMany(this.#overrides("get") ? single(this) : this.proxied, keys);
  }

  async setMany(values: ReadonlyMap<string, V>): Promise<void> {
    await setMany(this.#overrides("set") ? single(this) : this.proxied, values);
  }

  async removeMany(keys: readonly string[]): Promise<void> {
    await removeMany(this.#overrides("remove") ? single(this) : this.proxied, keys);
  }

  #overrides(method: "get" | "set" | "remove" | "keys"): boolean {
    return this[method] !== ProxyCache.prototype[method];
  }
}

/** A cache without its batched forms. */
function single<V>(cache: Cache<V>): CacheLike<V> {
  return {
    get: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value),
    remove: (key) => cache.remove(key),
    keys: () => cache.keys(),
    clear: (pattern) => cache.clear(pattern),
  };
}
