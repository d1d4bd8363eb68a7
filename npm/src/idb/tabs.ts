/** What tabs tell each other of a database that they share. */
export interface News {
  /** The numbers of segments that were written. */
  readonly written: readonly number[];
  /** The numbers of segments that were deleted. */
  readonly deleted: readonly number[];
  /** Entities that the server has no more: type and key. */
  readonly gone: readonly (readonly [type: string, key: readonly string[]])[];
  /** Everything was dropped. */
  readonly cleared: boolean;
  /** What was written was there before, in other segments. */
  readonly moved: boolean;
}

/** The other tabs that have the same database open. Alone where the browser has no channels. */
export class Tabs {
  readonly #name: string;
  readonly #channel: BroadcastChannel | undefined;

  constructor(name: string, heard: (news: News) => void, share: boolean) {
    this.#name = name;
    if (!share || typeof BroadcastChannel !== "function") return;
    this.#channel = new BroadcastChannel(name);
    (this.#channel as { unref?(): void }).unref?.(); // Node would not end
    this.#channel.onmessage = ({ data }: MessageEvent<News>) => heard(data);
  }

  tell(news: Partial<News>): void {
    this.#channel?.postMessage({ written: [], deleted: [], gone: [], cleared: false, moved: false, ...news });
  }

  close(): void {
    this.#channel?.close();
  }

  /**
   * Runs `work` unless another tab is at it. Pages without TLS have no locks: there a lease in the database tells, which `lease` takes
   * when it is free.
   */
  async alone(work: () => Promise<void>, lease: () => Promise<boolean>): Promise<void> {
    const { locks } = globalThis.navigator as { locks?: LockManager };
    if (locks) return locks.request(`${this.#name} tidy`, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
    if (await lease()) await work();
  }
}
