import { FtrackError, NotUniqueError, named } from "./errors.js";
import type { ErrorCode, ErrorDetails } from "./errors.js";

/** An expression of the event hub is none; the message shows it with a caret under the place. */
export class ParseError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("PARSE", message, details);
  }

  static {
    named(this, "ParseError");
  }
}

/** The event server refused, or the event hub cannot do what was asked. */
export class EventHubError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "EVENT_HUB") {
    super(code, message, details);
  }

  static {
    named(this, "EventHubError");
  }
}

/** There is no connection to the event server, or it was lost. */
export class EventHubConnectionError extends EventHubError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, "EVENT_HUB_CONNECTION");
  }

  static {
    named(this, "EventHubConnectionError");
  }
}

/** What the event server sent cannot be understood. */
export class EventHubPacketError extends EventHubError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, "EVENT_HUB_PACKET");
  }

  static {
    named(this, "EventHubPacketError");
  }
}

/** Nobody answered an event in time. */
export class EventReplyTimeoutError extends EventHubError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, "EVENT_REPLY_TIMEOUT");
  }

  static {
    named(this, "EventReplyTimeoutError");
  }
}

/** The classes of the codes that event hubs settle with; a test compares them with those of the core. */
export const EVENT_ERRORS = {
  PARSE: ParseError,
  NOT_UNIQUE: NotUniqueError,
  EVENT_HUB: EventHubError,
  EVENT_HUB_CONNECTION: EventHubConnectionError,
  EVENT_HUB_PACKET: EventHubPacketError,
  EVENT_REPLY_TIMEOUT: EventReplyTimeoutError,
} as const satisfies Partial<Record<ErrorCode, new (message: string, details: ErrorDetails) => FtrackError>>;
