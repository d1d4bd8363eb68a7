/** What the server says of itself; the members depend on its version. */
export interface ServerInformation {
  readonly version?: string;
  readonly schema_hash?: string;
  readonly is_timezone_support_enabled?: boolean;
  readonly [name: string]: unknown;
}
