import { isEntity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { identity } from "./value.js";

/** Makes a key of any number of items: always the same of equal ones, and never the same of different ones. */
export interface KeyMaker {
  /** @throws {InvalidArgumentError} for an item that it makes no key of */
  key(...items: readonly unknown[]): string;
}

/**
 * Makes keys of texts, finite numbers, booleans, null, and arrays of these: their JSON, with commas between items. The key of an
 * entity's `identity` is `["Task",["d5c2..."]]`.
 */
export class StringKeyMaker implements KeyMaker {
  key(...items: readonly unknown[]): string {
    return joined(items, plain, "neither text, finite number, boolean nor null, nor an array of these");
  }
}

/** Makes keys of entities, as StringKeyMaker makes them of their identities, and of all that it takes. */
export class EntityKeyMaker implements KeyMaker {
  key(...items: readonly unknown[]): string {
    return joined(items, withEntities, "neither an entity nor text, finite number, boolean, null, nor an array of these");
  }
}

/**
 * Makes keys of nearly everything: what EntityKeyMaker takes, all numbers, undefined, dates, bytes, maps, sets, plain objects, and
 * objects with a `toJSON`. Functions are told apart by what they are, so keys with one are good in this page only.
 */
export class ObjectKeyMaker implements KeyMaker {
  key(...items: readonly unknown[]): string {
    return joined(items, (item) => anything(item, []), "or holds something that contains itself, a symbol, or of a class without toJSON");
  }
}

/** Gives the key of an item, `undefined` for none. */
type Maker = (item: unknown) => string | undefined;

function joined(items: readonly unknown[], make: Maker, reason: string): string {
  return items
    .map((item, i) => {
      const key = make(item);
      if (key === undefined) throw new InvalidArgumentError(`cache key: item ${i + 1} is ${reason}`);
      return key;
    })
    .join(",");
}

function list(items: readonly unknown[], make: Maker): string | undefined {
  const keys = items.map(make);
  return keys.includes(undefined) ? undefined : `[${keys.join(",")}]`;
}

function plain(item: unknown): string | undefined {
  if (item === null || typeof item === "string" || typeof item === "boolean") return JSON.stringify(item);
  if (typeof item === "number") return Number.isFinite(item) ? JSON.stringify(item) : undefined;
  return Array.isArray(item) ? list(item, plain) : undefined;
}

function withEntities(item: unknown): string | undefined {
  if (isEntity(item)) return plain(identity(item));
  return Array.isArray(item) ? list(item, withEntities) : plain(item);
}

const functions = new WeakMap<object, number>();
let lastFunction = 0;

function anything(item: unknown, around: readonly object[]): string | undefined {
  switch (typeof item) {
    case "number":
      return Number.isFinite(item) ? JSON.stringify(item) : String(item);
    case "undefined":
      return "undefined";
    case "bigint":
      return `${item}n`;
    case "function": {
      let number = functions.get(item);
      if (number === undefined) functions.set(item, (number = ++lastFunction));
      return `function(${number})`;
    }
    case "object":
      return item === null ? "null" : isEntity(item) ? withEntities(item) : object(item, around);
  }
  return plain(item);
}

function object(item: object, around: readonly object[]): string | undefined {
  if (around.includes(item)) return undefined;
  const inside = [...around, item];
  const make: Maker = (each) => anything(each, inside);
  const pair = ([name, value]: readonly [unknown, unknown]): string | undefined => {
    const [key, content] = [make(name), make(value)];
    return key === undefined || content === undefined ? undefined : `${key}:${content}`;
  };
  const braces = (keys: readonly (string | undefined)[]): string | undefined => (keys.includes(undefined) ? undefined : `{${[...keys].sort().join(",")}}`);
  const named = (name: string, key: string | undefined): string | undefined => (key === undefined ? undefined : `${name}${key}`);
  if (Array.isArray(item)) return list(item, make);
  if (item instanceof Date) return `date(${Number.isNaN(item.getTime()) ? "" : item.toISOString()})`;
  if (item instanceof ArrayBuffer || ArrayBuffer.isView(item)) return binary(item);
  if (item instanceof Map) return named("map", braces([...item].map(pair)));
  if (item instanceof Set) return named("set", braces([...item].map(make)));
  const prototype = Object.getPrototypeOf(item) as object | null;
  if (prototype === null || prototype === Object.prototype) return braces(Object.entries(item).map(pair));
  const { toJSON, constructor } = item as { toJSON?: unknown; constructor?: { name?: unknown } };
  return typeof toJSON === "function" ? named(String(constructor?.name), make([toJSON.call(item)])) : undefined;
}

/** Bytes; arrays of other numbers by their class too. */
function binary(item: ArrayBuffer | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(item) ? new Uint8Array(item.buffer, item.byteOffset, item.byteLength) : new Uint8Array(item);
  const name = item instanceof Uint8Array || item instanceof ArrayBuffer ? "bytes" : item.constructor.name;
  return `${name}(${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")})`;
}
