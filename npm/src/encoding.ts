import { Collection } from "./collection.js";
import { KeyedCollection } from "./keyed-collection.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { UpdateEntityOperation } from "./operations.js";
import { primaryKey } from "./value.js";
import { writtenValue } from "./written-value.js";

/**
 * Which attributes of an entity `encode` writes: those that are loaded or set, those that are changed, those that the server
 * has (without what it computes), or all, after loading them.
 */
export type EntityAttributeStrategy = "all" | "set_only" | "modified_only" | "persisted_only";

const strategies = ["all", "set_only", "modified_only", "persisted_only"];

/** Checks a strategy. */
export function checkStrategy(strategy: string): asserts strategy is EntityAttributeStrategy {
  if (!strategies.includes(strategy)) throw new InvalidArgumentError(`encode: there is no strategy "${strategy}"; known are ${strategies.join(", ")}`);
}

/** An entity as requests name it: its type and its primary key. */
export function reference(entity: Entity): Record<string, string> {
  return { __entity_type__: entity.entityType, ...primaryKey(entity) };
}

/** The entities in a value, each once. */
export function entitiesIn(value: unknown, found = new Set<Entity>()): Set<Entity> {
  if (isEntity(value)) found.add(value);
  else if (Array.isArray(value)) for (const item of value) entitiesIn(item, found);
  else if (isPlain(value)) for (const item of Object.values(value)) entitiesIn(item, found);
  return found;
}

/** A value as JSON may hold it: an entity at the top with its attributes, below by its key. */
export function encodable(value: unknown, strategy: EntityAttributeStrategy, top = true): unknown {
  if (isEntity(value)) return top ? { ...attributesOf(value, strategy), ...reference(value) } : reference(value);
  if (value instanceof Collection) return value.loaded ? [...value].map(reference) : undefined;
  if (value instanceof KeyedCollection) return value.loaded ? value.rows?.map(reference) : undefined;
  if (Array.isArray(value)) return value.map((item) => encodable(item, strategy, top));
  if (value instanceof Date) return { __type__: "datetime", value: `${value.toISOString().slice(0, 19)}+00:00` };
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encodable(item, strategy, top)]));
  return value;
}

function attributesOf(entity: Entity, strategy: EntityAttributeStrategy): Record<string, unknown> {
  const state = stateOf(entity);
  const changed = strategy === "modified_only" ? changedNames(entity) : undefined;
  const found: Record<string, unknown> = {};
  for (const attribute of state.type.attributes.values()) {
    if (changed && !changed.has(attribute.name)) continue;
    if (strategy === "persisted_only" && attribute.computed) continue;
    const value = strategy === "persisted_only" ? state.records.remote(state, attribute) : readAttribute(entity, attribute.name);
    const encoded = Array.isArray(value) && attribute.many ? (value as Entity[]).map(reference) : encodable(value, strategy, false);
    if (encoded !== undefined) found[attribute.name] = encoded;
  }
  return found;
}

/** The attributes of an entity that recorded operations change. */
function changedNames(entity: Entity): Set<string> {
  const key = Object.values(primaryKey(entity)).join("\0");
  const names = new Set<string>();
  for (const operation of entity.session.recordedOperations) {
    if (operation.operation === "delete" || operation.entityType !== entity.entityType || operation.entityKey.join("\0") !== key) continue;
    if (operation instanceof UpdateEntityOperation) names.add(operation.attributeName.split(".")[0]!);
    else for (const name of Object.keys(operation.entityData)) names.add(name);
  }
  return names;
}

/** A value that another session's entities may stand in, as JSON for the core to merge: entities with what is loaded, cycles cut. */
export function foreign(value: unknown, own: Entity["session"], seen = new Set<Entity>()): unknown {
  if (isEntity(value)) {
    if (value.session === own) return writtenValue(stateOf(value).records, value, "merge");
    if (seen.has(value)) return reference(value);
    seen.add(value);
    const object: Record<string, unknown> = {};
    for (const { name, many } of stateOf(value).type.attributes.values()) {
      const part = readAttribute(value, name);
      const inner = many ? (part as Collection | KeyedCollection).rows : part;
      if (inner !== undefined) object[name] = foreign(inner, own, seen);
    }
    return { ...object, ...reference(value) };
  }
  if (Array.isArray(value)) return value.map((item) => foreign(item, own, seen));
  if (value instanceof Date) return encodable(value, "set_only");
  if (isPlain(value)) {
    const parts = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, foreign(item, own, seen)]));
    return "$" in value || "$$" in value ? { $$: parts } : parts; // as commands have it
  }
  return value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
