import { call, checkArgument, knowEntities, values as valuesCheck } from "./arguments.js";
import { Collection } from "./collection.js";
import { CustomAttributes } from "./custom-attributes.js";
import { KeyedCollection } from "./keyed-collection.js";
import type { SetData } from "./entity-data.js";
import { helpersOf } from "./entity-helpers.js";
import { AttributeError } from "./errors.js";
import type { EntityState } from "./entity-state.js";
import { inspectEntity } from "./inspect.js";
import { nameObjects } from "./object-name.js";
import type { LoadResult, PathValue } from "./paths.js";
import type { Attribute, EntityType } from "./schema.js";
import type { Session } from "./session.js";
import { sameValue } from "./same-value.js";
import { snapshotOf } from "./snapshot.js";
import type { Snapshot } from "./snapshot.js";
import { writtenValue } from "./written-value.js";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Attribute names that never become accessors, whatever a schema says: they mean something to the language or here. */
const RESERVED = new Set(["then", "toJSON", "constructor", "__proto__", "load", "set", "unset", "revert", "snapshot", "subscribe", "session"]);

/** @internal What an entity keeps; made known by the class itself. */
export let stateOf: (entity: Entity) => EntityState;

/** @internal The function that reads an attribute of the entity it is called on. */
let getterFor: (attribute: Attribute) => (this: Entity) => unknown;

/** The function that sets an attribute of the entity it is called on; of a collection it only says how. */
let setterFor: (attribute: Attribute) => (this: Entity, value: unknown) => void;

/** Whether a value is an entity of any session. */
export let isEntity: (value: unknown) => value is Entity;

/**
 * An entity of a session: one object per identity, which stays the same for as long as anybody holds it. Attributes are
 * accessors of the class, made from the server's schema: the loaded value, `null` where it is empty on the server,
 * `undefined` where it is not loaded. Reading does no I/O and never throws, after the session's `close()` either.
 */
export class Entity {
  readonly #state: EntityState;

  /** @internal Sessions make entities; `session.create` and queries are the ways to one. */
  constructor(state: EntityState) {
    this.#state = state;
  }

  /** Name of the entity's type, such as `Task`. */
  get entityType(): string {
    return this.#state.type.name;
  }

  /** The session that the entity belongs to. */
  get session(): Session {
    return this.#state.records.session;
  }

  /** Whether the entity is of a type or of one derived from it: a Task is a `Task`, a `TypedContext` and a `Context`. */
  isA(entityType: string): boolean {
    return this.#state.type.isA(entityType);
  }

  /**
   * Fetches what is not loaded yet along one path or several, and gives the value of each path's last segment; through a
   * collection that is an array. What is asked for in one tick goes in as few requests as can be. With `autoPopulate` off,
   * or `{ autoPopulate: false }` at the end, it gives what is there.
   *
   * @example const [name, status] = await task.load("parent.name", "status.name");
   */
  load<Self, P extends string>(this: Self, path: P, options?: LoadOptions): Promise<PathValue<Self, P>>;
  load<Self, const P extends readonly [string, string, ...string[]]>(this: Self, ...paths: P): Promise<LoadResult<Self, P>>;
  load<Self, const P extends readonly [string, string, ...string[]]>(this: Self, ...pathsAndOptions: [...paths: P, options: LoadOptions]): Promise<LoadResult<Self, P>>;
  async load(...given: unknown[]): Promise<unknown> {
    const options = given.length > 1 && typeof given.at(-1) !== "string" ? (given.pop() as LoadOptions) : undefined;
    const values = await this.#state.records.session.loader.load(this, given as string[], options);
    return given.length === 1 ? values[0] : values;
  }

  /**
   * Sets several attributes at once: all of them, or none. Takes what assignment takes, whole collections, and `NOT_SET`.
   * The change is local and recorded; `session.commit()` sends it.
   *
   * @throws {AttributeError} {@link ImmutableAttributeError} {@link InvalidStateError} {@link CollectionError}
   */
  set<Self>(this: Self, values: SetData<Self>): Self;
  set(values: object): this {
    const { records, handle } = this.#state;
    checkArgument("set", "values", values, valuesCheck);
    const written: [string, unknown][] = Object.entries(values).map(([name, value]) => [name, writtenValue(records, value, `${this.entityType}.${name}`)]);
    records.command({ op: "set", record: handle, values: Object.fromEntries(written) });
    return this;
  }

  /** Takes local values away, and records that nothing is to be sent for them. */
  unset<Self>(this: Self, ...names: (keyof SetData<Self> & string)[]): Self;
  unset(...names: string[]): this {
    this.#state.records.command({ op: "unset", record: this.#state.handle, names });
    return this;
  }

  /**
   * Takes local values away together with what was recorded for them, as if they had never been set; without names all of
   * them.
   */
  revert<Self>(this: Self, ...names: (keyof Self & string)[]): Self;
  revert(...names: string[]): this {
    this.#state.records.command({ op: "revert", record: this.#state.handle, names });
    return this;
  }

  /**
   * A plain frozen object of what is loaded: scalars, dates as ISO text, references as `{ __entity_type__, <key> }`.
   * With projections it holds these, and goes into the relations they name. Parts that did not change since the last
   * snapshot of the same projections are the same objects.
   */
  snapshot(projections?: readonly string[]): Snapshot {
    return snapshotOf(this, projections);
  }

  /** What `JSON.stringify` writes: the snapshot. */
  toJSON(): Snapshot {
    return snapshotOf(this);
  }

  /**
   * Calls the listener, in a microtask, after a value of this entity has changed.
   * @returns the function that ends it.
   */
  subscribe(listener: () => void): () => void {
    checkArgument("subscribe", "listener", listener, call);
    return this.#state.records.session.watches.add(this, listener);
  }

  /** @internal */
  [INSPECT](depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspectEntity(this, depth, options, inspect);
  }

  static {
    stateOf = (entity) => entity.#state;

    isEntity = (value): value is Entity => typeof value === "object" && value !== null && #state in value;
    knowEntities(isEntity);

    setterFor = (attribute) => {
      if (attribute.many) {
        return function (this: Entity) {
          const place = `${this.entityType}.${attribute.name}`;
          throw new AttributeError(`${place} cannot be assigned: use its ${attribute.keyed ? "set(key, value) and delete(key)" : "set(entities), add and remove"}`, { entityType: this.entityType, attribute: attribute.name });
        };
      }
      return function (this: Entity, value: unknown) {
        const { records, handle, type } = this.#state;
        const written = JSON.stringify(writtenValue(records, value, `${type.name}.${attribute.name}`));
        records.set(handle, attribute.slot, written);
      };
    };

    getterFor = (attribute) =>
      function (this: Entity) {
        const state = this.#state;
        if (state.epoch === state.records.epoch[0]) {
          const value = state.values[attribute.index];
          if (value !== undefined) return value;
        }
        return readSlow(this, state, attribute);
      };
  }
}

/** How `load` goes about what is missing. */
export interface LoadOptions {
  /** Whether to fetch at all; by default what the session's `autoPopulate` says. */
  autoPopulate?: boolean;
  /** Whether to fetch for the other rows of the entity's query page too, so that a loop costs one request a page; true by default. */
  page?: boolean;
  /** Ends the waiting; the request may serve others and goes on. */
  signal?: AbortSignal;
}

function readSlow(entity: Entity, state: EntityState, attribute: Attribute): unknown {
  const { records, type } = state;
  const fresh = state.epoch === records.epoch[0] || records.refresh(state);
  if (state.type !== type) {
    const own = state.type.attributes.get(attribute.name);
    return own && readSlow(entity, state, own);
  }
  const known = state.values[attribute.index] ?? (attribute.many ? state.earlierCollection(attribute) : undefined);
  if (known !== undefined) return known;
  // Not extensible: a value written to a member of its own, as to a plain object, would be lost.
  if (attribute.many) return keep(state, attribute, Object.preventExtensions(new (collectionClass(attribute))(entity, state, attribute)));
  if (!fresh) return undefined;
  const value = records.read(state, attribute);
  return value === undefined ? undefined : keep(state, attribute, value);
}

function keep(state: EntityState, attribute: Attribute, value: unknown): unknown {
  attribute.index ||= state.type.indexes++;
  const earlier = state.earlier?.[attribute.index];
  const kept = earlier !== undefined && sameValue(earlier, value) ? earlier : value;
  state.keep(attribute.index, kept);
  return kept;
}

function collectionClass(attribute: Attribute): typeof Collection | typeof KeyedCollection {
  if (attribute.kind === "customAttributes") return CustomAttributes;
  return attribute.keyed ? KeyedCollection : Collection;
}

/** Reads an attribute by name, also one that cannot be an accessor or stands in no schema. */
export function readAttribute(entity: Entity, name: string): unknown {
  const state = stateOf(entity);
  const attribute = state.type.attributes.get(name);
  if (attribute) {
    const value = state.epoch === state.records.epoch[0] ? state.values[attribute.index] : undefined;
    return value === undefined ? readSlow(entity, state, attribute) : value;
  }
  if (!state.records.refresh(state)) return undefined;
  const slot = state.records.slot(state, name);
  return slot < 0 ? undefined : state.records.readSlot(state, slot, false, false);
}

/** The class of an entity type's entities. */
export type EntityClass = (new (state: EntityState) => Entity) & { readonly entityType: string };

/** Makes the class of an entity type below that of its base type. */
export function makeEntityClass(type: EntityType, base: new (state: EntityState) => Entity): EntityClass {
  const name = type.name;
  const made = { [name]: class extends base {} }[name]!;
  nameObjects(made, name); // consoles show the name that the class has in the source else
  for (const attribute of type.attributes.values()) {
    if (RESERVED.has(attribute.name) || attribute.name in Entity.prototype) continue;
    Object.defineProperty(made.prototype, attribute.name, { get: getterFor(attribute), set: setterFor(attribute), enumerable: true, configurable: true });
  }
  for (const [helper, value] of Object.entries(helpersOf(type))) Object.defineProperty(made.prototype, helper, { value, writable: true, configurable: true });
  return Object.defineProperty(made, "entityType", { value: name, enumerable: true }) as unknown as EntityClass;
}
