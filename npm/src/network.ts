import type { Core } from "./core.js";
import { NetworkError } from "./errors.js";
import type { ServerInformation } from "./server-information.js";

/** Whether the server answered when it was asked last. */
export class Network {
  #online = true;
  /** Hears of changes. */
  changed: ((online: boolean) => void) | undefined;

  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    if (online === this.#online) return;
    this.#online = online;
    this.changed?.(online);
  }
}

/** How long it waits before it asks again, in milliseconds: at first, and at most. */
const FIRST = 1000;
const MOST = 30_000;

/**
 * Brings a session back online: while the server cannot be reached it is asked from time to time, and when the browser says that there
 * is a network again. `answered` hears what the server says of itself then.
 */
export class Reconnection {
  readonly #network: Network;
  readonly #ask: () => Promise<ServerInformation>;
  readonly #answered: (information: ServerInformation) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #delay = FIRST;
  #asking = false;
  #stopped = false;
  readonly #now = (): void => {
    if (!this.#network.online) void this.#try();
  };

  constructor(core: Core, session: number, network: Network, answered: (information: ServerInformation) => void) {
    this.#network = network;
    this.#ask = () => check(core, session);
    this.#answered = answered;
    network.changed = (online) => (online ? this.#rest() : this.#wait());
    if (typeof addEventListener === "function") addEventListener("online", this.#now);
    if (!network.online) this.#wait();
  }

  stop(): void {
    this.#stopped = true;
    this.#network.changed = undefined;
    this.#rest();
    if (typeof removeEventListener === "function") removeEventListener("online", this.#now);
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#delay = FIRST;
  }

  #wait(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = setTimeout(() => void this.#try(), this.#delay * (0.75 + Math.random() / 2));
    if (typeof this.#timer === "object") (this.#timer as { unref(): void }).unref();
    this.#delay = Math.min(2 * this.#delay, MOST);
  }

  async #try(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#asking) return;
    this.#asking = true;
    try {
      this.#answered(await this.#ask());
    } catch (error) {
      if (error instanceof NetworkError && !this.#network.online) this.#wait();
    } finally {
      this.#asking = false;
    }
  }
}

/** Asks the server about itself, once. */
export async function check(core: Core, session: number): Promise<ServerInformation> {
  const answer = await core.request(session, "check", {});
  return JSON.parse(answer.kind === "value" ? answer.text : "{}") as ServerInformation;
}
