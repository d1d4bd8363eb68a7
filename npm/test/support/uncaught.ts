import { onTestFinished, vi } from "vitest";

/** The errors that microtasks end with, which are the page's otherwise, until the test is over. */
export function uncaughtErrors(): string[] {
  const uncaught: string[] = [];
  const { queueMicrotask } = globalThis;
  vi.stubGlobal("queueMicrotask", (task: () => void) =>
    queueMicrotask(() => {
      try {
        task();
      } catch (error) {
        uncaught.push(String(error));
      }
    }),
  );
  onTestFinished(() => void vi.unstubAllGlobals());
  return uncaught;
}
