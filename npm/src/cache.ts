/** Which keys: those that it matches anywhere. A text is the source of a regular expression. */
export type CachePattern = RegExp | string;

/**
 * What a cache of a program's own must have. Methods may be asynchronous or answer at once, `get` with `undefined` or `null` for none. The
 * batched forms are used where they are there.
 */
export interface CacheLike<V> {
  get(key: string): PromiseLike<V | null | undefined> | V | null | undefined;
  set(key: string, value: V): unknown;
  remove(key: string): unknown;
  keys(): PromiseLike<Iterable<string>> | Iterable<string>;
  /** Forgets the keys that match a pattern, all of them without one. */
  clear(pattern?: CachePattern): unknown;
  values?(): PromiseLike<Iterable<V>> | Iterable<V>;
  getMany?(keys: readonly string[]): PromiseLike<ReadonlyMap<string, V>> | ReadonlyMap<string, V>;
  setMany?(values: ReadonlyMap<string, V>): unknown;
  removeMany?(keys: readonly string[]): unknown;
}

/** Keeps values under keys. Any text is a key, anything but `undefined` and `null` a value. What was set may be gone later: a cache is no database. */
export interface Cache<V> extends CacheLike<V> {
  /** The value of a key; `undefined` for none. */
  get(key: string): Promise<V | undefined>;
  /** Keeps a value in the place of what was there. */
  set(key: string, value: V): Promise<void>;
  /** Forgets a key. To remove what is not there is no error. */
  remove(key: string): Promise<void>;
  keys(): Promise<string[]>;
  values(): Promise<V[]>;
  clear(pattern?: CachePattern): Promise<void>;
  /** The values of those keys that have one. */
  getMany(keys: readonly string[]): Promise<Map<string, V>>;
  setMany(values: ReadonlyMap<string, V>): Promise<void>;
  removeMany(keys: readonly string[]): Promise<void>;
}

/** What an object lacks of a cache. */
export function lackingOfCache(given: object): string[] {
  return ["get", "set", "remove", "keys", "clear"].filter((name) => typeof (given as Record<string, unknown>)[name] !== "function");
}

/** How many calls at once are made of a cache that has no batched forms. */
const AT_ONCE = 32;

/** The values of those keys that have one, from any cache. */
export async function getMany<V>(cache: CacheLike<V>, keys: readonly string[]): Promise<Map<string, V>> {
  if (cache.getMany) return new Map(await cache.getMany(keys));
  const values = new Map<string, V>();
  await each([...new Set(keys)], async (key) => {
    const value = await cache.get(key);
    if (value !== undefined && value !== null) values.set(key, value);
  });
  return values;
}

/** Keeps values in any cache. */
export async function setMany<V>(cache: CacheLike<V>, values: ReadonlyMap<string, V>): Promise<void> {
  if (cache.setMany) await cache.setMany(values);
  else await each([...values], async ([key, value]) => {
    await cache.set(key, value);
  });
}

/** Forgets keys of any cache. */
export async function removeMany<V>(cache: CacheLike<V>, keys: readonly string[]): Promise<void> {
  if (cache.removeMany) await cache.removeMany(keys);
  else await each([...new Set(keys)], async (key) => {
    await cache.remove(key);
  });
}

/** The values of any cache. */
export async function valuesOf<V>(cache: CacheLike<V>): Promise<V[]> {
  if (cache.values) return [...(await cache.values())];
  return [...(await getMany(cache, [...(await cache.keys())])).values()];
}

/** Tells which keys a pattern means. */
export function matcher(pattern: CachePattern | undefined): (key: string) => boolean {
  if (pattern === undefined) return () => true;
  // A copy without the flags that make a test depend on the one before.
  const expression = typeof pattern === "string" ? new RegExp(pattern) : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  return (key) => expression.test(key);
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) await Promise.all(items.slice(at, at + AT_ONCE).map(work));
}
