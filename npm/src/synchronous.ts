/** Runs a function that must not wait. */
export function synchronous<T>(caller: string, fn: () => T): T {
  const result = fn();
  if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === "function") {
    throw new TypeError(`${caller}: the function must be synchronous; it returned a promise`);
  }
  return result;
}
