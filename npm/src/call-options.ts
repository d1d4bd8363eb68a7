import { InvalidArgumentError } from "./errors.js";

/** A part of a primary key. */
export type Key = string | number;

/** What calls take beside their arguments. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason, and its requests are cancelled. */
  signal?: AbortSignal;
}

/** Refuses options of other names: what is misspelt would be lost. */
export function checkNames(caller: string, options: object, names: readonly string[], remedy = ""): void {
  if (typeof options !== "object" || options === null) throw new InvalidArgumentError(`${caller}: the options must be an object`);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new InvalidArgumentError(`${caller}: unknown option "${name}"; there ${names.length > 1 ? `are ${names.slice(0, -1).join(", ")} and ` : "is "}${names.at(-1)!}${remedy}`);
  }
}
