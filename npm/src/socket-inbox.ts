import { inOwnTask } from "./task-queue.js";

/** Milliseconds of the page's time that messages are handed over for in one go. */
const SLICE = 2;
/** How many messages go together at most, and for how long such a call may last before fewer go. */
const MOST = 16;
const QUICK = 1;
/** Bytes that are kept for the messages to come. */
const KEPT = 1 << 20;
/** How many characters wait at most: a page that stood still for minutes is better off asking what has changed. */
const MOST_WAITING = 1 << 26;

const encoder = new TextEncoder();

/**
 * What came over a socket and is not handed over yet. A browser hands a page that was busy all messages that have come since, one after
 * the other, and draws nothing until it is done; here they go on in slices, several in one call.
 */
export class SocketInbox {
  readonly #hand: (messages: Uint8Array) => void;
  #waiting: (string | (() => void))[] = [];
  #next = 0;
  #characters = 0;
  #scheduled = false;
  #together = 1;
  #buffer = new Uint8Array(0);

  /** `hand` gets messages one behind the other, each after its length in bytes, four bytes in the order of x86; they are there during the call. */
  constructor(hand: (messages: Uint8Array) => void) {
    this.#hand = hand;
  }

  /** Takes a message. It gives false, and takes none, when too much waits already. */
  message(text: string): boolean {
    if (this.#characters > MOST_WAITING) return false;
    this.#characters += text.length;
    this.#add(text);
    return true;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = [];
    this.#next = this.#characters = 0;
  }

  /** Calls a function when everything that came before is handed over. */
  then(fn: () => void): void {
    this.#add(fn);
  }

  #add(entry: string | (() => void)): void {
    this.#waiting.push(entry);
    if (this.#scheduled) return;
    this.#scheduled = true;
    inOwnTask(() => this.#work());
  }

  #work(): void {
    let at = performance.now();
    const until = at + SLICE;
    while (this.#next < this.#waiting.length && at < until) {
      const entry = this.#waiting[this.#next]!;
      if (typeof entry === "string") this.#hand(this.#pack());
      else {
        this.#next++;
        entry();
      }
      const now = performance.now();
      this.#together = now - at < QUICK ? Math.min(2 * this.#together, MOST) : Math.max(this.#together >> 1, 1);
      at = now;
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
      this.#scheduled = false;
      return;
    }
    inOwnTask(() => this.#work());
  }

  /** Takes the next messages out, as they are handed over. */
  #pack(): Uint8Array {
    const texts: string[] = [];
    let most = 0;
    while (texts.length < this.#together && this.#next < this.#waiting.length) {
      const text = this.#waiting[this.#next]!;
      if (typeof text !== "string" || (texts.length && most + 3 * text.length > KEPT)) break;
      this.#waiting[this.#next++] = "";
      this.#characters -= text.length;
      texts.push(text);
      most += 4 + 3 * text.length;
    }
    const buffer = most <= this.#buffer.length ? this.#buffer : new Uint8Array(most);
    if (most <= KEPT) this.#buffer = buffer;
    const view = new DataView(buffer.buffer);
    let length = 0;
    for (const text of texts) {
      const { written } = encoder.encodeInto(text, buffer.subarray(length + 4));
      view.setUint32(length, written, true);
      length += 4 + written;
    }
    return buffer.subarray(0, length);
  }
}
