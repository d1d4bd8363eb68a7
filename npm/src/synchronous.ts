/** Runs a function that must not wait. */
function synchronous<T>(caller: string, fn: () => T): T {
  const result = fn();
  if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === "function") {
    throw new TypeError(`${caller}: the function must be synchronous; it returned a promise`);
  }
  return result;
}

/** Runs a function that must not wait with a switch set, and sets the switch back. */
export function switched<Name extends string, T>(caller: string, owner: Record<Name, boolean>, name: Name, flag: boolean, fn: () => T): T {
  const before = owner[name];
  owner[name] = flag;
  try {
    return synchronous(caller, fn);
  } finally {
    owner[name] = before;
  }
}
