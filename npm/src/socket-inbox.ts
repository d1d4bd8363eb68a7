import { inOwnTask } from "./task-queue.js";

/** Milliseconds of the page's time that messages are handed over for in one go. */
const SLICE = 2;
/** How many messages go together at most, and for how long such a call may last before fewer go. */
const MOST = 16;
const QUICK = 1;
/** Bytes of the pieces in which messages wait; a longer message has one of its own. */
const PIECE = 1 << 18;
/** How many bytes wait at most: a page that stood still for minutes is better off asking what has changed. */
const MOST_WAITING = 1 << 26;

const encoder = new TextEncoder();

/** Messages one behind the other, each after its length in bytes, four bytes in the order of x86. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the first message stands that waits. */
  from: number;
  /** Where the next can be put. */
  to: number;
}

/**
 * What came over a socket and is not handed over yet. A browser hands a page that was busy all messages that have come since, one after
 * the other, and draws nothing until it is done; here they go on in slices, several in one call. They wait as bytes: texts that outlive the
 * task in which they came are freed only by a collection of everything, and bring it on.
 */
export class SocketInbox {
  readonly #hand: (messages: Uint8Array) => void;
  #waiting: (Piece | (() => void))[] = [];
  #free: Piece[] = [];
  #next = 0;
  #bytes = 0;
  #scheduled = false;
  #together = 1;

  /** `hand` gets messages one behind the other, each after its length in bytes, four bytes in the order of x86; they are there during the call. */
  constructor(hand: (messages: Uint8Array) => void) {
    this.#hand = hand;
  }

  /** Takes a message. It gives false, and takes none, when too much waits already. */
  message(text: string): boolean {
    if (this.#bytes > MOST_WAITING) return false;
    const piece = this.#pieceFor(4 + 3 * text.length);
    const { written } = encoder.encodeInto(text, piece.bytes.subarray(piece.to + 4));
    piece.view.setUint32(piece.to, written, true);
    piece.to += 4 + written;
    this.#bytes += 4 + written;
    this.#schedule();
    return true;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = [];
    this.#next = this.#bytes = 0;
  }

  /** Calls a function when everything that came before is handed over. */
  then(fn: () => void): void {
    this.#waiting.push(fn);
    this.#schedule();
  }

  /** A piece at the end of the line with room for so many bytes. */
  #pieceFor(size: number): Piece {
    const last = this.#waiting[this.#waiting.length - 1];
    if (typeof last === "object" && last.bytes.length - last.to >= size) return last;
    const piece = size <= PIECE ? (this.#free.pop() ?? pieceOf(PIECE)) : pieceOf(size);
    this.#waiting.push(piece);
    return piece;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    inOwnTask(() => this.#work());
  }

  #work(): void {
    let at = performance.now();
    const until = at + SLICE;
    while (this.#next < this.#waiting.length && at < until) {
      const entry = this.#waiting[this.#next]!;
      if (typeof entry === "function") {
        this.#next++;
        entry();
      } else if (entry.from < entry.to) this.#hand(this.#take(entry));
      else this.#release(entry);
      const now = performance.now();
      this.#together = now - at < QUICK ? Math.min(2 * this.#together, MOST) : Math.max(this.#together >> 1, 1);
      at = now;
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#free.length = Math.min(this.#free.length, 1);
      this.#next = 0;
      this.#scheduled = false;
      return;
    }
    inOwnTask(() => this.#work());
  }

  /** The next messages of a piece, which wait no longer. */
  #take(piece: Piece): Uint8Array {
    const { bytes, view, from, to } = piece;
    let end = from;
    for (let count = 0; count < this.#together && end < to; count++) end += 4 + view.getUint32(end, true);
    piece.from = end;
    this.#bytes -= end - from;
    return bytes.subarray(from, end);
  }

  /** Has a piece whose messages are handed over leave the line. */
  #release(piece: Piece): void {
    this.#next++;
    if (piece.bytes.length !== PIECE) return;
    piece.from = piece.to = 0;
    this.#free.push(piece);
  }
}

function pieceOf(size: number): Piece {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer), from: 0, to: 0 };
}
