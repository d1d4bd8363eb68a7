import { checkArgument, flag, optionsOf, text } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { LoadedList } from "./loaded-list.js";
import type { Snapshot } from "./snapshot.js";

/** Which of the attributes of a key is meant. */
export interface KeyOptions {
  /** The hierarchical one, where a custom attribute of the key is that and plain too; by default the plain one. */
  hierarchical?: boolean;
}

/** @internal */
export const KEY_OPTIONS: Checks<KeyOptions> = { hierarchical: flag };

/** @internal A mapping as the core shows it, local changes included. */
export interface MapView {
  readonly loaded: boolean;
  /** Whether the sources are known. */
  readonly resolved: boolean;
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, string>>;
  /** Ids of the entities that values are inherited from. */
  readonly from: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}

type Entry = [key: string, value: unknown];

/** A mapping from keys to values that the server keeps as entities: `task.metadata`, `task.custom_attributes`. */
export class KeyedCollection extends LoadedList implements Iterable<Entry> {
  readonly #views: { epoch: number; view: MapView }[] = [];

  /** Whether the entries are here: rows of which only the key was selected are not enough. */
  override get loaded(): boolean {
    return this.view().loaded;
  }

  /** The value under a key; `undefined` without one, and while not loaded, unless it was set here. */
  get(key: string): unknown {
    const { values } = this.view();
    return Object.hasOwn(values, key) ? values[key] : undefined;
  }

  /** Whether a key is there; `undefined` while not loaded, unless it was set or deleted here. */
  has(key: string): boolean | undefined {
    const { values, loaded, removed } = this.view();
    if (Object.hasOwn(values, key)) return true;
    return loaded || removed.includes(key) ? false : undefined;
  }

  /** Gives a key a value, loaded or not. The change is local and recorded. */
  set(key: string, value: unknown, options: KeyOptions = {}): this {
    const { hierarchical = false } = optionsOf<KeyOptions>("set", options, KEY_OPTIONS);
    checkArgument("set", "key", key, text);
    const { records } = this.state;
    this.command({ op: "mapSet", key, value: records.written(value, `${this.owner.entityType}.${this.name}.${key}`), hierarchical });
    return this;
  }

  /**
   * Takes a key away, loaded or not; one that is not there is passed over. Of a custom attribute the set value goes, so that
   * the default or the inherited one shows again.
   */
  delete(key: string, options: KeyOptions = {}): this {
    const { hierarchical = false } = optionsOf<KeyOptions>("delete", options, KEY_OPTIONS);
    checkArgument("delete", "key", key, text);
    this.command({ op: "mapDelete", key, hierarchical });
    return this;
  }

  /** The entry at a place in the order of the keys, from the end when negative; `undefined` beyond, and while not loaded. */
  at(index: number): Entry | undefined {
    return this.loaded ? this.#entries().at(index) : undefined;
  }

  /**
   * The keys, sorted.
   * @throws {NotLoadedError} while not loaded.
   */
  keys(): string[] {
    return this.#entries().map(([key]) => key);
  }

  /** How many entries there are; `undefined` while not loaded. */
  override get length(): number | undefined {
    return this.loaded ? this.#entries().length : undefined;
  }

  /** @throws {NotLoadedError} while not loaded. */
  *[Symbol.iterator](): Generator<Entry, void> {
    yield* this.#entries();
  }

  /** What `JSON.stringify` writes: values by key, and nothing while not loaded. */
  toJSON(): Snapshot | undefined {
    return this.owner.snapshot([this.name])[this.name] as Snapshot | undefined;
  }

  #entries(): Entry[] {
    const { loaded, values } = this.view();
    if (!loaded) throw this.notLoadedError();
    return Object.entries(values);
  }

  /** @internal The mapping as it is now; as it was last once the session has ended. */
  protected view(hierarchical = false): MapView {
    const { records } = this.state;
    const place = hierarchical ? 1 : 0;
    const known = this.#views[place];
    const epoch = records.gone ? undefined : records.currentEpoch();
    if (known && (known.epoch === epoch || epoch === undefined)) return known.view;
    if (epoch === undefined) return NOTHING;
    const read = this.command({ op: "mapRead", hierarchical }) as MapView;
    const values = Object.fromEntries(Object.entries(read.values).map(([key, value]) => [key, records.readWritten(value)]));
    const view = { ...read, values };
    this.#views[place] = { epoch, view };
    return view;
  }

  protected override shown(): unknown {
    return new Map(this);
  }
}

const NOTHING: MapView = { loaded: false, resolved: false, values: {}, sources: {}, from: {}, removed: [] };
