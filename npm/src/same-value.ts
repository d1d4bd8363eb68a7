/** Whether two decoded values say the same: dates by their time, JSON by its content, all else by identity. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Date || b instanceof Date) return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime());
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  if (!isPlain(a) || !isPlain(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

/** `next`, with every part that says the same as in `previous` replaced by that very part. */
export function shareParts<T>(previous: unknown, next: T): T {
  if (sameValue(previous, next)) return previous as T;
  if (!isPlain(previous) || !isPlain(next)) return next;
  const shared: Record<string, unknown> = {};
  for (const key of Object.keys(next)) {
    const part = (next as Record<string, unknown>)[key];
    const value = Object.hasOwn(previous, key) ? shareParts((previous as Record<string, unknown>)[key], part) : part;
    Object.defineProperty(shared, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return Object.freeze(shared) as T;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
