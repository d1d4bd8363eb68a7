import type { Core } from "./core.js";
import { AuthenticationError } from "./errors.js";
import { Reconnection } from "./network.js";
import type { Network } from "./network.js";
import type { Opening } from "./opening.js";
import type { KeptStore } from "./reply-store.js";
import type { Logger } from "./schema-store.js";
import type { ServerInformation } from "./server-information.js";

/** What goes on behind a session that keeps things: other tabs, the network that comes and goes, a server that refuses. */
export class KeptLife {
  readonly #core: Core;
  readonly #session: number;
  readonly #network: Network;
  readonly #replies: KeptStore | undefined;
  readonly #settings: Opening["settings"];
  readonly #logger: Logger;
  readonly #keepSchemas: Opening["keepSchemas"];
  readonly #hash: string | undefined;
  readonly #reconnection: Reconnection | undefined;
  #information: ServerInformation;
  #ended = false;

  constructor({ core, opened, settings, network, replies, policy, checking, keepSchemas }: Opening, logger: Logger) {
    this.#core = core;
    this.#session = opened.session;
    this.#network = network;
    this.#settings = settings;
    this.#replies = replies;
    this.#logger = logger;
    this.#keepSchemas = keepSchemas;
    this.#information = Object.freeze(opened.serverInformation);
    this.#hash = opened.serverInformation.schema_hash;
    if (!replies || policy === "network-only") return;
    this.#reconnection = new Reconnection(core, this.#session, this.#network, (information) => this.#answered(information));
    replies.listener = (told, gone) => {
      if (told) core.tell(this.#session, "news", dated(told));
      if (gone.length) core.tell(this.#session, "gone", { gone });
    };
    checking?.then((information) => this.#answered(information), (error: unknown) => error instanceof AuthenticationError && this.refused());
  }

  /** What the server says of itself. */
  get information(): ServerInformation {
    return this.#information;
  }

  get online(): boolean {
    return this.#network.online;
  }

  /** The server does not take the credentials: who is refused has no right to what was fetched earlier. */
  refused(): void {
    if (!this.#settings.replies) return;
    this.#settings.replies = undefined;
    this.#reconnection?.stop();
    void this.#replies?.erase();
  }

  /** Ends all of it; what was fetched is written first. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#reconnection?.stop();
    await this.#replies?.close();
  }

  /** The server has answered a session that opened without its answer. */
  #answered(information: ServerInformation): void {
    if (this.#ended) return;
    this.#information = Object.freeze(information);
    const { schema_hash: hash } = information;
    if (hash === this.#hash || !hash) return;
    this.#settings.replies = undefined; // of other schemas
    this.#logger.warn("ftrack-wasm: the server's schemas have changed since they were kept, this session goes on with the old ones: open another one");
    void this.#core.request(this.#session, "call", { operations: [{ action: "query_schemas" }] }).then(
      (reply) => reply.kind === "value" && this.#keepSchemas(hash, reply.text.trim().slice(1, -1)),
      () => undefined, // the next session asks again
    );
  }
}

/** Bytes behind the time when they came: milliseconds since 1970, as a float of 64 bits in the order of the module. */
function dated({ bytes, at }: { readonly bytes: Uint8Array; readonly at: number }): Uint8Array {
  const out = new Uint8Array(8 + bytes.length);
  new DataView(out.buffer).setFloat64(0, at, true);
  out.set(bytes, 8);
  return out;
}
