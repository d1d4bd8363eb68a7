import { KeyedCollection } from "./keyed-collection.js";
import type { KeyOptions, MapView } from "./keyed-collection.js";

/**
 * Where the value of a custom attribute comes from: set on the entity itself (null can be set too), inherited from the nearest
 * entity above on which it is set, or the default of its configuration.
 */
export type CustomAttributeSource = "set" | "inherited" | "default";

/**
 * The custom attributes of an entity, by key. The rows that a query gives for `custom_attributes` show set, inherited and default
 * values alike; `load()` tells them apart and finds what is inherited. Where a key is a plain and a hierarchical attribute too,
 * the plain one is meant unless the other is asked for.
 */
export class CustomAttributes extends KeyedCollection {
  /** The value under a key, wherever it comes from; `undefined` without one, and while not loaded, unless it was set here. */
  override get(key: string, options: KeyOptions = {}): unknown {
    const { values } = this.view(hierarchicalOf(options));
    return Object.hasOwn(values, key) ? values[key] : undefined;
  }

  /** Where the value under a key comes from; `undefined` without one, and until `load()` has found out. */
  source(key: string, options: KeyOptions = {}): CustomAttributeSource | undefined {
    return known(this.view(hierarchicalOf(options)), "sources", key) as CustomAttributeSource | undefined;
  }

  /** The id of the entity that the value under a key is inherited from. */
  inheritedFrom(key: string, options: KeyOptions = {}): string | undefined {
    return known(this.view(hierarchicalOf(options)), "from", key);
  }

  /** Whether it is known where the values come from. */
  get resolved(): boolean {
    return this.view().resolved;
  }
}

// Reads refuse nothing.
function hierarchicalOf(options: KeyOptions | null): boolean {
  return options?.hierarchical ?? false;
}

function known(view: MapView, table: "sources" | "from", key: string): string | undefined {
  return Object.hasOwn(view[table], key) ? view[table][key] : undefined;
}
