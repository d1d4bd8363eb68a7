/**
 * Runs functions each in a task of its own, in order, so that the page draws and answers between them. Timers would do
 * it too, but browsers hold nested ones back by 4 ms, and far longer in a tab that is not seen.
 */
export const inOwnTask: (fn: () => void) => void = makeQueue();

function makeQueue(): (fn: () => void) => void {
  if (typeof setImmediate === "function") return (fn) => void setImmediate(fn);
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return (fn) => {
    waiting.push(fn);
    port2.postMessage(null);
  };
}
