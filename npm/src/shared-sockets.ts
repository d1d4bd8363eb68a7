import { HeldSocket } from "./held-socket.js";
import type { Message } from "./held-socket.js";
import type { Socket, SocketListener, Sockets } from "./sockets.js";

/**
 * How often, in milliseconds, a tab asks whether the one that holds the socket is alive, and how long it waits for the answer, at least. Messages
 * reach tabs whose timers are held back, but no frozen ones.
 */
const ASK_EVERY = 3000;
const PATIENCE = 4000;

/** What stands for the handshake of a tab that uses another's socket. */
const SHARED = "shared";

/** A handshake that waits for another tab, or for the role of holding the socket. */
interface Waiter {
  shared(): void;
  own(): void;
}

/** A socket of this tab's hub that goes through another tab. */
interface Guest {
  readonly listener: SocketListener;
}

/**
 * Sockets of a group of tabs that share one: a lock chooses who holds it, and a channel carries the frames. Acknowledgements find the tab
 * that asked for them; events go to all tabs, which choose among them as they do among a server's. A holder that closes, loses its lock or does
 * not answer any more is replaced: the others' sockets end then, and their hubs connect anew.
 */
export class SharedSockets implements Sockets {
  readonly #name: string;
  readonly #direct: Sockets;
  readonly #me = Array.from(crypto.getRandomValues(new Uint32Array(3)), (word) => word.toString(36)).join("");
  readonly #waiters = new Set<Waiter>();
  #channel: BroadcastChannel | undefined;
  #holding: HeldSocket | undefined;
  #release: (() => void) | undefined;
  #guest: Guest | undefined;
  #queued: AbortController | undefined;
  #stealing = false;
  /** Whether the hub of this tab is connected, or tries to be: only then may it hold the socket. */
  #wanted = false;
  #asking: ReturnType<typeof setTimeout> | undefined;
  /** Whether that waits for an answer, and not for the time to ask again. */
  #unanswered = false;
  #gone = false;

  constructor(group: string, direct: Sockets) {
    this.#name = `ftrack-wasm events ${group}`;
    this.#direct = direct;
  }

  /** Whether the browser has what it takes. There are no locks on pages that came over plain http. */
  static get supported(): boolean {
    return typeof navigator === "object" && typeof navigator.locks?.request === "function" && typeof document === "object" && hasChannels();
  }

  shake(url: string, headers: [string, string][], signal: AbortSignal): Promise<{ status: number; body: string }> {
    this.#join();
    this.#wanted = true;
    if (this.#holding) return this.#direct.shake(url, headers, signal);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        shared: () => end(() => resolve({ status: 200, body: `${SHARED}:::websocket` })),
        own: () => end(() => resolve(this.#direct.shake(url, headers, signal))),
      };
      const end = (how: () => void): void => {
        signal.removeEventListener("abort", abort);
        if (this.#waiters.delete(waiter)) how();
      };
      const abort = (): void => end(() => reject(signal.reason as Error));
      signal.addEventListener("abort", abort);
      this.#waiters.add(waiter);
      this.#queue();
      this.#ask();
    });
  }

  open(url: string, listener: SocketListener): Socket {
    const shared = url.endsWith(`/${SHARED}`);
    if (this.#holding && !shared) {
      const socket = this.#holding.open(url, listener);
      return {
        send: (text) => socket.send(text),
        close: () => {
          socket.close();
          this.rest();
        },
      };
    }
    if (this.#holding || !shared) {
      // The role changed between the handshake and now.
      queueMicrotask(() => listener.closed("another tab holds the socket now"));
      return { send: () => undefined, close: () => undefined };
    }
    const guest: Guest = { listener };
    this.#guest = guest;
    queueMicrotask(() => {
      if (this.#guest !== guest) return;
      this.#tell({ kind: "join", from: this.#me });
      listener.opened();
      listener.message("1::");
    });
    return {
      send: (text) => {
        if (this.#guest === guest) this.#tell({ kind: "send", from: this.#me, text });
      },
      close: () => {
        if (this.#guest !== guest) return;
        this.#guest = undefined;
        this.#tell({ kind: "leave", from: this.#me });
        this.rest();
      },
    };
  }

  rest(): void {
    this.#wanted = false;
    this.#queued?.abort();
    this.#stepDown();
  }

  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#wanted = false;
    document.removeEventListener("freeze", this.#stepDown);
    removeEventListener("pagehide", this.#stepDown);
    this.#stepDown();
    this.#queued?.abort();
    clearTimeout(this.#asking);
    this.#channel?.close();
    this.#channel = undefined;
  }

  #join(): void {
    if (this.#channel || this.#gone) return;
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    this.#channel = channel;
    document.addEventListener("freeze", this.#stepDown);
    addEventListener("pagehide", this.#stepDown);
  }

  /** Waits for the lock. */
  #queue(): void {
    if (!this.#wanted || this.#queued || this.#holding || this.#stealing) return;
    const queued = new AbortController();
    this.#queued = queued;
    let held = false;
    navigator.locks
      .request(this.#name, { signal: queued.signal }, () => {
        held = true;
        this.#queued = undefined;
        return this.#hold();
      })
      .catch(() => {
        if (this.#stealing || queued.signal.aborted) return;
        if (held) this.#stepDown(); // it was stolen
        else void this.#hold(); // no lock is to be had, as in a frame without an origin: nobody shares with this tab
      })
      .finally(() => {
        if (this.#queued === queued) this.#queued = undefined;
        this.#queue();
      });
  }

  /** Takes the lock from a tab that does not answer. */
  #steal(): void {
    if (!this.#wanted || this.#holding || this.#stealing) return;
    this.#stealing = true;
    this.#queued?.abort();
    navigator.locks
      .request(this.#name, { steal: true }, () => {
        this.#stealing = false;
        return this.#hold();
      })
      .catch(() => this.#stepDown())
      .finally(() => {
        this.#stealing = false;
        this.#queue();
      });
  }

  /** Holds the socket from now on, for as long as the promise is pending. */
  #hold(): Promise<void> | undefined {
    if (!this.#wanted) return undefined;
    clearTimeout(this.#asking);
    this.#asking = undefined;
    this.#holding = new HeldSocket(this.#direct, (message) => this.#tell(message));
    // Whoever used the socket of the tab before has to connect anew.
    this.#tell({ kind: "down" });
    this.#endGuest("this tab takes over the socket");
    for (const waiter of [...this.#waiters]) waiter.own();
    return new Promise((release) => (this.#release = release));
  }

  /** Leaves the socket to another tab. */
  readonly #stepDown = (): void => {
    const holding = this.#holding;
    this.#holding = undefined;
    holding?.end("another tab takes over the socket");
    if (this.#guest && this.#gone) this.#tell({ kind: "leave", from: this.#me });
    this.#release?.();
    this.#release = undefined;
  };

  #endGuest(reason: string): void {
    const guest = this.#guest;
    this.#guest = undefined;
    guest?.listener.closed(reason);
  }

  #tell(message: Message): void {
    this.#channel?.postMessage(message);
  }

  #hear(message: Message): void {
    const holding = this.#holding;
    switch (message.kind) {
      case "ask":
        if (holding) this.#tell({ kind: "alive", up: holding.up });
        return;
      case "join":
        return holding?.welcome(message.from);
      case "leave":
        return holding?.forget(message.from);
      case "send":
        return holding?.send(message.text, message.from);
    }
    if (holding) return;
    if (message.kind !== "frames") this.#heard();
    switch (message.kind) {
      case "alive":
        if (message.up) this.#useShared();
        else this.#endGuest("the socket of another tab was lost");
        return;
      case "up":
        return this.#useShared();
      case "down":
        return this.#endGuest("the socket of another tab was lost");
      case "frames":
        if (!message.to || message.to === this.#me) for (const text of message.texts) this.#guest?.listener.message(text);
    }
  }

  #useShared(): void {
    for (const waiter of [...this.#waiters]) waiter.shared();
  }

  /** Asks who holds the socket whether it does, now and from time to time while it matters. */
  #ask(): void {
    if ((this.#asking && this.#unanswered) || this.#gone || this.#holding) return;
    clearTimeout(this.#asking);
    this.#unanswered = true;
    this.#tell({ kind: "ask", from: this.#me });
    const asked = performance.now();
    this.#asking = setTimeout(() => {
      this.#asking = undefined;
      // A timer that comes far too late tells of this tab, not of the other.
      if (performance.now() - asked > 3 * PATIENCE) this.#ask();
      else this.#steal();
    }, PATIENCE + Math.random() * PATIENCE); // not all tabs at once
  }

  #heard(): void {
    if (!this.#asking) return;
    this.#unanswered = false;
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => {
      this.#asking = undefined;
      if (this.#guest || this.#waiters.size) this.#ask();
    }, ASK_EVERY);
  }
}

/** Whether tabs can speak to each other: a page that is kept from all storage may make no channel either. */
function hasChannels(): boolean {
  try {
    new BroadcastChannel("ftrack-wasm").close();
    return true;
  } catch {
    return false;
  }
}
