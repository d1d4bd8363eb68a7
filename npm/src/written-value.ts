import { decodeTags } from "./dates.js";
import { isEntity, stateOf } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import type { Records } from "./records.js";

/** The value of an attribute that has none locally: setting it takes a local value back, as `unset` does. */
export const NOT_SET: unique symbol = Symbol.for("ftrack-wasm.NOT_SET");

/** A value as commands to the core carry it. */
export type WrittenValue = string | number | boolean | null | object;

/**
 * Encodes a value for a command: entities by their record, Dates as the server's tagged date-times.
 * @throws {InvalidArgumentError} for what cannot be a value, naming `place`
 */
export function writtenValue(records: Records, value: unknown, place: string): WrittenValue {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new InvalidArgumentError(`${place}: ${value} is no number that can be stored`);
      return value;
    case "bigint":
      if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) throw new InvalidArgumentError(`${place}: ${value} is too large`);
      return Number(value);
    case "undefined":
      throw new InvalidArgumentError(`${place} cannot be undefined: null empties it, unset takes the local value back`);
    case "symbol":
      if (value === NOT_SET) return { $: 0 };
      break;
    case "object":
      return value === null ? null : writtenObject(records, value, place);
  }
  throw new InvalidArgumentError(`${place} cannot be a ${typeof value}`);
}

/** What a value of a command stands for: entities of the session, Dates, `NOT_SET`. */
export function readWritten(records: Records, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => readWritten(records, item)));
  const { $: record } = value as { $?: unknown };
  if (typeof record === "number") return record === 0 ? NOT_SET : records.object(record);
  const { $$: plain } = value as { $$?: object };
  if (plain !== undefined) return Object.fromEntries(Object.entries(plain).map(([name, part]) => [name, readWritten(records, part)]));
  const decoded = decodeTags(value);
  if (decoded !== value || decoded instanceof Date) return decoded;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, readWritten(records, part)]));
}

function writtenObject(records: Records, value: object, place: string): WrittenValue {
  if (value instanceof Date) return { __type__: "datetime", value: dateTime(value, place) };
  if (isEntity(value)) {
    if (stateOf(value).records !== records) throw new InvalidArgumentError(`${place}: the ${value.entityType} is of another session`);
    return { $: stateOf(value).handle };
  }
  // The parts of plain objects are values too: the keys of a mapping.
  if (Object.getPrototypeOf(value) === Object.prototype) {
    const written = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, writtenValue(records, part, `${place}.${name}`)]));
    return "$" in value || "$$" in value ? { $$: written } : written; // "$" alone stands for entities
  }
  if (Symbol.iterator in value) {
    const items = [...(value as Iterable<unknown>)];
    const entities = items.filter(isEntity).length;
    if (entities > 0 && entities < items.length) throw new InvalidArgumentError(`${place} takes entities or plain values, not both in one list: get the entity that a plain value stands for`);
    return items.map((item, i) => writtenValue(records, item, `${place}[${i}]`));
  }
  return value;
}

/** A Date as ftrack-python writes it: UTC with its offset, parts of a second only where there are some. */
function dateTime(date: Date, place: string): string {
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError(`${place} cannot be an invalid Date`);
  const [seconds, parts] = date.toISOString().slice(0, -1).split(".");
  return `${seconds}${parts === "000" ? "" : `.${parts}000`}+00:00`;
}
