import { FtrackError } from "./errors.js";
import type { ErrorCode, ErrorDetails } from "./errors.js";

/** What an error of a location carries besides. */
export interface LocationErrorDetails extends ErrorDetails {
  /** Ids of the components whose data was copied, or taken away, before the whole failed. What was copied is removed again but for what stands in `left`. */
  transferred?: readonly string[];
  /** Identifiers of data that was written, but is neither registered nor removed again, by the ids of their components. */
  left?: Readonly<Record<string, string>>;
}

/** A location failed. */
export class LocationError extends FtrackError {
  readonly transferred: readonly string[];
  readonly left: Readonly<Record<string, string>>;

  constructor(message: string, details: LocationErrorDetails = {}, code: ErrorCode = "LOCATION") {
    super(code, message, details);
    this.transferred = Object.freeze([...(details.transferred ?? [])]);
    this.left = Object.freeze({ ...details.left });
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "LocationError", writable: true, configurable: true });
  }
}

/** The component is in no location. */
export class ComponentNotInAnyLocationError extends LocationError {
  constructor(message: string, details: LocationErrorDetails = {}, code: ErrorCode = "COMPONENT_NOT_IN_ANY_LOCATION") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "ComponentNotInAnyLocationError", writable: true, configurable: true });
  }
}

/** The component is not in the location. */
export class ComponentNotInLocationError extends LocationError {
  constructor(message: string, details: LocationErrorDetails = {}, code: ErrorCode = "COMPONENT_NOT_IN_LOCATION") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "ComponentNotInLocationError", writable: true, configurable: true });
  }
}

/** The component is in the location already. */
export class ComponentInLocationError extends LocationError {
  constructor(message: string, details: LocationErrorDetails = {}, code: ErrorCode = "COMPONENT_IN_LOCATION") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "ComponentInLocationError", writable: true, configurable: true });
  }
}

/** An accessor failed. */
export class AccessorError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR") {
    super(code, message, details);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorError", writable: true, configurable: true });
  }
}

/** The storage failed. */
export class AccessorOperationFailedError extends AccessorError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_OPERATION_FAILED") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorOperationFailedError", writable: true, configurable: true });
  }
}

/** The accessor cannot do this. */
export class AccessorUnsupportedOperationError extends AccessorOperationFailedError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_UNSUPPORTED_OPERATION") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorUnsupportedOperationError", writable: true, configurable: true });
  }
}

/** The storage refused. */
export class AccessorPermissionDeniedError extends AccessorOperationFailedError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_PERMISSION_DENIED") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorPermissionDeniedError", writable: true, configurable: true });
  }
}

/** The identifier cannot stand below the accessor's root. */
export class AccessorResourceIdentifierError extends AccessorError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_RESOURCE_IDENTIFIER") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorResourceIdentifierError", writable: true, configurable: true });
  }
}

/** The resource has no path in a file system. */
export class AccessorFilesystemPathError extends AccessorResourceIdentifierError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_FILESYSTEM_PATH") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorFilesystemPathError", writable: true, configurable: true });
  }
}

/** A resource failed. */
export class AccessorResourceError extends AccessorError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_RESOURCE") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorResourceError", writable: true, configurable: true });
  }
}

/** There is no such resource. */
export class AccessorResourceNotFoundError extends AccessorResourceError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_RESOURCE_NOT_FOUND") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorResourceNotFoundError", writable: true, configurable: true });
  }
}

/** The container of the resource is not there. */
export class AccessorParentResourceNotFoundError extends AccessorResourceError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_PARENT_RESOURCE_NOT_FOUND") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorParentResourceNotFoundError", writable: true, configurable: true });
  }
}

/** The resource is of another kind. */
export class AccessorResourceInvalidError extends AccessorResourceError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_RESOURCE_INVALID") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorResourceInvalidError", writable: true, configurable: true });
  }
}

/** The container is not empty. */
export class AccessorContainerNotEmptyError extends AccessorResourceError {
  constructor(message: string, details: ErrorDetails = {}, code: ErrorCode = "ACCESSOR_CONTAINER_NOT_EMPTY") {
    super(message, details, code);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "AccessorContainerNotEmptyError", writable: true, configurable: true });
  }
}

/** A component has no identifier in a structure. */
export class StructureError extends FtrackError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("STRUCTURE", message, details);
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "StructureError", writable: true, configurable: true });
  }
}

/** The classes by code. Go's `session/location` has the same codes; a test compares them. */
export const LOCATION_ERRORS = {
  LOCATION: LocationError,
  COMPONENT_NOT_IN_ANY_LOCATION: ComponentNotInAnyLocationError,
  COMPONENT_NOT_IN_LOCATION: ComponentNotInLocationError,
  COMPONENT_IN_LOCATION: ComponentInLocationError,
  ACCESSOR: AccessorError,
  ACCESSOR_OPERATION_FAILED: AccessorOperationFailedError,
  ACCESSOR_UNSUPPORTED_OPERATION: AccessorUnsupportedOperationError,
  ACCESSOR_PERMISSION_DENIED: AccessorPermissionDeniedError,
  ACCESSOR_RESOURCE_IDENTIFIER: AccessorResourceIdentifierError,
  ACCESSOR_FILESYSTEM_PATH: AccessorFilesystemPathError,
  ACCESSOR_RESOURCE: AccessorResourceError,
  ACCESSOR_RESOURCE_NOT_FOUND: AccessorResourceNotFoundError,
  ACCESSOR_PARENT_RESOURCE_NOT_FOUND: AccessorParentResourceNotFoundError,
  ACCESSOR_RESOURCE_INVALID: AccessorResourceInvalidError,
  ACCESSOR_CONTAINER_NOT_EMPTY: AccessorContainerNotEmptyError,
  STRUCTURE: StructureError,
} as const satisfies Partial<Record<ErrorCode, new (message: string, details: ErrorDetails) => FtrackError>>;
