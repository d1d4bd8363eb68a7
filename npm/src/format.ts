import { call, entityOf, flag, optionsOf } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { Collection } from "./collection.js";
import { KeyedCollection } from "./keyed-collection.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { printedText } from "./printed-value.js";
import { identity } from "./value.js";

/** How `format` prints. */
export interface FormatOptions {
  /** Which attributes are printed; by default those that are loaded. */
  filter?: ((entity: Entity, name: string, value: unknown) => boolean) | undefined;
  /** Whether entities that are named are printed too, each once; otherwise by type and key. */
  recursive?: boolean | undefined;
  /** Spaces of a level. */
  indent?: number | undefined;
}

const FORMAT_OPTIONS: Checks<FormatOptions> = { filter: call, recursive: flag, indent: ["a whole number of spaces", (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100] };

/** Prints an entity as text: what is loaded of it, one attribute a line, addresses without the API key. It asks the server for nothing. */
export function format(entity: Entity, options: FormatOptions = {}): string {
  const { filter = (_, __, value) => value !== undefined, recursive = false, indent = 2 } = optionsOf<FormatOptions>("format", options, FORMAT_OPTIONS);
  entityOf("format", "first argument", entity);
  const seen = new Set<Entity>();
  const shown = (value: unknown, level: number): string => {
    if (isEntity(value)) return recursive && !seen.has(value) ? block(value, level) : named(value);
    if (value instanceof KeyedCollection) return value.loaded ? list([...value].map(([key, each]) => `${key}: ${shown(each, level + 1)}`), level) : "not loaded";
    if (value instanceof Collection) return value.loaded ? list([...value].map((each) => shown(each, level + 1)), level) : "not loaded";
    if (value === undefined) return "not loaded";
    if (value instanceof Date) return value.toISOString();
    return printedText(typeof value === "string" ? value : JSON.stringify(value));
  };
  const list = (items: readonly string[], level: number): string => (items.length ? items.map((item) => `\n${" ".repeat(indent * (level + 1))}- ${item}`).join("") : "none");
  const block = (each: Entity, level: number): string => {
    seen.add(each);
    const lines = [...stateOf(each).type.attributes.keys()]
      .map((name) => [name, readAttribute(each, name)] as const)
      .filter(([name, value]) => filter(each, name, isUnloaded(value) ? undefined : value))
      .map(([name, value]) => `\n${" ".repeat(indent * (level + 1))}${name}: ${shown(value, level + 1)}`);
    return named(each) + lines.join("");
  };
  return block(entity, 0);
}

function isUnloaded(value: unknown): boolean {
  return (value instanceof Collection || value instanceof KeyedCollection) && !value.loaded;
}

function named(entity: Entity): string {
  const [type, key] = identity(entity);
  return `${type}(${key.join(", ")})`;
}
