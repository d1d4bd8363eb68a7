import type { Core } from "./core.js";
import { errorFromCore } from "./core-errors.js";
import { CoreCrashedError } from "./errors.js";
import { decodeUtf8 } from "./text.js";

/** Length of the core's own buffer; longer commands get an area of their own. */
const BUFFER_LENGTH = 4096;

/** The answer without a result is `{"v":null}`: its length, and the place and code of the letter that no other answer has there. */
const NOTHING = { length: 10, at: 5, letter: 0x6e };

/** A change that the core makes at once. */
export interface Command {
  readonly op: string;
  readonly [name: string]: unknown;
}

/** The way of synchronous changes into the core. */
export class Commands {
  readonly #core: Core;
  readonly #session: number;
  readonly #changed: (handles: Int32Array) => void;
  readonly #encoder = new TextEncoder();
  /** Whether something in the core follows changes. */
  followed = false;
  #waking = false;

  constructor(core: Core, session: number, changed: (handles: Int32Array) => void) {
    this.#core = core;
    this.#session = session;
    this.#changed = changed;
  }

  /**
   * Makes a change and gives its result. Nothing has changed when it throws.
   * @throws {FtrackError} what the core found wrong
   */
  run(command: Command): unknown {
    return this.runText(JSON.stringify(command));
  }

  /** `run` for a command that is JSON already. */
  runText(command: string): unknown {
    return this.#call(command, (pointer, size) => this.#core.exports.ftrack_write(this.#session, pointer, size));
  }

  /** Sets one attribute of a record, by its slot; the value is JSON as commands have it. */
  set(handle: number, slot: number, value: string): void {
    this.#call(value, (pointer, size) => this.#core.exports.ftrack_set(this.#session, handle, slot, pointer, size));
  }

  #call(text: string, call: (pointer: number, size: number) => number): unknown {
    const core = this.#core;
    if (core.dead) throw core.closedError();
    let status: number;
    try {
      const [pointer, size] = this.#place(text);
      status = call(pointer, size) ^ core.readMark;
    } catch (error) {
      core.die(`the core broke: ${String(error)}`, error);
      throw core.closedError();
    }
    if (core.u8.length === 0) core.refresh();
    if (status !== 0 && status !== 1) {
      core.die(`the core broke: a change gave status ${status}`);
      throw new CoreCrashedError("the core broke");
    }
    if (this.followed && status === 0) this.#wake();
    const at = core.scratch >>> 2;
    const length = core.u32[at + 1]!;
    if (status === 0 && (length === 0 || (length === NOTHING.length && core.u8[core.u32[at]! + NOTHING.at] === NOTHING.letter))) return null;
    const answer = decodeUtf8(core.u8, core.u32[at]!, length);
    if (status === 1) throw errorFromCore(answer);
    const { v, changed } = JSON.parse(answer) as { v: unknown; changed?: number[] };
    if (changed) this.#changed(Int32Array.from(changed));
    return v;
  }

  /** What follows changes runs in a microtask: an export can start nothing. */
  #wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    queueMicrotask(() => {
      this.#waking = false;
      this.#core.wake();
    });
  }

  /** Puts a text where the core can read it: address and length. */
  #place(text: string): [pointer: number, length: number] {
    const core = this.#core;
    if (core.u8.length === 0) core.refresh();
    const { read, written } = this.#encoder.encodeInto(text, core.u8.subarray(core.buffer, core.buffer + BUFFER_LENGTH));
    if (read === text.length) return [core.buffer, written];
    const bytes = this.#encoder.encode(text);
    const pointer = core.exports.ftrack_reserve(bytes.length);
    if (core.u8.length === 0) core.refresh();
    core.u8.set(bytes, pointer);
    return [pointer, bytes.length];
  }
}
