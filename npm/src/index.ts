export { Session } from "./session.js";
export type { CallOptions, Key } from "./call-options.js";
export type { ServerInformation } from "./server-information.js";
export type { PlainRow, RowOf } from "./session.js";
export type { CacheSource, EntityTypeExtension, SessionOptions } from "./options.js";
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
export { LiveList } from "./live-list.js";
export { Query } from "./query.js";
export type { QueryOptions, QueryProgress, Rows } from "./query.js";
export type { Freshness, Policy } from "./policy.js";
export type { Snapshot } from "./snapshot.js";
export { SessionAuthentication } from "./session-authentication.js";
export { ftql } from "./ftql.js";
export type { FtqlScalar, FtqlValue } from "./ftql.js";
export { identity, primaryKey, rawValue, value } from "./value.js";
export type { Cache, CacheLike, CachePattern } from "./cache.js";
export { EntityKeyMaker, ObjectKeyMaker, StringKeyMaker } from "./key-makers.js";
export type { KeyMaker } from "./key-makers.js";
export { LayeredCache } from "./layered-cache.js";
export type { LayeredCacheOptions } from "./layered-cache.js";
export { Memoiser, memoise } from "./memoiser.js";
export type { MemoiserOptions } from "./memoiser.js";
export { MemoryCache } from "./memory-cache.js";
export type { CacheStatistics, MemoryCacheOptions } from "./memory-cache.js";
export { ProxyCache } from "./proxy-cache.js";
export { SerialisedCache } from "./serialised-cache.js";
export type { Serialisation } from "./serialised-cache.js";
export { NOT_SET } from "./written-value.js";
export { CreateEntityOperation, DeleteEntityOperation, Operations, UpdateEntityOperation } from "./operations.js";
export type { Operation } from "./operations.js";
export { conflicts, state, states } from "./states.js";
export type { EntityState } from "./states.js";
export type { CommitOptions, Verdict } from "./unit-of-work.js";
export { Event } from "./event.js";
export type { EventLike, EventOptions, EventOrigin } from "./event.js";
export { EventHub } from "./event-hub.js";
export type { EventHandler, EventHubState, PublishOptions, ReplyOptions, SubscribeOptions, Subscriber, Subscription } from "./event-hub.js";
export type { Plugin, Register } from "./plugins.js";
export type { WidgetContext, WidgetOptions } from "./widget.js";
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
  NotUniqueError,
  OperationError,
  PermissionDeniedError,
  QuerySyntaxError,
  ServerCompatibilityError,
  ServerError,
  TimeoutError,
  UnrecognisedEntityTypeError,
} from "./errors.js";
export { EventHubConnectionError, EventHubError, EventHubPacketError, EventReplyTimeoutError, ParseError } from "./event-errors.js";
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
export { CONNECT_LOCATION_ID, ORIGIN_LOCATION_ID, REVIEW_LOCATION_ID, SERVER_LOCATION_ID, UNMANAGED_LOCATION_ID } from "./locations.js";
export type { Accessor, ResourceInfo, TransferOptions, TransferProgress } from "./accessor.js";
export { DirectoryAccessor } from "./accessor-directory.js";
export { DiskAccessor } from "./accessor-disk.js";
export { MemoryAccessor } from "./accessor-memory.js";
export type { ServerAccessor } from "./accessor-server.js";
export type { Availability } from "./component-data.js";
export type { ComponentOptions } from "./component-options.js";
export type { UploadStartOptions } from "./components.js";
export type { ComponentTransferOptions } from "./component-transfers.js";
export type { NoteOptions } from "./entity-helpers.js";
export { format } from "./format.js";
export type { FormatOptions } from "./format.js";
export type { LocationSettings, ResourceIdentifierTransformer } from "./location-book.js";
export { splitIdentifier } from "./resource-identifier.js";
export { SequencePattern, fileTypeOf } from "./sequence-pattern.js";
export type { SearchOptions, SearchResult, UploadMetadataOptions } from "./server-actions.js";
export type { ComponentFile } from "./source-file.js";
export { EntityIdStructure, IdStructure, OriginStructure, StandardStructure } from "./structure.js";
export type { ComponentDescription, StandardStructureOptions, Structure, VersionDescription } from "./structure.js";
export type { ThumbnailOptions } from "./thumbnails.js";
export type { TimerOptions } from "./timers.js";
export type { UnfinishedUpload } from "./unfinished-upload.js";
export { Upload } from "./upload.js";
export type { UploadOptions, UploadState } from "./upload.js";
export { collectCore, coreStatistics } from "./diagnostics.js";
export type { CoreStatistics } from "./diagnostics.js";
export { VERSION } from "./version.js";
export type { DefaultEntities } from "./generated/entities.js";
