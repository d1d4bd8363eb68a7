import { SharedSubscribers, announcementOf, announcing, forgetting } from "./shared-subscribers.js";
import type { Announcement } from "./shared-subscribers.js";
import type { Socket, SocketListener, Sockets } from "./sockets.js";
import { inOwnTask } from "./task-queue.js";

/** What tabs tell each other. `to` and `from` are members of the group. */
export type Message =
  | { kind: "ask"; from: string }
  | { kind: "alive"; up: boolean }
  | { kind: "up" }
  | { kind: "down" }
  | { kind: "join" | "leave"; from: string }
  | { kind: "send"; from: string; text: string }
  | { kind: "frames"; to?: string; texts: readonly string[] };

/** The socket that one tab holds for all. */
export class HeldSocket {
  readonly #direct: Sockets;
  readonly #tell: (message: Message) => void;
  /** Who asked for an acknowledgement, by the id on the wire; nobody is this tab. */
  readonly #asked = new Map<number, { from: string | undefined; id: string; announces: Announcement | undefined }>();
  /** The other tabs that use it. */
  readonly #guests = new Set<string>();
  readonly #subscribers = new SharedSubscribers();
  /** What is for all of them and leaves at the end of the task: a message between tabs costs more than a frame. */
  #passing: string[] = [];
  #lastId = 0;
  #socket: Socket | undefined;
  #listener: SocketListener | undefined;
  /** Whether the server has greeted. */
  up = false;

  constructor(direct: Sockets, tell: (message: Message) => void) {
    this.#direct = direct;
    this.#tell = tell;
  }

  open(url: string, listener: SocketListener): Socket {
    this.#listener = listener;
    const socket = this.#direct.open(url, {
      opened: () => listener.opened(),
      message: (text) => this.#receive(text),
      binary: () => listener.binary(),
      closed: (reason) => {
        this.#lost();
        listener.closed(reason);
      },
    });
    this.#socket = socket;
    return {
      send: (text) => this.send(text),
      close: () => {
        this.#lost();
        socket.close();
      },
    };
  }

  /** Sends a frame of this tab or of another; what is to be acknowledged gets an id that is unique on the wire. */
  send(text: string, from?: string): void {
    // Heartbeats and farewells of others are not meant for the socket of all.
    if (from && !(this.up && text.startsWith("5:"))) return;
    const [head, id, plus] = ASKS.exec(text) ?? [];
    if (!head) return this.#socket?.send(text);
    let frame = text.slice(head.length);
    const announcement = announcementOf(frame);
    let announces: Announcement | undefined;
    if (announcement?.topic === "ftrack.meta.subscribe") {
      const { tell, anew } = this.#subscribers.announce(from ?? OWN, announcement);
      if (tell === undefined) return this.#answer(from, id!);
      if (anew) this.#socket?.send(forgetting(announcement.id));
      if (tell !== announcement.subscription) frame = announcing(frame, tell);
      announces = { ...announcement, subscription: tell };
    } else if (announcement && !this.#subscribers.takeBack(from ?? OWN, announcement.id)) {
      return this.#answer(from, id!);
    }
    const own = ++this.#lastId;
    this.#asked.set(own, { from, id: `${id!}${plus!}`, announces });
    this.#socket?.send(`5:${own}${plus!}:${frame}`);
  }

  /** Acknowledges in the server's place what it need not be told. */
  #answer(from: string | undefined, id: string): void {
    const frame = `6:::${id}+[{"success":true}]`;
    if (from) {
      this.#flush();
      return this.#tell({ kind: "frames", to: from, texts: [frame] });
    }
    const listener = this.#listener;
    queueMicrotask(() => {
      if (this.#listener === listener) listener?.message(frame);
    });
  }

  /** A tab uses the socket from now on. */
  welcome(from: string): void {
    this.forget(from);
    this.#guests.add(from);
  }

  /** Ends the subscriptions of a tab that has gone, or that begins anew. */
  forget(from: string): void {
    this.#guests.delete(from);
    for (const id of this.#subscribers.leave(from)) this.#socket?.send(forgetting(id));
    for (const [id, asked] of this.#asked) if (asked.from === from) this.#asked.delete(id);
  }

  end(reason: string): void {
    const socket = this.#socket;
    const listener = this.#listener;
    this.#lost();
    socket?.close();
    if (socket) listener?.closed(reason);
  }

  #lost(): void {
    this.up = false;
    this.#socket = this.#listener = undefined;
    this.#asked.clear();
    this.#flush();
    this.#guests.clear();
    this.#subscribers.clear();
    this.#tell({ kind: "down" });
  }

  #receive(text: string): void {
    switch (text[0]) {
      case "1":
        this.up = true;
        this.#listener?.message(text);
        return this.#tell({ kind: "up" });
      case "6":
        return this.#acknowledge(text);
      case "3":
      case "4":
      case "5":
        // Where the server wants an answer, one is enough.
        if (this.#guests.size) this.#pass(text.replace(/^(\d):\d+\+?:/, "$1::"));
    }
    this.#listener?.message(text);
  }

  #acknowledge(text: string): void {
    const [head, number, rest] = /^6:[^:]*:[^:]*:(\d+)([^]*)$/.exec(text) ?? [];
    const asked = head ? this.#asked.get(Number(number)) : undefined;
    if (!asked) return this.#listener?.message(text);
    this.#asked.delete(Number(number));
    if (asked.announces) this.#subscribers.settled(asked.announces.id, asked.announces.subscription, !/"success":\s*false/.test(rest!));
    const frame = `6:::${asked.id.replace("+", "")}${rest!}`;
    if (!asked.from) return this.#listener?.message(frame);
    this.#flush();
    this.#tell({ kind: "frames", to: asked.from, texts: [frame] });
  }

  #pass(text: string): void {
    if (this.#passing.push(text) === 1) inOwnTask(() => this.#flush());
  }

  #flush(): void {
    const texts = this.#passing;
    if (!texts.length) return;
    this.#passing = [];
    this.#tell({ kind: "frames", texts });
  }
}

/** The beginning of a frame that asks for an acknowledgement. */
const ASKS = /^5:(\d+)(\+?):/;

/** The tab that holds the socket, among those whose subscribers it has. */
const OWN = "";
