/** Calls a listener. Its fault must not silence others, nor fail what it is told of; the page hears of it as of any uncaught error. */
export function callListener(call: () => void): void {
  try {
    call();
  } catch (error) {
    throwUncaught(error);
  }
}

/** Has the page hear of an error that nobody waits for. */
export function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
