/** How often and how long something is tried again. */
export interface RetryPolicy {
  /** In all. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled for each further one. */
  readonly delay: number;
  /** Milliseconds that no delay is longer than, jitter aside. */
  readonly maxDelay: number;
  /** Milliseconds that are added by chance, at most. */
  readonly jitter: number;
}

/** What the server's own clients do with uploads. */
export const UPLOAD_RETRY: RetryPolicy = { attempts: 16, delay: 1000, maxDelay: 64_000, jitter: 500 };

/**
 * Runs `work` until it succeeds or fails for good: `again` says of an error whether another attempt may help. A page that comes back
 * online tries at once. Ends with the signal's reason.
 */
export async function retried<T>(work: () => Promise<T>, again: (error: unknown) => boolean | Promise<boolean>, signal: AbortSignal, policy: RetryPolicy): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (attempt >= policy.attempts || !(await again(error))) throw error;
      await pause(Math.min(policy.delay * 2 ** (attempt - 1), policy.maxDelay) + Math.random() * policy.jitter, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (typeof removeEventListener === "function") removeEventListener("online", onOnline);
    };
    const onAbort = (): void => {
      end();
      reject(signal.reason);
    };
    const onOnline = (): void => {
      end();
      resolve();
    };
    const timer = setTimeout(onOnline, milliseconds);
    signal.addEventListener("abort", onAbort, { once: true });
    if (typeof addEventListener === "function") addEventListener("online", onOnline);
    if (signal.aborted) onAbort();
  });
}
