import type { ErrorDetails } from "./errors.js";
import { LOCATION_ERRORS } from "./location-errors.js";
import type { AccessorError } from "./location-errors.js";

const texts = {
  ACCESSOR_OPERATION_FAILED: "the storage failed",
  ACCESSOR_UNSUPPORTED_OPERATION: "the accessor cannot do this",
  ACCESSOR_PERMISSION_DENIED: "permission denied",
  ACCESSOR_RESOURCE_IDENTIFIER: "the identifier cannot be used",
  ACCESSOR_FILESYSTEM_PATH: "there is no file system path",
  ACCESSOR_RESOURCE_NOT_FOUND: "there is nothing",
  ACCESSOR_PARENT_RESOURCE_NOT_FOUND: "the container is not there",
  ACCESSOR_RESOURCE_INVALID: "the resource is of another kind",
  ACCESSOR_CONTAINER_NOT_EMPTY: "the container is not empty",
} as const;

/** Makes an accessor's error: the operation first, then the identifier. */
export function accessorFault(code: keyof typeof texts, operation: string, identifier: string, cause?: unknown): AccessorError {
  const details: ErrorDetails = cause === undefined ? {} : { cause };
  const because = cause === undefined ? "" : `: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new LOCATION_ERRORS[code](`${operation} ${JSON.stringify(identifier.slice(0, 200))}: ${texts[code]}${because}`, details);
}
