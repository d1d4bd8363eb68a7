import { requested } from "../database.js";

/** How many large puts are under way at once: while the browser takes one, the next ones are made. */
const UNDER_WAY = 8;

/**
 * The puts of one transaction. Each of a large value keeps the page busy while the browser copies it: they are made in the success handlers
 * of earlier ones, so that the page gets its turn between them. One that fails aborts the transaction, which tells why.
 */
export class Flow {
  readonly #underWay: Promise<unknown>[] = [];

  /** Waits until a large one may be made. Nothing else may be waited for between this and `large`. */
  async room(): Promise<void> {
    if (this.#underWay.length >= UNDER_WAY) await this.#underWay.shift();
  }

  /** Waits for one of the large ones under way; false when there is none. */
  async one(): Promise<boolean> {
    if (!this.#underWay.length) return false;
    await this.#underWay.shift();
    return true;
  }

  large(put: IDBRequest): void {
    this.#underWay.push(this.#made(put));
  }

  /** One that costs the page nothing. */
  small(put: IDBRequest): void {
    void this.#made(put);
  }

  #made(put: IDBRequest): Promise<unknown> {
    const done = requested(put);
    done.catch(() => undefined); // the transaction tells
    return done;
  }
}
