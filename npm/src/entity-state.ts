import type { Records } from "./records.js";
import type { Attribute, EntityType } from "./schema.js";
import type { KeptSnapshot } from "./snapshot.js";

/** Rows that came together. */
export interface Page {
  readonly handles: Int32Array;
}

/** Nothing decoded yet. */
const NONE: unknown[] = [undefined];

/**
 * What JavaScript keeps of one record: which it is, and the values that were decoded. It is one shape for all entity
 * types, so that reads stay fast however many classes of entities there are.
 */
export class EntityState {
  readonly records: Records;
  readonly handle: number;
  type: EntityType;
  readonly page: Page | undefined;
  /** The session's epoch at which `values` were right last. */
  epoch = -1;
  version = -1;
  /** Decoded values by an attribute's index; `undefined` where none is. */
  values: unknown[] = NONE;
  /** Values that were decoded before the record changed: where they say what the new ones do, they are given out again. */
  earlier: unknown[] | undefined;
  /** The last snapshots, by their shapes. */
  snapshots: KeptSnapshot | undefined;

  constructor(records: Records, handle: number, type: EntityType, page: Page | undefined) {
    this.records = records;
    this.handle = handle;
    this.type = type;
    this.page = page;
  }

  /** Remembers a decoded value. */
  keep(index: number, value: unknown): void {
    if (this.values === NONE) this.values = this.type.blank();
    this.values[index] = value;
  }

  /** Sets decoded values aside when the record has changed. The array for the new ones is the one of those before, which costs no garbage. */
  renew(version: number): void {
    this.version = version;
    const { values, earlier } = this;
    if (values === NONE) return;
    if (earlier) {
      for (let i = 1; i < earlier.length; i++) values[i] ??= earlier[i];
      earlier.fill(undefined);
    }
    this.earlier = values;
    this.values = earlier ?? NONE;
  }

  /** A collection object that was given out before: it is the same whatever the record's version. */
  earlierCollection(attribute: Attribute): unknown {
    const collection = attribute.index ? this.earlier?.[attribute.index] : undefined;
    if (collection !== undefined) this.keep(attribute.index, collection);
    return collection;
  }

  /** Turns to another type, whose attributes have other places. */
  become(type: EntityType): void {
    this.type = type;
    this.values = NONE;
    this.earlier = undefined;
  }
}
