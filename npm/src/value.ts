import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";

/**
 * The value of any attribute by its name, like the accessor's: `undefined` when it is not loaded. It reaches names that
 * cannot be accessors (`then`, `constructor`, ...) and attributes that a reply has but the schema has not.
 */
export function value(entity: Entity, name: string): unknown {
  return readAttribute(checked(entity, "value"), name);
}

/** Like `value`, with dates as the text that the server sent. */
export function rawValue(entity: Entity, name: string): unknown {
  const state = stateOf(checked(entity, "rawValue"));
  const attribute = state.type.attributes.get(name);
  if (attribute?.many) return readAttribute(entity, name);
  if (!state.records.refresh(state)) return undefined;
  const slot = attribute ? attribute.slot : state.records.slot(state, name);
  return slot < 0 ? undefined : state.records.readSlot(state, slot, false, true);
}

/** What makes an entity itself: its type's name and the parts of its primary key. */
export function identity(entity: Entity): readonly [entityType: string, key: readonly string[]] {
  return Object.freeze([entity.entityType, Object.freeze(Object.values(primaryKey(entity)))] as const);
}

/** The primary key: its attributes, in the schema's order, with their values as text. */
export function primaryKey(entity: Entity): Readonly<Record<string, string>> {
  const { type } = stateOf(checked(entity, "primaryKey"));
  return Object.freeze(Object.fromEntries(type.primaryKey.map((name) => [name, String(readAttribute(entity, name) ?? "")])));
}

function checked(entity: Entity, caller: string): Entity {
  if (!isEntity(entity)) throw new InvalidArgumentError(`${caller}: the first argument is no entity`);
  return entity;
}
