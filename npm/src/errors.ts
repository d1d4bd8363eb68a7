/** What an error of the core carries besides its message; each part only where it is known. */
export interface ErrorDetails {
  /** What this error follows from. */
  cause?: unknown;
  /** HTTP status of the reply. */
  status?: number;
  /** Name of the exception on the server, such as `ValidationError`. */
  exception?: string;
  /** The server's own error code. */
  errorCode?: string;
  /** The operations of a refused commit, as they were sent. */
  operations?: readonly object[];
  /** The entity type the error is about, */
  entityType?: string;
  /** and its attribute. */
  attribute?: string;
  /** Seconds the server asks to wait. */
  retryAfter?: number;
}

/** Stable names to branch on; the core's errors bear the same ones. */
export type ErrorCode =
  | "SERVER_ERROR"
  | "AUTHENTICATION"
  | "PERMISSION_DENIED"
  | "NETWORK_ERROR"
  | "TIMEOUT"
  | "CONNECTION_CLOSED"
  | "ABORTED"
  | "NO_RESULT_FOUND"
  | "MULTIPLE_RESULTS_FOUND"
  | "UNRECOGNISED_ENTITY_TYPE"
  | "SERVER_COMPATIBILITY"
  | "INVALID_ARGUMENT"
  | "QUERY_SYNTAX"
  | "ATTRIBUTE"
  | "IMMUTABLE_ATTRIBUTE"
  | "IMMUTABLE_COLLECTION"
  | "DUPLICATE_ITEM_IN_COLLECTION"
  | "INVALID_STATE"
  | "OPERATION"
  | "COMMIT_OUTCOME_UNKNOWN"
  | "CORE_PANIC"
  | "NOT_LOADED"
  | "CORE_CRASHED"
  | "MODULE_LOAD"
  | "PARSE"
  | "EVENT_HUB"
  | "EVENT_HUB_CONNECTION"
  | "EVENT_HUB_PACKET"
  | "EVENT_REPLY_TIMEOUT"
  | "LOCATION"
  | "COMPONENT_NOT_IN_ANY_LOCATION"
  | "COMPONENT_NOT_IN_LOCATION"
  | "COMPONENT_IN_LOCATION"
  | "ACCESSOR"
  | "ACCESSOR_OPERATION_FAILED"
  | "ACCESSOR_UNSUPPORTED_OPERATION"
  | "ACCESSOR_PERMISSION_DENIED"
  | "ACCESSOR_RESOURCE_IDENTIFIER"
  | "ACCESSOR_FILESYSTEM_PATH"
  | "ACCESSOR_RESOURCE"
  | "ACCESSOR_RESOURCE_NOT_FOUND"
  | "ACCESSOR_PARENT_RESOURCE_NOT_FOUND"
  | "ACCESSOR_RESOURCE_INVALID"
  | "ACCESSOR_CONTAINER_NOT_EMPTY"
  | "STRUCTURE"
  | "NOT_UNIQUE";

/** Base of every error this package makes. What `AbortSignal`s reject with is the signal's own reason instead. */
export class FtrackError extends Error {
  /** Stable; messages may change. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
  }

  static {
    // On the prototype, so that it does not show among an error's own values when it is printed.
    Object.defineProperty(this.prototype, "name", { value: "FtrackError", writable: true, configurable: true });
  }
}

/** @internal Gives a class of errors its name. */
export function named(constructor: { prototype: object; name: string }, name: string): void {
  Object.defineProperty(constructor.prototype, "name", { value: name, writable: true, configurable: true });
}

/** The server refused: an error reply, a status that is not 2xx, or a body that is no reply of the API. */
export class ServerError extends FtrackError {
  readonly status: number | undefined;
  readonly exception: string | undefined;
  readonly errorCode: string | undefined;
  /** Seconds that the server asks to wait, where it does. */
  readonly retryAfter: number | undefined;
  /** The operations of a refused commit, as they were sent; the server does not say which of them failed. */
  readonly operations: readonly object[];

  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "SERVER_ERROR") {
    super(code, message, details);
    this.status = details.status;
    this.exception = details.exception;
    this.errorCode = details.errorCode;
    this.retryAfter = details.retryAfter;
    this.operations = Object.freeze([...(details.operations ?? [])]);
  }

  static {
    named(this, "ServerError");
  }
}

/** The server refused the credentials. */
export class AuthenticationError extends ServerError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, "AUTHENTICATION");
  }

  static {
    named(this, "AuthenticationError");
  }
}

/** The server refused what was asked to a user whose credentials are good. */
export class PermissionDeniedError extends ServerError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, "PERMISSION_DENIED");
  }

  static {
    named(this, "PermissionDeniedError");
  }
}

/** The server was not reached, or its reply broke off. */
export class NetworkError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}, code: "NETWORK_ERROR" | "TIMEOUT" = "NETWORK_ERROR") {
    super(code, message, details);
  }

  static {
    named(this, "NetworkError");
  }
}

/** The server did not answer within the session's `timeout`, retries included. */
export class TimeoutError extends NetworkError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, "TIMEOUT");
  }

  static {
    named(this, "TimeoutError");
  }
}

/** The session is closed. */
export class ConnectionClosedError extends FtrackError {
  constructor(message = "the session is closed", details: ErrorDetails = {}) {
    super("CONNECTION_CLOSED", message, details);
  }

  static {
    named(this, "ConnectionClosedError");
  }
}

/** The core gave up on request. Where an `AbortSignal` asked for it, the promise rejects with the signal's reason. */
export class AbortedError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("ABORTED", message, details);
  }

  static {
    named(this, "AbortedError");
  }
}

/** `one()` met another number of rows than one. */
export class IncorrectResultError extends FtrackError {
  static {
    named(this, "IncorrectResultError");
  }
}

/** `one()` found no row. */
export class NoResultFoundError extends IncorrectResultError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("NO_RESULT_FOUND", message, details);
  }

  static {
    named(this, "NoResultFoundError");
  }
}

/** `one()` found several rows. */
export class MultipleResultsFoundError extends IncorrectResultError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("MULTIPLE_RESULTS_FOUND", message, details);
  }

  static {
    named(this, "MultipleResultsFoundError");
  }
}

/** The server's schema has no entity type of that name. */
export class UnrecognisedEntityTypeError extends FtrackError {
  readonly entityType: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super("UNRECOGNISED_ENTITY_TYPE", message, details);
    this.entityType = details.entityType;
  }

  static {
    named(this, "UnrecognisedEntityTypeError");
  }
}

/** The server is older than this client can speak to. */
export class ServerCompatibilityError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("SERVER_COMPATIBILITY", message, details);
  }

  static {
    named(this, "ServerCompatibilityError");
  }
}

/** A missing or wrong option or argument; the message names it. */
export class InvalidArgumentError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("INVALID_ARGUMENT", message, details);
  }

  static {
    named(this, "InvalidArgumentError");
  }
}

/** The expression is not of the query language; the message shows its line with a caret under the place. */
export class QuerySyntaxError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("QUERY_SYNTAX", message, details);
  }

  static {
    named(this, "QuerySyntaxError");
  }
}

/** An attribute is unknown, or takes another kind of value. */
export class AttributeError extends FtrackError {
  readonly entityType: string | undefined;
  readonly attribute: string | undefined;

  constructor(message: string, details: ErrorDetails = {}, code: "ATTRIBUTE" | "IMMUTABLE_ATTRIBUTE" = "ATTRIBUTE") {
    super(code, message, details);
    this.entityType = details.entityType;
    this.attribute = details.attribute;
  }

  static {
    named(this, "AttributeError");
  }
}

/** The attribute cannot be written: the server computes it, or it has its value for ever. */
export class ImmutableAttributeError extends AttributeError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details, "IMMUTABLE_ATTRIBUTE");
  }

  static {
    named(this, "ImmutableAttributeError");
  }
}

/** A collection cannot change in the way asked for. */
export class CollectionError extends FtrackError {
  static {
    named(this, "CollectionError");
  }
}

/** The members of a collection cannot be changed. */
export class ImmutableCollectionError extends CollectionError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("IMMUTABLE_COLLECTION", message, details);
  }

  static {
    named(this, "ImmutableCollectionError");
  }
}

/** The entity is a member already. */
export class DuplicateItemInCollectionError extends CollectionError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("DUPLICATE_ITEM_IN_COLLECTION", message, details);
  }

  static {
    named(this, "DuplicateItemInCollectionError");
  }
}

/** There is one already, and there can be only one. */
export class NotUniqueError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("NOT_UNIQUE", message, details);
  }

  static {
    named(this, "NotUniqueError");
  }
}

/** The entity is deleted, or its creation was taken back. */
export class InvalidStateError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("INVALID_STATE", message, details);
  }

  static {
    named(this, "InvalidStateError");
  }
}

/** An operation, or a batch of them, cannot be sent. */
export class OperationError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("OPERATION", message, details);
  }

  static {
    named(this, "OperationError");
  }
}

/** A commit left, and its answer did not come: `reconcile` finds out what the server has applied. Nothing is lost locally. */
export class CommitOutcomeUnknownError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("COMMIT_OUTCOME_UNKNOWN", message, details);
  }

  static {
    named(this, "CommitOutcomeUnknownError");
  }
}

/** A fault in the core that it survived: this call failed, the session goes on. Please report it. */
export class CorePanicError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("CORE_PANIC", message, details);
  }

  static {
    named(this, "CorePanicError");
  }
}

/** A collection or query was iterated before it was loaded. */
export class NotLoadedError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("NOT_LOADED", message, details);
  }

  static {
    named(this, "NotLoadedError");
  }
}

/** The core died, and all sessions with it; a new `Session.open` starts a fresh one. */
export class CoreCrashedError extends FtrackError {
  /** What the core's runtime wrote at last, stacks included; for a report. */
  readonly trace: string;

  constructor(message: string, trace = "", details: ErrorDetails = {}) {
    super("CORE_CRASHED", message, details);
    this.trace = trace;
  }

  static {
    named(this, "CoreCrashedError");
  }
}

/** `ftrack.wasm` could not be loaded; the message says what to do. A later `Session.open` tries again. */
export class ModuleLoadError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("MODULE_LOAD", message, details);
  }

  static {
    named(this, "ModuleLoadError");
  }
}

/** The classes of the codes that the core settles with. The core's own table holds the same codes; a test compares them. */
export const CORE_ERRORS = {
  SERVER_ERROR: ServerError,
  AUTHENTICATION: AuthenticationError,
  PERMISSION_DENIED: PermissionDeniedError,
  NETWORK_ERROR: NetworkError,
  TIMEOUT: TimeoutError,
  CONNECTION_CLOSED: ConnectionClosedError,
  ABORTED: AbortedError,
  NO_RESULT_FOUND: NoResultFoundError,
  MULTIPLE_RESULTS_FOUND: MultipleResultsFoundError,
  UNRECOGNISED_ENTITY_TYPE: UnrecognisedEntityTypeError,
  SERVER_COMPATIBILITY: ServerCompatibilityError,
  INVALID_ARGUMENT: InvalidArgumentError,
  QUERY_SYNTAX: QuerySyntaxError,
  ATTRIBUTE: AttributeError,
  IMMUTABLE_ATTRIBUTE: ImmutableAttributeError,
  IMMUTABLE_COLLECTION: ImmutableCollectionError,
  DUPLICATE_ITEM_IN_COLLECTION: DuplicateItemInCollectionError,
  INVALID_STATE: InvalidStateError,
  NOT_UNIQUE: NotUniqueError,
  OPERATION: OperationError,
  COMMIT_OUTCOME_UNKNOWN: CommitOutcomeUnknownError,
  CORE_PANIC: CorePanicError,
} as const satisfies Partial<Record<ErrorCode, new (message: string, details: ErrorDetails) => FtrackError>>;
