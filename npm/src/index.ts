export { Session } from "./session.js";
export type { CallOptions, Key, PlainRow, RowOf, ServerInformation } from "./session.js";
export type { EntityTypeExtension, SessionOptions } from "./options.js";
export type { WasmSource } from "./loader.js";
export { Entity } from "./entity.js";
export type { EntityClass, LoadOptions } from "./entity.js";
export { Collection, KeyedCollection } from "./collection.js";
export type { JsonValue, LinkItem } from "./entity-values.js";
export type { PathValue } from "./paths.js";
export { Query } from "./query.js";
export type { QueryOptions, QueryProgress } from "./query.js";
export type { Snapshot } from "./snapshot.js";
export { SessionAuthentication } from "./session-authentication.js";
export { ftql } from "./ftql.js";
export type { FtqlScalar, FtqlValue } from "./ftql.js";
export { identity, primaryKey, rawValue, value } from "./value.js";
export {
  AbortedError,
  ConnectionClosedError,
  CoreCrashedError,
  CorePanicError,
  FtrackError,
  IncorrectResultError,
  InvalidArgumentError,
  ModuleLoadError,
  MultipleResultsFoundError,
  NetworkError,
  NoResultFoundError,
  NotLoadedError,
  QuerySyntaxError,
  ServerCompatibilityError,
  ServerError,
  TimeoutError,
  UnrecognisedEntityTypeError,
} from "./errors.js";
export type { ErrorCode, ErrorDetails } from "./errors.js";
export { collectCore, coreStatistics } from "./diagnostics.js";
export type { CoreStatistics } from "./diagnostics.js";
export { VERSION } from "./version.js";
export type { DefaultEntities } from "./generated/entities.js";
