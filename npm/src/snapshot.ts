import { Collection } from "./collection.js";
import { KeyedCollection } from "./keyed-collection.js";
import { dateText } from "./dates.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { shareParts } from "./same-value.js";

/** A frozen plain copy of an entity's loaded values. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** Projections as a tree: `name, status.name` is `name` with nothing below it, and `status` with `name`. `key` tells it from all others. */
export interface Shape {
  readonly key: string;
  readonly parts: ReadonlyMap<string, Shape>;
}

/** The last snapshot of an entity in one shape; without projections it has none. An entity keeps those of all shapes as a list. */
export interface KeptSnapshot {
  readonly key: string | undefined;
  /** The version of the entity that alone made it what it is; -1 where other entities had part in it. */
  version: number;
  snapshot: Snapshot;
  readonly next: KeptSnapshot | undefined;
}

/** See `Entity.snapshot`. */
export function snapshotOf(entity: Entity, projections?: readonly string[]): Snapshot {
  return projections ? snapshotIn(entity, shapeOf(projections)) : kept(entity, undefined, own);
}

/** The snapshot with the projections of a shape. */
export function snapshotIn(entity: Entity, shape: Shape): Snapshot {
  return kept(entity, shape, projected);
}

/** The shape that projections make, which saves taking them apart for every row. */
export function shapeOf(projections: readonly string[]): Shape {
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
  return shaped(root);
}

type Tree = Map<string, Tree>;

function shaped(tree: Tree): Shape {
  const parts = new Map([...tree].map(([name, below]) => [name, shaped(below)]));
  return { parts, key: JSON.stringify([...parts].map(([name, { key }]) => [name, key])) };
}

/** Values put together: those of one that was made before, as far as they say the same. */
interface Copy {
  readonly values: Record<string, unknown>;
  readonly before: Snapshot | undefined;
  /** Whether all values are those of `before`. */
  same: boolean;
  /** Whether they depend on the entity's own values only. */
  alone: boolean;
}

/** The last snapshot while its entity is as it was, else one that `fill` makes. */
function kept<S extends Shape | undefined>(entity: Entity, shape: S, fill: (copy: Copy, entity: Entity, shape: S) => void): Snapshot {
  const state = stateOf(entity);
  if (state.epoch !== state.records.epoch[0]) state.records.refresh(state);
  let last = state.snapshots;
  while (last && last.key !== shape?.key) last = last.next;
  if (last && last.version === state.version) return last.snapshot;
  const before = last?.snapshot;
  const copy: Copy = { values: {}, before, same: before !== undefined, alone: true };
  fill(copy, entity, shape);
  const version = copy.alone ? state.version : -1;
  const unchanged = copy.same && Object.keys(copy.values).length === Object.keys(before!).length;
  const snapshot = unchanged ? before! : Object.freeze(copy.values);
  if (last) {
    last.version = version;
    last.snapshot = snapshot;
  } else {
    state.snapshots = { key: shape?.key, version, snapshot, next: state.snapshots };
  }
  return snapshot;
}

/** All loaded values that are no collections. */
function own(copy: Copy, entity: Entity): void {
  const state = stateOf(entity);
  put(copy, "__entity_type__", entity.entityType);
  for (const name of state.records.loadedNames(state)) {
    if (!state.type.attributes.get(name)?.many) put(copy, name, plain(readAttribute(entity, name)));
  }
}

function projected(copy: Copy, entity: Entity, shape: Shape): void {
  put(copy, "__entity_type__", entity.entityType);
  for (const name of stateOf(entity).type.primaryKey) put(copy, name, keyPart(entity, name));
  for (const [name, below] of shape.parts) {
    const found = readAttribute(entity, name);
    if (typeof found === "object") copy.alone &&= found === null || found instanceof Date;
    if (isEntity(found)) put(copy, name, below.parts.size ? snapshotIn(found, below) : reference(found));
    else if (found instanceof Collection) put(copy, name, found.loaded ? Object.freeze([...(found as Collection)].map((member) => snapshotIn(member, below))) : undefined);
    else if (found instanceof KeyedCollection) put(copy, name, found.loaded ? mapping(found) : undefined);
    else put(copy, name, plain(found));
  }
}

function keyPart(entity: Entity, name: string): string {
  return String(readAttribute(entity, name) ?? "");
}

function reference(entity: Entity): Snapshot {
  const values: Record<string, unknown> = { __entity_type__: entity.entityType };
  for (const name of stateOf(entity).type.primaryKey) define(values, name, keyPart(entity, name));
  return Object.freeze(values);
}

function mapping(keyed: KeyedCollection): Snapshot {
  const values: Record<string, unknown> = {};
  for (const [key, value] of keyed) define(values, key, plain(value));
  return Object.freeze(values);
}

/** What says the same as before is the same. `undefined`, which is "not loaded", leaves no key behind. */
function put(copy: Copy, name: string, value: unknown): void {
  if (value === undefined) return;
  const earlier = copy.before?.[name];
  // A text that says the same is another one, though: the earlier one lives on anyway.
  const shared = value === earlier ? earlier : shareParts(earlier, value);
  if (shared !== earlier) copy.same = false;
  define(copy.values, name, shared);
}

/** Names that mean something to the language are names like others. */
function define(values: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) return;
  if (name in values) Object.defineProperty(values, name, { value, writable: true, enumerable: true, configurable: true });
  else values[name] = value;
}

/** JSON has no dates and no whole numbers beyond 2^53: text stands for both. */
function plain(value: unknown): unknown {
  if (isEntity(value)) return reference(value);
  if (value instanceof Date) return dateText(value);
  return typeof value === "bigint" ? value.toString() : value;
}
