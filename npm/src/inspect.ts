import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { printedValue } from "./printed-value.js";
import { primaryKey } from "./value.js";

/** What Node prints for an entity: its type and loaded values, relations as their type and key, addresses without the API key. */
export function inspectEntity(entity: Entity, depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
  if (depth < 0) return label(entity);
  const state = stateOf(entity);
  const shown: Record<string, unknown> = {};
  for (const name of state.records.loadedNames(state)) {
    const value = readAttribute(entity, name);
    const printed = isEntity(value) ? { [INSPECT]: () => label(value) } : printedValue(value);
    Object.defineProperty(shown, name, { value: printed, enumerable: true });
  }
  return `${entity.entityType} ${inspect(shown, options)}`;
}

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

function label(entity: Entity): string {
  return `[${entity.entityType} ${Object.values(primaryKey(entity)).join(", ")}]`;
}
