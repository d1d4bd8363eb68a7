import { checkArgument, text } from "./arguments.js";

/** Who published an event; members depend on the publisher. */
export interface EventOrigin {
  readonly id?: string;
  readonly applicationId?: string;
  readonly user?: { readonly username?: string; readonly id?: string };
  readonly [name: string]: unknown;
}

/** What an event can say beside its topic and its data. */
export interface EventOptions {
  /** An expression over the metadata of subscribers: only those that it matches get the event. */
  target?: string;
  /** The id of the event that this one answers. */
  inReplyToEvent?: string | null;
  /** Members for the source beside those that the hub fills in. */
  source?: EventOrigin | null;
  /** Made where it is not given. */
  id?: string;
  sent?: string | null;
}

/** An event as it travels. */
export interface EventJson {
  id: string;
  topic: string;
  data: unknown;
  sent: string | null;
  source: EventOrigin | null;
  target: string;
  inReplyToEvent: string | null;
}

/** Something that happened, or that somebody asks for. */
export class Event<Data = Record<string, unknown>> {
  readonly id: string;
  readonly topic: string;
  readonly data: Data;
  /** When, as the event server has it. */
  readonly sent: string | null;
  readonly source: EventOrigin | null;
  readonly target: string;
  readonly inReplyToEvent: string | null;
  #stopped = false;

  constructor(topic: string, data: Data = {} as Data, given: EventOptions = {}) {
    checkArgument("Event", "topic", topic, text);
    const options = given ?? {};
    this.topic = topic;
    this.data = data;
    this.id = options.id || newEventId();
    this.sent = options.sent ?? null;
    this.source = options.source ?? null;
    this.target = options.target ?? "";
    this.inReplyToEvent = options.inReplyToEvent ?? null;
  }

  /** Keeps the event from the handlers that come after the one that calls it, before it waits for anything. */
  stop(): void {
    this.#stopped = true;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  toJSON(): EventJson {
    const { id, topic, data, sent, source, target, inReplyToEvent } = this;
    return { id, topic, data, sent, source, target, inReplyToEvent };
  }
}

/** What `publish` takes: an event, or what one is made of. */
export type EventLike = Event<unknown> | ({ topic: string; data?: unknown } & EventOptions);

/** 128 random bits. There is no `crypto.randomUUID` on pages that came over plain http. */
function newEventId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
