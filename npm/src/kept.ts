import type { Core } from "./core.js";
import type { KeptStatistics } from "./idb/reply-database.js";
import { nameObjects } from "./object-name.js";
import type { KeptStore } from "./reply-store.js";

/** What this browser keeps of what the server sent to a session; `session.kept`. */
export class Kept {
  readonly #core: Core;
  readonly #session: number;
  readonly #replies: KeptStore;

  static {
    nameObjects(this, "Kept");
  }

  /** @internal */
  constructor(core: Core, session: number, replies: KeptStore) {
    this.#core = core;
    this.#session = session;
    this.#replies = replies;
  }

  /**
   * Waits until all that has come so far is in the database. The operating system has it then (the durability is `relaxed`): it survives the
   * end of the browser, but may be lost where the machine itself stops. A Chromium that is killed twice while it writes can break the file
   * behind its databases, and drops them then (github.com/google/leveldb/issues/1287): what is kept begins anew. False when something that
   * has come since it was asked last is not there: there is no database, or no room.
   */
  async written(): Promise<boolean> {
    await this.#core.request(this.#session, "saved", {});
    return this.#replies.written();
  }

  /** How much there is, how old it is, and how often it served. */
  statistics(): Promise<KeptStatistics> {
    return this.#replies.statistics();
  }

  /** Drops all of it. The session goes on, and keeps what comes from now on. */
  async clear(): Promise<void> {
    await this.#core.request(this.#session, "saved", {});
    await this.#replies.clear();
  }
}
