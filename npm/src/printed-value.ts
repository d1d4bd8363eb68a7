/** What stands for a key in an address. */
const KEY = /([?&]apiKey=)[^&\s"']+/gi;

/**
 * A value as it may be printed: addresses of the server's storage, such as those in `thumbnail_url`, carry the API key, and what is printed
 * may end up in a log.
 */
export function printedValue(value: unknown): unknown {
  if (typeof value === "string") return printedText(value);
  if (Array.isArray(value)) return value.map(printedValue);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, printedValue(each)]));
}

/** `printedValue` of a text. */
export function printedText(text: string): string {
  return text.replace(KEY, "$1[redacted]");
}
