const waiting: (() => void)[] = [];

/**
 * Runs functions each in a task of its own, in order, so that the page draws and answers between them. Timers would do
 * it too, but browsers hold nested ones back by 4 ms, and far longer in a tab that is not seen.
 */
export const inOwnTask: (fn: () => void) => void = makeQueue();

/** Whether others wait for tasks of their own. */
export function othersWait(): boolean {
  return waiting.length > 0;
}

function makeQueue(): (fn: () => void) => void {
  if (typeof setImmediate === "function") return (fn) => void setImmediate(fn);
  const { port1, port2 } = new MessageChannel();
  const ask = (): void => port2.postMessage(null);
  port1.onmessage = () => {
    const fn = waiting.shift();
    // Only then the next: what else the page has to do comes between any two of them.
    if (waiting.length) ask();
    fn?.();
  };
  return (fn) => {
    if (waiting.push(fn) === 1) ask();
  };
}
