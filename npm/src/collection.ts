import { entityOf, listOf } from "./arguments.js";
import { isEntity, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { LoadedList } from "./loaded-list.js";
import type { Snapshot } from "./snapshot.js";
import { writtenValue } from "./written-value.js";

/**
 * The members of a one-to-many or many-to-many attribute, such as `task.assignments`. It is always there and always the
 * same object; whether its members are is what `loaded` says.
 *
 * The protocol takes whole lists only: the commit sends the list that the server told last with what was added and removed over it,
 * and asks for that list first where it is not loaded. `set` sends what it was given, whatever the server has.
 */
export class Collection<T extends Entity = Entity> extends LoadedList implements Iterable<T> {
  /** The member at a place, from the end when negative; `undefined` beyond, and while not loaded. */
  at(index: number): T | undefined {
    return this.rows?.at(index) as T | undefined;
  }

  /** Whether an entity is a member; `undefined` while not loaded, unless it was added or removed here. */
  has(entity: Entity): boolean | undefined {
    entityOf("has", "argument", entity);
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
    this.command({ op: "add", records: this.#handles(entities) });
    return this;
  }

  /** Takes members out, loaded or not; those that are not there are passed over. */
  remove(...entities: T[]): this {
    this.command({ op: "remove", records: this.#handles(entities) });
    return this;
  }

  /** Puts other members in the place of all, in this order. */
  set(entities: Iterable<T>): this {
    this.command({ op: "replace", records: this.#handles(listOf("set", "members", "a list of entities", entities)) });
    return this;
  }

  /** @throws {NotLoadedError} while the members are not loaded. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.loadedRows().values() as IterableIterator<T>;
  }

  /** What `JSON.stringify` writes: the members as they write themselves, and nothing while not loaded. */
  toJSON(): Snapshot[] | undefined {
    return this.rows?.map((member) => member.toJSON());
  }

  protected override shown(): unknown {
    return [...this];
  }

  #handles(entities: Iterable<Entity>): number[] {
    const { records } = this.state;
    return Array.from(entities, (entity) => {
      const written = writtenValue(records, entity, `${this.owner.entityType}.${this.name}`);
      if (!isEntity(entity)) throw new InvalidArgumentError(`${this.owner.entityType}.${this.name} holds entities`);
      return (written as { $: number }).$;
    });
  }
}
