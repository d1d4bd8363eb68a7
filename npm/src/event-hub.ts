import { CALL_OPTIONS, anything, call, checkArgument, flag, optionsOf, signal as signalCheck, text, values } from "./arguments.js";
import type { Check, Checks } from "./arguments.js";
import type { Commands } from "./commands.js";
import type { Core } from "./core.js";
import { InvalidArgumentError } from "./errors.js";
import { EventHubConnectionError } from "./event-errors.js";
import { Event } from "./event.js";
import type { EventJson, EventLike } from "./event.js";
import { failureText } from "./failure-text.js";
import { nameObjects } from "./object-name.js";
import type { Logger } from "./schema-store.js";
import type { CallOptions } from "./call-options.js";
import type { Sockets } from "./sockets.js";

/** What a handler returns, or what its promise gives, is sent back as a reply unless it is `null` or `undefined`. */
export type EventHandler = (event: Event) => unknown;

/** What may be said of a subscriber. */
export interface SubscribeOptions {
  /** Orders handlers, lower first; 100 by default. Those of one priority run in the order of their subscription. */
  priority?: number;
  /** Metadata that the targets of events are matched against. An `id` must be unique; it is made where it is left out. */
  subscriber?: { readonly id?: string; readonly [name: string]: unknown };
}

/** What a hub knows of a subscriber. */
export interface Subscriber {
  readonly id: string;
  /** The expression, as it was given. */
  readonly subscription: string;
  readonly priority: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A subscription with an end: `using subscription = hub.subscription(...)`, or `subscription.unsubscribe()`. */
export interface Subscription extends Disposable {
  readonly id: string;
  unsubscribe(): boolean;
}

/** How a hub stands to its server. In all states but `disconnected` events can be published: they wait for the connection. */
export type EventHubState = "disconnected" | "connecting" | "connected" | "reconnecting";

/** What `publish` may be told for an event that goes through the server. */
export interface PublishOptions extends CallOptions {
  /** Hears each reply until `timeout` seconds, 30 by default, have passed. */
  onReply?: (reply: Event) => unknown;
  timeout?: number;
}

/** What `publishAndWaitForReply` may be told. */
export interface ReplyOptions extends CallOptions {
  /** Seconds to wait for the reply; 30 by default. */
  timeout?: number;
}

interface Listener {
  readonly subscriber: Subscriber;
  readonly handler: EventHandler;
}

/** How a session is joined to its hub. */
export interface EventHubParts {
  readonly core: Core;
  readonly session: number;
  readonly commands: Commands;
  readonly logger: Logger;
  readonly applicationId: string;
  readonly apiUser: string;
  /** What sockets are opened with; nothing where there are none. */
  readonly sockets: Sockets | undefined;
  /** What the hub's own events of a topic say beside what the core knows, such as the session itself. */
  readonly beside: (topic: string) => object | undefined;
}

const EXPRESSION: Check = ["text, such as topic=ftrack.update", text[1]];
const SUBSCRIBE_OPTIONS: Checks<SubscribeOptions> = {
  priority: ["a whole number", (value: unknown) => Number.isSafeInteger(value)],
  subscriber: ["an object of what is known of the subscriber", values[1]],
};
const PUBLISH_OPTIONS: Checks<PublishOptions & { synchronous?: boolean }> = { onReply: call, timeout: anything, signal: signalCheck, synchronous: flag };

const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
const DEFAULT_PRIORITY = 100;
const DEFAULT_TIMEOUT = 30;
const REPLY_TOPIC = "ftrack.meta.reply";

/** Publishes and receives a session's events. Subscribing needs no connection; publishing does, unless it is synchronous. */
export class EventHub {
  readonly #core: Core;
  readonly #session: number;
  readonly #commands: Commands;
  readonly #parts: EventHubParts;
  readonly #listeners = new Map<string, Listener>();
  readonly #replies = new Map<string, { call: (reply: Event) => unknown; timer: ReturnType<typeof setTimeout> }>();
  readonly #wake = (): void => this.#core.tell(this.#session, "hubWake", {});
  readonly #show = (): void => {
    if (globalThis.document.visibilityState === "visible") this.#wake();
  };
  #id: string | undefined;
  #lastReply = 0;
  #nudging = false;
  #listening = false;

  static {
    nameObjects(this, "EventHub");
  }

  /** @internal */
  constructor(parts: EventHubParts) {
    this.#core = parts.core;
    this.#session = parts.session;
    this.#commands = parts.commands;
    this.#parts = parts;
  }

  /** @internal Whether there are subscribers. */
  get listening(): boolean {
    return this.#listeners.size > 0;
  }

  /** How the hub stands to the server. */
  get state(): EventHubState {
    try {
      return (this.#commands.run({ op: "hubState" }) as { state: EventHubState }).state;
    } catch {
      return "disconnected"; // the session is closed
    }
  }

  /** Whether events flow. */
  get connected(): boolean {
    return this.state === "connected";
  }

  /**
   * Connects, and resolves when every subscription is announced. Where the first attempt fails the hub is disconnected; once connected it
   * reconnects by itself, until `disconnect`.
   * @throws {EventHubConnectionError}
   */
  async connect(options: CallOptions = {}): Promise<void> {
    const waiting = optionsOf("connect", options, CALL_OPTIONS);
    this.#checkWebSocket();
    this.#listen();
    try {
      await this.#core.request(this.#session, "hubConnect", {}, waiting);
    } finally {
      this.#restUnlessBusy();
    }
    this.#core.stay(this.#session, this.state !== "disconnected");
  }

  /** @internal Begins to connect, and goes on trying. */
  connectSoon(): void {
    this.#listen();
    this.#core.stay(this.#session, true);
    this.#core.tell(this.#session, "hubConnectSoon", {});
  }

  /**
   * Keeps a script alive while handlers do their work: resolves after so many seconds, or, without a number, when the hub is disconnected or
   * the session closed. A page needs no such call: handlers are called in any case.
   */
  async wait(seconds?: number, options: CallOptions = {}): Promise<void> {
    checkTimeout("wait", seconds);
    await this.#core.request(this.#session, "hubWait", { timeout: seconds }, optionsOf("wait", options, CALL_OPTIONS));
  }

  /** Ends the connection, and the attempts at one. Subscriptions are kept for the next. */
  async disconnect(): Promise<void> {
    await this.#core.request(this.#session, "hubDisconnect", {});
    this.#core.stay(this.#session, false);
    this.#restUnlessBusy();
  }

  /**
   * Calls a handler with the events that an expression matches, such as `topic=ftrack.update and source.user.username="ann"`, and gives the
   * subscriber's id.
   * @throws {ParseError} {@link NotUniqueError}
   */
  subscribe(expression: string, handler: EventHandler, options: SubscribeOptions = {}): string {
    checkArgument("subscribe", "expression", expression, EXPRESSION);
    checkArgument("subscribe", "handler", handler, call);
    const { priority = DEFAULT_PRIORITY, subscriber = {} } = optionsOf<SubscribeOptions>("subscribe", options, SUBSCRIBE_OPTIONS);
    const said = asJson("subscribe: the subscriber", subscriber) as object;
    const id = this.#commands.run({ op: "hubSubscribe", subscription: expression, priority, subscriber: said }) as string;
    const metadata = Object.freeze({ applicationId: this.#parts.applicationId, ...said, id });
    this.#listeners.set(id, { subscriber: Object.freeze({ id, subscription: expression, priority, metadata }), handler });
    this.#nudge();
    return id;
  }

  /** `subscribe` with an end to it. */
  subscription(expression: string, handler: EventHandler, options: SubscribeOptions = {}): Subscription {
    const id = this.subscribe(expression, handler, options);
    const unsubscribe = (): boolean => this.unsubscribe(id);
    return { id, unsubscribe, [dispose]: () => void unsubscribe() };
  }

  /** Ends a subscription and tells whether there was one. */
  unsubscribe(id: string): boolean {
    if (!this.#listeners.delete(id)) return false;
    try {
      this.#commands.run({ op: "hubUnsubscribe", id });
      this.#nudge();
    } catch {
      // The session is closed, and the subscription with it.
    }
    return true;
  }

  /** The subscriber of an id, `null` when there is none. */
  getSubscriberByIdentifier(id: string): Subscriber | null {
    return this.#listeners.get(id)?.subscriber ?? null;
  }

  /**
   * Publishes an event. With `synchronous: true` the handlers of this hub that want it are called at once, in the order of their priority, and
   * their results returned; no reply is sent. Otherwise it goes through the server, to this hub too, and the promise resolves with the
   * event's id when the server has acknowledged it. While the hub is connecting or reconnecting, events wait in order.
   * @throws {EventHubConnectionError} where the hub is neither; and where the connection is lost before the acknowledgement: the event may have
   * arrived then, or not.
   */
  publish(event: EventLike, options: { synchronous: true }): unknown[];
  publish(event: EventLike, options?: PublishOptions & { synchronous?: false }): Promise<string>;
  publish(event: EventLike, options: PublishOptions & { synchronous?: boolean } = {}): unknown[] | Promise<string> {
    if (options?.synchronous !== true) return this.#publish(event, options);
    optionsOf<PublishOptions & { synchronous?: boolean }>("publish", options, PUBLISH_OPTIONS);
    return this.#publishLocal(eventFrom("publish", event));
  }

  async #publish(given: EventLike, options: PublishOptions): Promise<string> {
    const { onReply, timeout, signal } = optionsOf<PublishOptions & { synchronous?: boolean }>("publish", options, PUBLISH_OPTIONS);
    const event = eventFrom("publish", given);
    checkTimeout("publish", timeout);
    let replyId: string | undefined;
    if (onReply) {
      replyId = `reply ${++this.#lastReply}`;
      this.#expectReplies(replyId, onReply, timeout ?? DEFAULT_TIMEOUT);
    }
    try {
      const sent = await this.#core.request(this.#session, "hubPublish", { event: plain("publish", event), onReply: replyId, timeout }, { signal });
      return sent.kind === "value" ? (JSON.parse(sent.text) as string) : event.id;
    } catch (error) {
      if (replyId) this.#forgetReplies(replyId);
      throw error;
    }
  }

  /**
   * Answers an event, at the hub that published it.
   * @throws {EventHubConnectionError}
   */
  async publishReply(event: EventLike, data: unknown, options: CallOptions = {}): Promise<void> {
    const source = eventFrom("publishReply", event);
    await this.#core.request(this.#session, "hubReply", { event: plain("publishReply", source), data: asJson("publishReply: the data", data ?? {}) }, optionsOf("publishReply", options, CALL_OPTIONS));
  }

  /**
   * Publishes an event and gives the first reply to it.
   * @throws {EventReplyTimeoutError} where nobody answers within `timeout` seconds; and what `publish` throws
   */
  async publishAndWaitForReply(given: EventLike, options: ReplyOptions = {}): Promise<Event> {
    const { timeout, signal } = optionsOf<ReplyOptions>("publishAndWaitForReply", options, { timeout: anything, signal: signalCheck });
    checkTimeout("publishAndWaitForReply", timeout);
    const event = plain("publishAndWaitForReply", eventFrom("publishAndWaitForReply", given));
    const reply = await this.#core.request(this.#session, "hubAsk", { event, timeout }, { signal });
    return received((JSON.parse(reply.kind === "value" ? reply.text : "{}") as EventJson));
  }

  /** @internal Takes an event to handlers, in order; tells whether one stopped it. Replies are sent unless it is local. */
  deliver(text: string): boolean {
    const { subscribers, local, event: json } = JSON.parse(text) as { subscribers: string[]; local: boolean; event: EventJson };
    const event = received(local ? { ...json, data: { ...(json.data as object), ...this.#parts.beside(json.topic) } } : json);
    for (const id of subscribers) {
      const reply = this.#replies.get(id);
      const listener = this.#listeners.get(id);
      if (!reply && !listener) continue;
      this.#call(reply?.call ?? listener!.handler, event, listener?.subscriber.subscription ?? REPLY_TOPIC, (result) => {
        if (!local && listener && result !== null && result !== undefined && event.topic !== REPLY_TOPIC) this.#answer(event, id, result);
      });
      if (event.stopped) return true;
    }
    return false;
  }

  /** @internal Forgets everything, when the session ends. */
  leave(): void {
    this.#parts.sockets?.leave?.();
    this.#listeners.clear();
    for (const id of [...this.#replies.keys()]) this.#forgetReplies(id);
    if (!this.#listening) return;
    this.#listening = false;
    globalThis.removeEventListener("online", this.#wake);
    globalThis.document?.removeEventListener("visibilitychange", this.#show);
    globalThis.document?.removeEventListener("resume", this.#wake);
  }

  #publishLocal(event: Event<unknown>): unknown[] {
    this.#id ??= (this.#commands.run({ op: "hubState" }) as { id: string }).id;
    const { applicationId, apiUser } = this.#parts;
    const source = { id: this.#id, applicationId, user: { username: apiUser }, ...event.source };
    const { topic, data, ...rest } = event.toJSON();
    const published = new Event<unknown>(topic, data, { ...rest, source });
    const ids = this.#commands.run({ op: "hubMatching", event: plain("publish", published) }) as string[];
    const results: unknown[] = [];
    for (const id of ids) {
      const listener = this.#listeners.get(id);
      if (listener) this.#call(listener.handler, published as Event, listener.subscriber.subscription, undefined, results);
      if (published.stopped) break;
    }
    return results;
  }

  /** Calls one handler. Its failure, now or later, is reported and stops nobody. */
  #call(handler: EventHandler, event: Event, subscription: string, then?: (result: unknown) => void, results?: unknown[]): void {
    const failed = (error: unknown): void => this.#warn(`a handler of ${subscription} failed: ${failureText(error)}`);
    try {
      const result = handler(event);
      results?.push(result);
      if (!isPromise(result)) then?.(result);
      else if (!results) Promise.resolve(result).then(then).catch(failed); // the caller of publish has those of results
    } catch (error) {
      failed(error);
    }
  }

  #answer(event: Event, subscriber: string, data: unknown): void {
    const { id, topic, source } = event;
    this.#core
      .request(this.#session, "hubAnswer", { event: { id, topic, source }, subscriber, data })
      .catch((error: unknown) => this.#warn(`the reply to ${topic} was not sent: ${failureText(error)}`));
  }

  /** Reports what went wrong where nobody waits; a logger that fails stops nobody either. */
  #warn(text: string): void {
    try {
      this.#parts.logger.warn(`event hub: ${text}`);
    } catch {
      // There is nobody left to tell.
    }
  }

  #expectReplies(id: string, call: (reply: Event) => unknown, seconds: number): void {
    const timer = setTimeout(() => this.#replies.delete(id), seconds * 1000);
    if (typeof timer === "object") (timer as { unref?: () => void }).unref?.();
    this.#replies.set(id, { call, timer });
  }

  #forgetReplies(id: string): void {
    clearTimeout(this.#replies.get(id)?.timer);
    this.#replies.delete(id);
  }

  /** Lets other tabs have the socket. */
  #restUnlessBusy(): void {
    if (this.state === "disconnected") this.#parts.sockets?.rest?.();
  }

  /** Lets what a synchronous command put in line leave: the core works only when it is called from outside. */
  #nudge(): void {
    if (this.#nudging) return;
    this.#nudging = true;
    queueMicrotask(() => {
      this.#nudging = false;
      this.#core.tell(this.#session, "hubNudge", {});
    });
  }

  #checkWebSocket(): void {
    if (this.#parts.sockets) return;
    throw new EventHubConnectionError("connect: there is no WebSocket here (Node has one from version 22 on): give Session.open the option WebSocket");
  }

  /** A network that is back and a tab that wakes up end the wait for the next attempt. */
  #listen(): void {
    if (this.#listening || typeof globalThis.addEventListener !== "function") return;
    this.#listening = true;
    globalThis.addEventListener("online", this.#wake);
    globalThis.document?.addEventListener("visibilitychange", this.#show);
    globalThis.document?.addEventListener("resume", this.#wake);
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

function eventFrom(caller: string, given: EventLike): Event<unknown> {
  if (typeof given !== "object" || given === null || typeof given.topic !== "string" || given.topic === "") {
    throw new InvalidArgumentError(`${caller}: it takes an event with a topic`);
  }
  return given instanceof Event ? given : new Event(given.topic, given.data ?? {}, given);
}

function received(json: EventJson): Event {
  const { topic, data, ...options } = json;
  return new Event(topic, (data ?? {}) as Record<string, unknown>, options);
}

/** The event as JSON can say it. */
function plain(caller: string, event: Event<unknown>): unknown {
  return asJson(`${caller}: the event's data`, event);
}

function asJson(what: string, value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null") as unknown;
  } catch (cause) {
    throw new InvalidArgumentError(`${what} cannot be written as JSON: ${failureText(cause)}`, { cause });
  }
}

function checkTimeout(caller: string, seconds: number | undefined): void {
  if (seconds !== undefined && !(typeof seconds === "number" && seconds > 0 && seconds < 1e6)) {
    throw new InvalidArgumentError(`${caller}: the time must be a number of seconds above 0`);
  }
}
