import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";

// The class of entities builds on modules that check arguments, so that it makes itself known here instead of being imported.
let isEntity: (value: unknown) => value is Entity;

/** @internal Says what is an entity. */
export function knowEntities(test: typeof isEntity): void {
  isEntity = test;
}

/** What a value must be, in words, and whether it is. */
export type Check = readonly [wanted: string, holds: (value: never) => boolean];

/** The options of a call, each with what it must be. */
export type Checks<Options extends object> = { readonly [Name in keyof Required<Options>]: Check };

export const text: Check = ["text", (value: unknown) => typeof value === "string"];
export const flag: Check = ["true or false", (value: unknown) => typeof value === "boolean"];
export const call: Check = ["a function", (value: unknown) => typeof value === "function"];
export const signal: Check = ["an AbortSignal", (value: unknown) => isObject(value) && typeof (value as { addEventListener?: unknown }).addEventListener === "function"];
export const entity: Check = ["an entity", (value: unknown) => isEntity(value)];
export const values: Check = ['an object of values by attribute, such as { name: "comp" }', isRecord];
/** For what is looked at where it is used. */
export const anything: Check = ["anything", () => true];

/** What most calls take. */
export const CALL_OPTIONS = { signal } as const;

/**
 * The options of a call, of which there may be none: `undefined`, or `null`, as plain JavaScript has it.
 * @throws {InvalidArgumentError} for unknown ones, which may need another remedy than to be spelt right, and for values of a wrong kind. Values themselves are not shown: one may be a secret.
 */
export function optionsOf<Options extends object>(caller: string, options: Options | null | undefined, checks: Checks<Options>, remedy = ""): Options {
  if (options === undefined || options === null) return {} as Options;
  const names = Object.keys(checks);
  if (!isRecord(options)) throw new InvalidArgumentError(`${caller}: the options must be an object with any of ${names.join(", ")}, not ${kindOf(options)}`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name)) throw new InvalidArgumentError(`${caller}: unknown option "${name}"; there ${listed(names)}${remedy}`);
    const [wanted, holds] = checks[name as keyof Options];
    if (value !== undefined && !holds(value as never)) throw new InvalidArgumentError(`${caller}: the option ${name} must be ${wanted}, not ${kindOf(value, wanted)}`);
  }
  return options;
}

function listed(names: readonly string[]): string {
  return names.length > 1 ? `are ${names.slice(0, -1).join(", ")} and ${names.at(-1)!}` : `is ${names[0]!}`;
}

/** Refuses an argument that is not what it must be. */
export function checkArgument(caller: string, name: string, value: unknown, [wanted, holds]: Check): void {
  if (!holds(value as never)) throw new InvalidArgumentError(`${caller}: the ${name} must be ${wanted}, not ${kindOf(value, wanted)}`);
}

/** An argument that is a list, or anything else that can be iterated, as a list of its own. */
export function listOf<T>(caller: string, name: string, wanted: string, value: Iterable<T>): T[] {
  checkArgument(caller, name, value, [wanted, (given: unknown) => isObject(given) && Symbol.iterator in given]);
  return [...value];
}

/** An argument that is an entity, of a type where one is named. */
export function entityOf(caller: string, name: string, value: Entity, type?: string): Entity {
  checkArgument(caller, name, value, [type ? `a ${type}` : "an entity", (given: unknown) => isEntity(given) && (!type || given.isA(type))]);
  return value;
}

/** An argument that is a list of entities, of a type where one is named. */
export function entitiesOf(caller: string, values: Iterable<Entity>, type?: string): Entity[] {
  const all = listOf(caller, "argument", "a list of entities", values);
  for (const each of all) entityOf(caller, "members of the list", each, type);
  return all;
}

/** What kind of value something is, for an error that wants another. */
export function kindOf(value: unknown, wanted = ""): string {
  if (value === null || value === undefined) return String(value);
  if (value === "") return "empty text";
  // What wants one of several texts, or a list of something, is not helped by "a string", "an array".
  if (typeof value === "string") return /^(one of |")/.test(wanted) ? "another text" : "text";
  if (Array.isArray(value)) return wanted.startsWith("a list ") ? "a list of something else" : "an array";
  if (isEntity(value)) return `an entity of type ${value.entityType}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether a value can have members by name: an object that is nothing more. */
function isRecord(value: unknown): boolean {
  return isObject(value) && !(Symbol.iterator in value) && !(value instanceof Date) && !isEntity(value);
}
