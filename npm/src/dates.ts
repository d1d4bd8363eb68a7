/** `2024-10-29T22:00:00.123456+02:00`, with parts of a second and zone optional, and a space for the T allowed. */
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(?:(Z|z)|([+-])(\d\d):?(\d\d)?)?$/;

/**
 * Reads a date and time of the server, which without a zone is UTC. Text that is none gives an invalid Date, as the
 * Date constructor does.
 */
export function parseDateTime(text: string): Date {
  return parsePlain(text) ?? parseAny(text);
}

/** The form that servers send, `2024-10-29T22:00:00`, in a third of the time that the general way takes. */
function parsePlain(text: string): Date | undefined {
  if (text.length !== 19 || text[4] !== "-" || text[7] !== "-" || text[10] !== "T" || text[13] !== ":" || text[16] !== ":") return undefined;
  const year = digits(text, 0) * 100 + digits(text, 2);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; what is no digit gives NaN, which is not above 99 either.
  if (!(year > 99)) return undefined;
  const time = Date.UTC(year, digits(text, 5) - 1, digits(text, 8), digits(text, 11), digits(text, 14), digits(text, 17));
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** Two digits at a place, NaN for anything else. */
function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : NaN;
}

function parseAny(text: string): Date {
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
