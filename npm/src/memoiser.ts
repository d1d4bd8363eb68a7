import type { CacheLike } from "./cache.js";
import { ObjectKeyMaker } from "./key-makers.js";
import type { KeyMaker } from "./key-makers.js";
import { MemoryCache } from "./memory-cache.js";

export interface MemoiserOptions {
  /** Where results are kept; by default in memory, without a limit. */
  cache?: CacheLike<unknown>;
  /** Makes keys of functions and arguments; an ObjectKeyMaker by default. */
  keyMaker?: KeyMaker;
  /**
   * Whether callers get copies, so that none can change what others get; true by default. Arrays, plain objects, maps, sets, dates and
   * bytes are copied, anything else (entities) is not.
   */
  returnCopies?: boolean;
  /** Is told of errors of the cache. They fail no call: the function is called then. */
  report?: (error: unknown) => void;
}

/** Remembers what functions gave. */
export class Memoiser {
  readonly #cache: CacheLike<unknown>;
  readonly #keyMaker: KeyMaker;
  readonly #returnCopies: boolean;
  readonly #report: (error: unknown) => void;
  readonly #calls = new Map<string, Promise<unknown>>(); // under way

  constructor({ cache = new MemoryCache(), keyMaker = new ObjectKeyMaker(), returnCopies = true, report = () => undefined }: MemoiserOptions = {}) {
    this.#cache = cache;
    this.#keyMaker = keyMaker;
    this.#returnCopies = returnCopies;
    this.#report = report;
  }

  /**
   * Gives what the function gave for these arguments before, or calls it. Calls with equal arguments at the same time share one call.
   * What it throws goes to those who wait, and is not remembered; nor are `undefined` and `null`. A cache that outlives the page needs
   * a `name` for the function.
   *
   * @throws {InvalidArgumentError} for arguments that no key can be made of
   */
  async call<A extends readonly unknown[], R>(fn: (...args: A) => R, args: A, name?: string): Promise<Awaited<R>> {
    const key = this.#keyMaker.key(name ?? fn, ...args);
    let call = this.#calls.get(key);
    if (!call) {
      call = this.#call(key, () => fn(...args)).finally(() => this.#calls.delete(key));
      this.#calls.set(key, call);
    }
    const value = (await call) as Awaited<R>;
    return this.#returnCopies ? copyOf(value) : value;
  }

  /** A function that remembers what `fn` gave. */
  memoise<A extends readonly unknown[], R>(fn: (...args: A) => R, name?: string): (...args: A) => Promise<Awaited<R>> {
    return (...args) => this.call(fn, args, name);
  }

  async #call(key: string, fn: () => unknown): Promise<unknown> {
    try {
      const known = await this.#cache.get(key);
      if (known !== undefined && known !== null) return known;
    } catch (error) {
      this.#report(error);
    }
    const value = await fn();
    try {
      if (value !== undefined && value !== null) await this.#cache.set(key, this.#returnCopies ? copyOf(value) : value);
    } catch (error) {
      this.#report(error);
    }
    return value;
  }
}

/** A function that remembers what `fn` gave, in memory unless the options say otherwise. */
export function memoise<A extends readonly unknown[], R>(fn: (...args: A) => R, options: MemoiserOptions & { name?: string } = {}): (...args: A) => Promise<Awaited<R>> {
  return new Memoiser(options).memoise(fn, options.name);
}

/** Copies data, with all that stands in it; objects of classes stay themselves. */
function copyOf<T>(value: T, known = new Map<unknown, unknown>()): T {
  if (typeof value !== "object" || value === null) return value;
  if (known.has(value)) return known.get(value) as T;
  const begin = <C>(copy: C): C => {
    known.set(value, copy);
    return copy;
  };
  const inner = <I>(item: I): I => copyOf(item, known);
  const fill = (): unknown => {
    if (Array.isArray(value)) {
      const copy = begin<unknown[]>([]);
      for (const item of value) copy.push(inner(item as unknown));
      return copy;
    }
    if (value instanceof Map) {
      const copy = begin(new Map<unknown, unknown>());
      for (const [key, item] of value) copy.set(inner(key as unknown), inner(item as unknown));
      return copy;
    }
    if (value instanceof Set) {
      const copy = begin(new Set<unknown>());
      for (const item of value) copy.add(inner(item as unknown));
      return copy;
    }
    if (value instanceof Date || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return structuredClone(value);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype !== null && prototype !== Object.prototype) return value;
    const copy = begin(Object.create(prototype) as Record<string, unknown>);
    for (const [name, item] of Object.entries(value)) Object.defineProperty(copy, name, { value: inner(item as unknown), writable: true, enumerable: true, configurable: true });
    return copy;
  };
  return fill() as T;
}
