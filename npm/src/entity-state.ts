import type { Records } from "./records.js";
import type { Attribute, EntityType } from "./schema.js";

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
  /** Objects that were given out before the record changed, to be given again if their value did not. */
  earlier: unknown[] | undefined;

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

  /** Forgets decoded values when the record has changed, but not the objects, which may stay the same. */
  renew(version: number): void {
    this.version = version;
    if (this.values === NONE) return;
    for (let i = 1; i < this.values.length; i++) {
      const value = this.values[i];
      if (typeof value === "object" && value !== null) (this.earlier ??= [])[i] = value;
    }
    this.values = NONE;
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
