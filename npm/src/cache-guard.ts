import { getMany, matcher, removeMany, setMany } from "./cache.js";
import type { Cache, CacheLike, CachePattern } from "./cache.js";

/** How long anybody waits for a cache that was given, in milliseconds. */
export const PATIENCE = 1000;
const WRITE_PATIENCE = 30_000; // behind everybody's back

/**
 * What of a cache belongs to one session: its keys begin with a prefix there. It never fails and never hangs over a cache that may: it has
 * nothing then. While a call hangs, no other is made.
 */
export class GuardedCache implements Cache<string> {
  readonly #given: CacheLike<string>;
  readonly #prefix: string;
  readonly #report: (done: string, error: unknown) => void;
  #stuck = 0; // calls that were given up and have not ended

  constructor(given: CacheLike<string>, prefix: string, report: (done: string, error: unknown) => void) {
    this.#given = given;
    this.#prefix = prefix;
    this.#report = report;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.getMany([key])).get(key);
  }

  /** What is no text, or was not asked for, is as if it were not there. */
  async getMany(keys: readonly string[]): Promise<Map<string, string>> {
    const found: ReadonlyMap<string, unknown> | undefined = await this.#call(PATIENCE, "read", () => getMany(this.#given, this.#prefixed(keys)));
    const values = new Map<string, string>();
    for (const key of keys) {
      const value = found?.get(this.#prefix + key);
      if (typeof value === "string") values.set(key, value);
    }
    return values;
  }

  async set(key: string, value: string): Promise<void> {
    await this.setMany(new Map([[key, value]]));
  }

  async setMany(values: ReadonlyMap<string, string>): Promise<void> {
    await this.#call(WRITE_PATIENCE, "written to", () => setMany(this.#given, new Map([...values].map(([key, value]) => [this.#prefix + key, value]))));
  }

  async remove(key: string): Promise<void> {
    await this.removeMany([key]);
  }

  async removeMany(keys: readonly string[]): Promise<void> {
    if (keys.length) await this.#call(WRITE_PATIENCE, "written to", () => removeMany(this.#given, this.#prefixed(keys)));
  }

  async keys(): Promise<string[]> {
    const keys: unknown[] | undefined = await this.#call(PATIENCE, "read", async () => [...(await this.#given.keys())]);
    return (keys ?? []).filter((key) => typeof key === "string" && key.startsWith(this.#prefix)).map((key) => (key as string).slice(this.#prefix.length));
  }

  async values(): Promise<string[]> {
    return [...(await this.getMany(await this.keys())).values()];
  }

  async clear(pattern?: CachePattern): Promise<void> {
    await this.removeMany((await this.keys()).filter(matcher(pattern)));
  }

  #prefixed(keys: readonly string[]): string[] {
    return keys.map((key) => this.#prefix + key);
  }

  async #call<T>(patience: number, done: string, call: () => Promise<T>): Promise<T | undefined> {
    if (this.#stuck) return undefined;
    const answer = Promise.resolve().then(call);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#stuck++;
        const ended = (): void => {
          this.#stuck--;
        };
        answer.then(ended, ended);
        reject(new Error(`no answer within ${patience} ms`));
      }, patience);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      this.#report(done, error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
