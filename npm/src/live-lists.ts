import type { Commands } from "./commands.js";
import type { Core } from "./core.js";
import { errorFromCore } from "./core-errors.js";
import { InvalidArgumentError } from "./errors.js";
import { LiveList } from "./live-list.js";
import type { Records } from "./records.js";

export type { LiveList };

const decoder = new TextDecoder();

/** A list that the core follows, to be closed there when its object is collected. */
const forgotten = new FinalizationRegistry<() => void>((close) => close());

/** The live lists of a session. One that nobody holds and nobody listens to is closed when it is collected. */
export class LiveLists {
  readonly #core: Core;
  readonly #session: number;
  readonly #records: Records;
  readonly #commands: Commands;
  readonly #open = new Map<number, WeakRef<LiveList<unknown>>>();
  /** What was told of lists before their numbers were known here. */
  readonly #early = new Map<number, { status: number; bytes: Uint8Array<ArrayBuffer> }>();
  readonly #listened = new Set<LiveList<unknown>>();
  #opening = 0;

  constructor(core: Core, session: number, records: Records, commands: Commands) {
    this.#core = core;
    this.#session = session;
    this.#records = records;
    this.#commands = commands;
  }

  /** What the core has to say to this side. */
  get link(): { live(id: number, status: number, bytes: Uint8Array<ArrayBuffer>): void; holding(handles: Int32Array): void } {
    return { live: (id, status, bytes) => this.#told(id, status, bytes), holding: (handles) => this.#holding(handles) };
  }

  /** Takes ftrack.update events that came another way than by the hub. */
  async take(events: readonly object[]): Promise<void> {
    await this.#core.request(this.#session, "update", { events });
  }

  open<T>(expression: string): LiveList<T> {
    if (typeof expression !== "string") throw new InvalidArgumentError(`live: the expression must be text, not ${typeof expression}`);
    if (this.#records.gone) throw this.#core.closedError();
    const core = this.#core;
    const session = this.#session;
    let id = 0;
    let closed = false;
    let opened: Promise<void> | undefined = undefined;
    const close = (): void => {
      closed = true;
      if (!id) return;
      this.#open.delete(id);
      if (!this.#records.gone) core.tell(session, "liveClose", { live: id });
      this.#commands.followed = this.#open.size + this.#opening > 0;
    };
    // What the registry keeps must not keep the list.
    const box: { list?: WeakRef<LiveList<T>> } = {};
    const list: LiveList<T> = new LiveList<T>(expression, {
      records: this.#records,
      settled: async () => {
        await opened;
        if (!closed) await core.request(session, "liveWait", { live: id });
      },
      close: () => {
        forgotten.unregister(box);
        close();
      },
      listened: (on) => {
        const self = box.list?.deref();
        if (!self) return;
        if (on) this.#listened.add(self);
        else this.#listened.delete(self);
      },
    });
    box.list = new WeakRef(list);
    forgotten.register(list, close, box);
    this.#commands.followed = true;
    this.#opening++;
    opened = core.request(session, "liveOpen", { expression }).then((answer) => {
      this.#opening--;
      const told = JSON.parse(answer.kind === "value" ? answer.text : "{}") as { live: number; projections: string[] };
      id = told.live;
      if (closed) return close();
      this.#open.set(id, new WeakRef<LiveList<unknown>>(list));
      list.shows(told.projections);
      const early = this.#early.get(id);
      this.#early.delete(id);
      if (early) this.#told(id, early.status, early.bytes);
    });
    opened.catch((error: unknown) => {
      this.#opening--;
      list.failed(error);
    });
    return list;
  }

  /** Takes what the core has to tell of a list. */
  #told(id: number, status: number, bytes: Uint8Array<ArrayBuffer>): void {
    const list = this.#open.get(id)?.deref();
    if (!list) {
      if (this.#opening) this.#early.set(id, { status, bytes });
      return;
    }
    if (status === 0) list.rows(new Int32Array(bytes.buffer));
    else if (status === 1) list.plain(decoder.decode(bytes));
    else list.failed(errorFromCore(decoder.decode(bytes)));
  }

  /** Puts 0 in the place of records that nothing holds. */
  #holding(handles: Int32Array): void {
    for (let i = 0; i < handles.length; i++) if (!this.#records.living(handles[i]!)) handles[i] = 0;
  }

  /** Forgets all lists, when the session ends. */
  clear(): void {
    this.#open.clear();
    this.#listened.clear();
    this.#early.clear();
  }
}
