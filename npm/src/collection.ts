import type { Command } from "./commands.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity, LoadOptions } from "./entity.js";
import { InvalidArgumentError, NotLoadedError } from "./errors.js";
import type { Attribute } from "./schema.js";
import { writtenValue } from "./written-value.js";

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

  /** @internal Makes a change of this attribute, or asks about its changes. */
  protected command(command: Command): unknown {
    const { records, handle } = stateOf(this.owner);
    return records.command({ ...command, record: handle, name: this.name });
  }

  /** @internal */
  protected handles(entities: Iterable<Entity>): number[] {
    const { records } = stateOf(this.owner);
    return Array.from(entities, (entity) => {
      const written = writtenValue(records, entity, `${this.owner.entityType}.${this.name}`);
      if (!isEntity(entity)) throw new InvalidArgumentError(`${this.owner.entityType}.${this.name} holds entities`);
      return (written as { $: number }).$;
    });
  }
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

  /** Whether an entity is a member; `undefined` while not loaded, unless it was added or removed here. */
  has(entity: Entity): boolean | undefined {
    if (this.rows) return this.rows.includes(entity);
    const { added, removed } = this.command({ op: "pending" }) as { added: number[]; removed: number[] };
    const { handle } = stateOf(entity);
    return added.includes(handle) || (removed.includes(handle) ? false : undefined);
  }

  /**
   * Adds members at the end, loaded or not. The change is local and recorded.
   * @throws {DuplicateItemInCollectionError} and adds none when one is there already
   */
  add(...entities: T[]): this {
    this.command({ op: "add", records: this.handles(entities) });
    return this;
  }

  /** Takes members out, loaded or not; those that are not there are passed over. */
  remove(...entities: T[]): this {
    this.command({ op: "remove", records: this.handles(entities) });
    return this;
  }

  /** Puts other members in the place of all, in this order. */
  set(entities: Iterable<T>): this {
    this.command({ op: "replace", records: this.handles(entities) });
    return this;
  }

  /** @throws {NotLoadedError} while the members are not loaded. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.loadedRows().values() as IterableIterator<T>;
  }

  protected override shown(): unknown {
    return [...this];
  }
}

/** Which of the attributes of a key is meant. */
export interface KeyOptions {
  /** The hierarchical one, where a custom attribute of the key is that and plain too; by default the plain one. */
  hierarchical?: boolean;
}

/** A mapping as the core shows it. */
interface MapView {
  readonly loaded: boolean;
  readonly changed: boolean;
  readonly values: Readonly<Record<string, unknown>>;
  readonly removed: readonly string[];
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

  /** The value under a key; `undefined` without one, and while not loaded, unless it was set here. */
  get(key: string): unknown {
    const changed = this.#changed();
    if (changed) return changed.values[key];
    const row = this.rows?.findLast((candidate) => readAttribute(candidate, "key") === key);
    return row && readAttribute(row, "value");
  }

  /** Whether a key is there; `undefined` while not loaded, unless it was set or deleted here. */
  has(key: string): boolean | undefined {
    const changed = this.#changed();
    if (!changed) return this.rows?.some((row) => readAttribute(row, "key") === key);
    if (Object.hasOwn(changed.values, key)) return true;
    return changed.loaded || changed.removed.includes(key) ? false : undefined;
  }

  /** Gives a key a value, loaded or not. The change is local and recorded. */
  set(key: string, value: unknown, { hierarchical = false }: KeyOptions = {}): this {
    const { records } = stateOf(this.owner);
    this.command({ op: "mapSet", key, value: writtenValue(records, value, `${this.owner.entityType}.${this.name}.${key}`), hierarchical });
    return this;
  }

  /**
   * Takes a key away, loaded or not; one that is not there is passed over. Of a custom attribute the set value goes, so that
   * the default or the inherited one shows again.
   */
  delete(key: string, { hierarchical = false }: KeyOptions = {}): this {
    this.command({ op: "mapDelete", key, hierarchical });
    return this;
  }

  /** The entry at a place, from the end when negative; `undefined` beyond, and while not loaded. */
  at(index: number): Entry | undefined {
    return this.loaded ? this.#entries().at(index) : undefined;
  }

  /** @throws {NotLoadedError} while not loaded. */
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

  #entries(): Entry[] {
    const rows = this.loadedRows();
    const changed = this.#changed();
    return changed ? Object.entries(changed.values) : rows.map(entry);
  }

  /** The mapping with its local changes, where there are some. */
  #changed(): MapView | undefined {
    const { records } = stateOf(this.owner);
    if (records.gone) return undefined;
    const view = this.command({ op: "mapRead" }) as MapView;
    return view.changed ? view : undefined;
  }

  protected override shown(): unknown {
    return new Map(this);
  }
}

function entry(row: Entity): Entry {
  return [String(readAttribute(row, "key")), readAttribute(row, "value")];
}
