import { readAttribute, stateOf } from "./entity.js";
import type { Entity, LoadOptions } from "./entity.js";
import { NotLoadedError } from "./errors.js";
import type { Attribute } from "./schema.js";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

abstract class LoadedList {
  /** The entity whose attribute this is. */
  readonly owner: Entity;
  readonly #attribute: Attribute;
  #version = -2;
  #rows: readonly Entity[] | undefined;

  /** @internal */
  constructor(owner: Entity, attribute: Attribute) {
    this.owner = owner;
    this.#attribute = attribute;
  }

  /** Name of the attribute of `owner`. */
  get name(): string {
    return this.#attribute.name;
  }

  /** Whether the members are here, to be iterated. */
  get loaded(): boolean {
    return this.rows !== undefined;
  }

  /** How many members there are; `undefined` while not loaded. */
  get length(): number | undefined {
    return this.rows?.length;
  }

  /** Fetches the members if they are not loaded. */
  async load(options: LoadOptions = {}): Promise<this> {
    await stateOf(this.owner).records.session.loader.load(this.owner, [this.name], options);
    return this;
  }

  /** @internal The entities that are the members or stand for them; `undefined` while not loaded. */
  get rows(): readonly Entity[] | undefined {
    const state = stateOf(this.owner);
    if (state.records.refresh(state) && state.version !== this.#version) {
      this.#version = state.version;
      const value = state.records.read(state, this.#attribute);
      this.#rows = value === undefined ? undefined : Array.isArray(value) ? (value as Entity[]) : [];
    }
    return this.#rows;
  }

  protected loadedRows(): readonly Entity[] {
    const rows = this.rows;
    if (!rows) {
      const { entityType } = this.owner;
      throw new NotLoadedError(`${entityType}.${this.name} is not loaded: await ${entityType.toLowerCase()}.${this.name}.load() first, or select it in the query`);
    }
    return rows;
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    const kind = this.constructor.name;
    return this.loaded ? `${kind} ${inspect(this.shown(), options)}` : `${kind} (not loaded)`;
  }

  protected abstract shown(): unknown;
}

/**
 * The members of a one-to-many or many-to-many attribute, such as `task.assignments`. It is always there and always the
 * same object; whether its members are is what `loaded` says.
 */
export class Collection<T extends Entity = Entity> extends LoadedList implements Iterable<T> {
  /** The member at a place, from the end when negative; `undefined` beyond, and while not loaded. */
  at(index: number): T | undefined {
    return this.rows?.at(index) as T | undefined;
  }

  /** Whether an entity is a member; `undefined` while not loaded. */
  has(entity: Entity): boolean | undefined {
    return this.rows?.includes(entity);
  }

  /** @throws {NotLoadedError} while the members are not loaded. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.loadedRows().values() as IterableIterator<T>;
  }

  protected override shown(): unknown {
    return [...this];
  }
}

/** The `key` and `value` attributes of a row of metadata or custom attributes. */
type Entry = [key: string, value: unknown];

/**
 * A mapping from keys to values that the server keeps as entities: `task.metadata`, `task.custom_attributes`. Where a key
 * occurs twice, as custom attributes of the same key may, the last one counts.
 */
export class KeyedCollection extends LoadedList implements Iterable<Entry> {
  /** Whether the entries are here: rows of which only the key was selected are not enough. */
  override get loaded(): boolean {
    return this.rows?.every((row) => readAttribute(row, "key") !== undefined && readAttribute(row, "value") !== undefined) ?? false;
  }

  /** The value under a key; `undefined` without one, and while not loaded. */
  get(key: string): unknown {
    const row = this.rows?.findLast((candidate) => readAttribute(candidate, "key") === key);
    return row && readAttribute(row, "value");
  }

  /** Whether a key is there; `undefined` while not loaded. */
  has(key: string): boolean | undefined {
    return this.rows?.some((row) => readAttribute(row, "key") === key);
  }

  /** The entry at a place, from the end when negative; `undefined` beyond, and while not loaded. */
  at(index: number): Entry | undefined {
    const row = this.rows?.at(index);
    return row && entry(row);
  }

  /** @throws {NotLoadedError} while not loaded. */
  keys(): string[] {
    return this.loadedRows().map((row) => entry(row)[0]);
  }

  /** @throws {NotLoadedError} while not loaded. */
  *[Symbol.iterator](): Generator<Entry, void> {
    for (const row of this.loadedRows()) yield entry(row);
  }

  protected override shown(): unknown {
    return new Map(this);
  }
}

function entry(row: Entity): Entry {
  return [String(readAttribute(row, "key")), readAttribute(row, "value")];
}
