/** `2024-10-29T22:00:00.123456+02:00`, with parts of a second and zone optional, and a space for the T allowed. */
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(?:(Z|z)|([+-])(\d\d):?(\d\d)?)?$/;

/**
 * Reads a date and time of the server, which without a zone is UTC. Text that is none gives an invalid Date, as the
 * Date constructor does.
 */
export function parseDateTime(text: string): Date {
  const parts = DATE_TIME.exec(text);
  if (!parts) return new Date(NaN);
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", , sign, zoneHour = "0", zoneMinute = "0"] = parts;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, "0")));
  const moved = Number(zoneHour) * 60 + Number(zoneMinute);
  return sign ? new Date(date.getTime() - (sign === "-" ? -moved : moved) * 60_000) : date;
}

/**
 * Reads the form that servers send, `2024-10-29T22:00:00`, from its bytes, which takes a fifth of the time. Any other text
 * gives nothing.
 */
export function parsePlainDateTime(b: Uint8Array, ptr: number, length: number): Date | undefined {
  const separated = length === 19 && b[ptr + 4] === 45 && b[ptr + 7] === 45 && b[ptr + 10] === 84 && b[ptr + 13] === 58 && b[ptr + 16] === 58;
  if (!separated) return undefined;
  const year = digits(b, ptr) * 100 + digits(b, ptr + 2);
  const month = digits(b, ptr + 5);
  // What is no digit is NaN, which fails these and stays NaN in the rest.
  if (!(year > 99 && month > 0 && month < 13)) return undefined;
  const hours = daysSince1970(year, month, digits(b, ptr + 8)) * 24 + digits(b, ptr + 11);
  const time = ((hours * 60 + digits(b, ptr + 14)) * 60 + digits(b, ptr + 17)) * 1000;
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** Days from 1970-01-01, with years that begin in March, so that a leap day is the last; a third of the time of Date.UTC. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.trunc((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return 365 * y + Math.trunc(y / 4) - Math.trunc(y / 100) + Math.trunc(y / 400) + dayOfYear - 719_468;
}

/** Two digits at a place, NaN for anything else. */
function digits(b: Uint8Array, at: number): number {
  const tens = b[at]! - 48;
  const ones = b[at + 1]! - 48;
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : NaN;
}

/** The date part of a date-only value: `2024-10-29`. */
export function parseDateOnly(text: string): string {
  return text.slice(0, 10);
}

/** ISO text for snapshots: UTC, without empty parts of a second; `null` for an invalid Date. */
export function dateText(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace(".000Z", "Z");
}

interface Tagged {
  __type__?: unknown;
  value?: unknown;
}

/**
 * Replaces the server's tagged dates within a JSON value, deep: a date-time becomes a Date, a date its text. Other
 * values stay as they are; the containers are changed in place.
 */
export function decodeTags(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = decodeTags(value[i]);
    return value;
  }
  const { __type__: tag, value: text } = value as Tagged;
  if (typeof text === "string" && Object.hasOwn(value, "__type__")) {
    if (tag === "datetime") return parseDateTime(text);
    if (tag === "date") return parseDateOnly(text);
  }
  for (const key of Object.keys(value)) {
    // A key may be `__proto__`: an own property here, which plain assignment would lose.
    const inner = (value as Record<string, unknown>)[key];
    const decoded = decodeTags(inner);
    if (decoded !== inner) Object.defineProperty(value, key, { value: decoded, writable: true, enumerable: true, configurable: true });
  }
  return value;
}
