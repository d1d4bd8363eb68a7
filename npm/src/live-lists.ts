import { checkArgument, text } from "./arguments.js";
import type { Commands } from "./commands.js";
import type { Core } from "./core.js";
import { errorFromCore } from "./core-errors.js";
import { LiveList } from "./live-list.js";
import type { LiveLink } from "./live-list.js";
import type { Records } from "./records.js";

export type { LiveList };

const decoder = new TextDecoder();

/** What the core follows for a list that is collected is closed there. */
const forgotten = new FinalizationRegistry<Following>((following) => following.close());

/**
 * What the core follows for one list. The registry keeps it, so it must not hold the list; nor may a function do so that is made where the list is
 * a variable of others, for all of them share it.
 */
class Following {
  /** The core's number of it; 0 until it has one. */
  id = 0;
  closed = false;
  opened: Promise<void> | undefined;
  list: WeakRef<LiveList<unknown>> | undefined;
  readonly #ended: (following: Following) => void;

  constructor(ended: (following: Following) => void) {
    this.#ended = ended;
  }

  close(): void {
    this.closed = true;
    if (this.id) this.#ended(this);
  }
}

/** The live lists of a session. One that nobody holds and nobody listens to is closed when it is collected. */
export class LiveLists {
  readonly #core: Core;
  readonly #session: number;
  readonly #records: Records;
  readonly #commands: Commands;
  readonly #open = new Map<number, WeakRef<LiveList<unknown>>>();
  /** What was told of lists before their numbers were known here. */
  readonly #early = new Map<number, { status: number; bytes: Uint8Array<ArrayBuffer> }[]>();
  readonly #listened = new Set<LiveList<unknown>>();
  #opening = 0;

  /** Has the core follow no longer; made here, where no list is a variable. */
  readonly #ended = ({ id }: Following): void => {
    this.#open.delete(id);
    if (!this.#records.gone) this.#core.tell(this.#session, "liveClose", { live: id });
    this.#commands.followed = this.#open.size + this.#opening > 0;
  };

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
    checkArgument("live", "expression", expression, text);
    if (this.#records.gone) throw this.#core.closedError();
    const following = new Following(this.#ended);
    const list = new LiveList<T>(expression, this.#linkOf(following));
    following.list = new WeakRef<LiveList<unknown>>(list);
    forgotten.register(list, following, following);
    this.#commands.followed = true;
    this.#opening++;
    following.opened = this.#core.request(this.#session, "liveOpen", { expression }).then((answer) => {
      this.#opening--;
      const told = JSON.parse(answer.kind === "value" ? answer.text : "{}") as { live: number; projections: string[] };
      following.id = told.live;
      if (following.closed) return following.close();
      this.#open.set(told.live, new WeakRef<LiveList<unknown>>(list));
      list.shows(told.projections);
      const early = this.#early.get(told.live);
      this.#early.delete(told.live);
      for (const { status, bytes } of early ?? []) this.#told(told.live, status, bytes);
    });
    following.opened.catch((error: unknown) => {
      this.#opening--;
      list.failed(error);
    });
    return list;
  }

  #linkOf(following: Following): LiveLink {
    return {
      records: this.#records,
      settled: async () => {
        await following.opened;
        if (!following.closed) await this.#core.request(this.#session, "liveWait", { live: following.id });
      },
      close: () => {
        forgotten.unregister(following);
        following.close();
      },
      listened: (on) => {
        const self = following.list?.deref();
        if (!self) return;
        if (on) this.#listened.add(self);
        else this.#listened.delete(self);
      },
    };
  }

  /** Takes what the core has to tell of a list. */
  #told(id: number, status: number, bytes: Uint8Array<ArrayBuffer>): void {
    const list = this.#open.get(id)?.deref();
    if (!list) {
      if (this.#opening) this.#early.set(id, [...(this.#early.get(id) ?? []), { status, bytes }]);
      return;
    }
    if (status === 0) list.rows(new Int32Array(bytes.buffer));
    else if (status === 1) list.plain(decoder.decode(bytes));
    else if (status === 3) list.stands(decoder.decode(bytes));
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
