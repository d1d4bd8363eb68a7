import { Collection } from "./collection.js";
import { KeyedCollection } from "./keyed-collection.js";
import { dateText } from "./dates.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { shareParts } from "./same-value.js";
import { primaryKey } from "./value.js";

/** A frozen plain copy of an entity's loaded values. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** Projections as a tree: `name, status.name` is `{name: {}, status: {name: {}}}`. */
type Tree = Map<string, Tree>;

/** The last snapshots of an entity, by their projections. */
const last = new WeakMap<Entity, Map<string, { version: number; snapshot: Snapshot }>>();

/** See `Entity.snapshot`. */
export function snapshotOf(entity: Entity, projections?: readonly string[]): Snapshot {
  const key = projections ? projections.join() : "";
  let known = last.get(entity);
  if (!known) last.set(entity, (known = new Map<string, { version: number; snapshot: Snapshot }>()));
  const state = stateOf(entity);
  state.records.refresh(state);
  const before = known.get(key);
  // Without projections it depends on the entity's own values only, so its version tells.
  if (before && !projections && before.version === state.version) return before.snapshot;
  const made = projections ? projected(entity, treeOf(projections)) : own(entity);
  const snapshot = shareParts(before?.snapshot, made);
  known.set(key, { version: state.version, snapshot });
  return snapshot;
}

function treeOf(projections: readonly string[]): Tree {
  const root: Tree = new Map();
  for (const path of projections) {
    if (typeof path !== "string") throw new InvalidArgumentError("snapshot: projections are a list of paths such as \"status.name\"");
    let tree = root;
    for (const segment of path.split(".")) {
      const name = segment.trim().replace(/\[.*\]$/, "");
      let next = tree.get(name);
      if (!next) tree.set(name, (next = new Map<string, Tree>()));
      tree = next;
    }
  }
  return root;
}

/** All loaded values that are no collections. */
function own(entity: Entity): Snapshot {
  const state = stateOf(entity);
  const copy: Record<string, unknown> = { __entity_type__: entity.entityType };
  for (const name of state.records.loadedNames(state)) {
    if (!state.type.attributes.get(name)?.many) put(copy, name, plain(readAttribute(entity, name)));
  }
  return Object.freeze(copy);
}

function projected(entity: Entity, tree: Tree): Snapshot {
  const copy: Record<string, unknown> = reference(entity);
  for (const [name, below] of tree) {
    const found = readAttribute(entity, name);
    if (isEntity(found)) put(copy, name, below.size ? projected(found, below) : Object.freeze(reference(found)));
    else if (found instanceof Collection) put(copy, name, found.loaded ? Object.freeze([...(found as Collection)].map((member) => projected(member, below))) : undefined);
    else if (found instanceof KeyedCollection) put(copy, name, found.loaded ? mapping(found) : undefined);
    else put(copy, name, plain(found));
  }
  return Object.freeze(copy);
}

function reference(entity: Entity): Record<string, unknown> {
  return { __entity_type__: entity.entityType, ...primaryKey(entity) };
}

function mapping(keyed: KeyedCollection): Snapshot {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of keyed) put(copy, key, plain(value));
  return Object.freeze(copy);
}

/** `undefined`, which is "not loaded", leaves no key behind. */
function put(copy: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) Object.defineProperty(copy, name, { value, writable: true, enumerable: true, configurable: true });
}

/** JSON has no dates and no whole numbers beyond 2^53: text stands for both. */
function plain(value: unknown): unknown {
  if (isEntity(value)) return Object.freeze(reference(value));
  if (value instanceof Date) return dateText(value);
  return typeof value === "bigint" ? value.toString() : value;
}
