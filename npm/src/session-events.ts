import type { Core } from "./core.js";
import type { Commands } from "./commands.js";
import type { EntityClasses } from "./entity-classes.js";
import { InvalidArgumentError } from "./errors.js";
import { Event } from "./event.js";
import { EventHub } from "./event-hub.js";
import type { EntityTypeExtension, SessionOptions } from "./options.js";
import { ftrackVariables } from "./options.js";
import { Plugins, splitPaths } from "./plugins.js";
import type { Plugin, Register } from "./plugins.js";
import type { Session } from "./session.js";
import { activateStorageScenario } from "./storage-scenario.js";
import type { Sockets } from "./sockets.js";

/** What programs are called in events by default. */
const APPLICATION_ID = "ftrack.api.wasm";

/** The topics of a session's life, those of ftrack-python. */
const CONSTRUCT = "ftrack.api.session.construct-entity-type";
const CONFIGURE_LOCATION = "ftrack.api.session.configure-location";
const READY = "ftrack.api.session.ready";
const RESET = "ftrack.api.session.reset";

/** The WebSocket that a session uses, if any. */
export function webSocketOf(options: SessionOptions): typeof WebSocket | undefined {
  return options.WebSocket ?? (globalThis as { WebSocket?: typeof WebSocket }).WebSocket;
}

/** Refuses what cannot be: a hub that is to connect where there are no sockets. */
export function checkEvents(options: SessionOptions): void {
  if (!options.autoConnectEventHub || webSocketOf(options)) return;
  throw new InvalidArgumentError("Session.open: autoConnectEventHub needs a WebSocket, and there is none here (Node has one from version 22 on): give the option WebSocket");
}

/** The event hub of a session, its plugins, and the events of its life. */
export class SessionEvents {
  readonly hub: EventHub;
  readonly #session: Session;
  readonly #options: SessionOptions;
  readonly #plugins: Plugins;

  constructor(session: Session, core: Core, id: number, commands: Commands, sockets: Sockets | undefined, options: SessionOptions) {
    const logger = options.logger ?? console;
    this.#session = session;
    this.#options = options;
    this.hub = new EventHub({
      core,
      session: id,
      commands,
      logger,
      applicationId: options.applicationId ?? APPLICATION_ID,
      apiUser: session.apiUser,
      sockets,
      beside: (topic) => (topic === RESET ? { session } : undefined),
    });
    this.#plugins = new Plugins(session, options.pluginArguments ?? {}, logger);
  }

  /** Begins to connect where that is asked for, registers the plugins, and tells them of the session. */
  async start(classes: EntityClasses): Promise<void> {
    const { autoConnectEventHub, signal } = this.#options;
    if (autoConnectEventHub) this.hub.connectSoon();
    await unlessAborted(this.#register(), signal);
    signal?.throwIfAborted();
    await activateStorageScenario(this.#session, this.#options.logger ?? console);
    if (!this.hub.listening) return;
    const { schemas } = this.#session;
    for (const schema of schemas as readonly { id?: unknown }[]) {
      // All of them are for handlers to look at, and too much to be written as JSON for each.
      const data = Object.defineProperty({ schema }, "schemas", { value: schemas });
      for (const result of this.hub.publish(new Event(CONSTRUCT, data), { synchronous: true })) {
        if (typeof result === "function" && typeof schema.id === "string") classes.extend(schema.id, result as EntityTypeExtension);
      }
    }
    for (const topic of [CONFIGURE_LOCATION, READY]) this.hub.publish(new Event(topic, { session: this.#session }), { synchronous: true });
  }

  async #register(): Promise<void> {
    const { pluginPaths, plugins = [], env, signal } = this.#options;
    await this.#plugins.load(pluginPaths ?? splitPaths(ftrackVariables(env).FTRACK_EVENT_PLUGIN_PATH ?? ""), signal);
    for (const [index, plugin] of plugins.entries()) {
      signal?.throwIfAborted();
      await this.#plugins.add(nameOf(plugin) || `plugins[${index}]`, plugin);
    }
  }

  /** Whether a plugin has something to take back. */
  get plugged(): boolean {
    return this.#plugins.count > 0;
  }

  /** Takes back what plugins did, before the session ends. */
  async unplug(): Promise<void> {
    await this.#plugins.unregister();
  }
}

function nameOf(plugin: Plugin | Register): string {
  return typeof plugin === "function" ? plugin.name : plugin.register.name === "register" ? "" : plugin.register.name;
}

/** Waits for something, but no longer than a signal lets it. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort!);
  }
}
