import { isEntity } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { primaryKey } from "./value.js";

/** What can stand in an expression: entities by their id, arrays as the list of `in`. */
export type FtqlValue = FtqlScalar | readonly FtqlScalar[];

export type FtqlScalar = string | number | bigint | boolean | null | Date | Entity;

/**
 * Builds an expression; what is put in is quoted, so that no text can break out of its quotes: it brings them along. An array makes the
 * list of `in`, with its parentheses.
 *
 * @example session.query(ftql`select name from Task where project.name is ${name} and id in ${ids}`)
 * @throws {InvalidArgumentError} for what cannot stand in an expression: `undefined`, NaN, an invalid Date, an object; and for a value
 * within quotes or parentheses of the template's own.
 */
export function ftql(strings: TemplateStringsArray, ...values: FtqlValue[]): string {
  let text = strings[0]!;
  let within = quotesAfter("", text);
  for (const [i, value] of values.entries()) {
    const next = strings[i + 1]!;
    // Between quotes the value's own would end them, and its text be read as part of the expression.
    if (within && !["number", "bigint", "boolean"].includes(typeof value)) {
      throw new InvalidArgumentError(`ftql: a value stands within quotes (${within}\${...}${within}): leave them out, it brings its own; for like write \${text + "%"}`);
    }
    if (Array.isArray(value) && /\(\s*$/.test(strings[i]!) && /^\s*\)/.test(next)) {
      throw new InvalidArgumentError("ftql: a list stands within parentheses: write in ${list}, it brings its own");
    }
    text += quote(value) + next;
    within = quotesAfter(within, next);
  }
  return text;
}

/** The kind of quotes that are open behind a piece of the template, "" for none. */
function quotesAfter(open: string, piece: string): string {
  for (let i = 0; i < piece.length; i++) {
    const c = piece[i]!;
    if (open && c === "\\") i++;
    else if (open) open = c === open ? "" : open;
    else if (c === '"' || c === "'") open = c;
  }
  return open;
}

function quote(value: FtqlValue): string {
  return Array.isArray(value) ? `(${value.map(quoteScalar).join(", ")})` : quoteScalar(value as FtqlScalar);
}

function quoteScalar(value: FtqlScalar): string {
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return value.toString();
    case "number":
      if (!Number.isFinite(value)) throw new InvalidArgumentError(`ftql: a query has no ${value}`);
      return numberText(value);
    default:
  }
  if (value === null) return "None";
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new InvalidArgumentError("ftql: the Date is invalid");
    // The server keeps no parts of a second.
    return `"${value.toISOString().slice(0, -5)}"`;
  }
  if (isEntity(value)) {
    const key = Object.values(primaryKey(value));
    if (key.length !== 1) throw new InvalidArgumentError(`ftql: a ${value.entityType} has no single id; compare the parts of its key`);
    return quoteText(key[0]!);
  }
  throw new InvalidArgumentError(
    `ftql: ${value === undefined ? "undefined" : Array.isArray(value) ? "a list within a list" : `a ${typeof value}`} cannot stand in a query`,
  );
}

/**
 * It is not known how the server reads a backslash within quotes. So the form is chosen that holds in most readings: the
 * kind of quotes that the text does not contain, and each backslash doubled. It is the same as in the core.
 */
function quoteText(text: string): string {
  const mark = text.includes('"') && !text.includes("'") ? "'" : '"';
  return mark + text.replace(mark === "'" ? /['\\]/g : /["\\]/g, "\\$&") + mark;
}

/** Digits and a point only: an exponent is not known to be part of the language. */
function numberText(value: number): string {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!parts) return Object.is(value, -0) ? "0" : text;
  const [, sign = "", first = "", rest = "", exponent] = parts;
  const places = Number(exponent);
  return sign + (places < 0 ? `0.${"0".repeat(-places - 1)}${first}${rest}` : (first + rest).padEnd(places + 1, "0"));
}
