import { isEntity, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError, OperationError } from "./errors.js";

/** What recorded operations make of an entity; `null` where nothing is recorded. */
export type EntityState = "created" | "modified" | "deleted" | null;

/** What the session's recorded operations make of an entity; `null` once the session is closed. */
export function state(entity: Entity): EntityState {
  if (!isEntity(entity)) throw new InvalidArgumentError("state: the argument is no entity");
  const { records, handle } = stateOf(entity);
  if (records.gone) return null;
  return records.command({ op: "state", record: handle }) as EntityState;
}

/** Refuses an entity that the server does not have yet, for what is sent at once. */
export function checkCommitted(caller: string, entity: Entity): void {
  if (state(entity) === "created") throw new OperationError(`${caller}: the ${entity.entityType} is not committed yet: commit it first`);
}

/** The states of several entities, in their order. */
export function states(entities: Iterable<Entity>): EntityState[] {
  return Array.from(entities, state);
}

/**
 * The names of the attributes that are set locally while somebody else changed them on the server since: the local values show, and a
 * commit overwrites the others; `entity.revert(...)` takes the server's. Of an entity that was deleted on the server, all that is set locally.
 */
export function conflicts(entity: Entity): readonly string[] {
  if (!isEntity(entity)) throw new InvalidArgumentError("conflicts: the argument is no entity");
  const { records, handle } = stateOf(entity);
  if (records.gone) return [];
  return Object.freeze(records.command({ op: "conflicts", record: handle }) as string[]);
}
