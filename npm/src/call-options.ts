/** A part of a primary key. */
export type Key = string | number;

/** What calls take beside their arguments. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason, and its requests are cancelled. */
  signal?: AbortSignal;
}
