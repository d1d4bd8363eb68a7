export { Session } from "./session.js";
export type { CallOptions, Key, PlainRow, RowOf, ServerInformation } from "./session.js";
export type { EntityTypeExtension, SessionOptions } from "./options.js";
export type { TokenSource } from "./token.js";
export type { Logger } from "./schema-store.js";
export type { WasmSource } from "./loader.js";
export { Entity } from "./entity.js";
export type { EntityClass, LoadOptions } from "./entity.js";
export type { CreateData, SetData, WrittenTo } from "./entity-data.js";
export type { EntityAttributeStrategy } from "./encoding.js";
export { Collection } from "./collection.js";
export { KeyedCollection } from "./keyed-collection.js";
export type { KeyOptions } from "./keyed-collection.js";
export { CustomAttributes } from "./custom-attributes.js";
export type { CustomAttributeSource } from "./custom-attributes.js";
export type { JsonValue, LinkItem } from "./entity-values.js";
export type { PathValue } from "./paths.js";
export { Query } from "./query.js";
export type { QueryOptions, QueryProgress, Rows } from "./query.js";
export type { Freshness, Policy } from "./policy.js";
export type { Snapshot } from "./snapshot.js";
export { SessionAuthentication } from "./session-authentication.js";
export { ftql } from "./ftql.js";
export type { FtqlScalar, FtqlValue } from "./ftql.js";
export { identity, primaryKey, rawValue, value } from "./value.js";
export { NOT_SET } from "./written-value.js";
export { CreateEntityOperation, DeleteEntityOperation, Operations, UpdateEntityOperation } from "./operations.js";
export type { Operation } from "./operations.js";
export { state, states } from "./states.js";
export type { EntityState } from "./states.js";
export type { CommitOptions, Verdict } from "./unit-of-work.js";
export {
  AbortedError,
  AttributeError,
  AuthenticationError,
  CollectionError,
  CommitOutcomeUnknownError,
  ConnectionClosedError,
  CoreCrashedError,
  CorePanicError,
  DuplicateItemInCollectionError,
  FtrackError,
  ImmutableAttributeError,
  ImmutableCollectionError,
  IncorrectResultError,
  InvalidArgumentError,
  InvalidStateError,
  ModuleLoadError,
  MultipleResultsFoundError,
  NetworkError,
  NoResultFoundError,
  NotLoadedError,
  OperationError,
  PermissionDeniedError,
  QuerySyntaxError,
  ServerCompatibilityError,
  ServerError,
  TimeoutError,
  UnrecognisedEntityTypeError,
} from "./errors.js";
export type { ErrorCode, ErrorDetails } from "./errors.js";
export {
  AccessorContainerNotEmptyError,
  AccessorError,
  AccessorFilesystemPathError,
  AccessorOperationFailedError,
  AccessorParentResourceNotFoundError,
  AccessorPermissionDeniedError,
  AccessorResourceError,
  AccessorResourceIdentifierError,
  AccessorResourceInvalidError,
  AccessorResourceNotFoundError,
  AccessorUnsupportedOperationError,
  ComponentInLocationError,
  ComponentNotInAnyLocationError,
  ComponentNotInLocationError,
  LocationError,
  StructureError,
} from "./location-errors.js";
export type { LocationErrorDetails } from "./location-errors.js";
export { collectCore, coreStatistics } from "./diagnostics.js";
export type { CoreStatistics } from "./diagnostics.js";
export { VERSION } from "./version.js";
export type { DefaultEntities } from "./generated/entities.js";
