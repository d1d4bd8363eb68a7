import { CORE_ERRORS, FtrackError } from "./errors.js";
import type { ErrorCode, ErrorDetails } from "./errors.js";
import { EVENT_ERRORS } from "./event-errors.js";

const ALL = { ...CORE_ERRORS, ...EVENT_ERRORS };

/**
 * The error that the core described: `{"code","message",...}`. A code from beyond the table gives a plain
 * `FtrackError`, so that nothing is lost.
 */
export function errorFromCore(json: string): FtrackError {
  const described = JSON.parse(json) as ErrorDetails & { code: string; message: string };
  const known = ALL[described.code as keyof typeof ALL];
  return known ? new known(described.message, described) : new FtrackError(described.code as ErrorCode, described.message);
}
