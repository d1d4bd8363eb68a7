import type * as Crypto from "node:crypto";
import type * as Files from "node:fs";
import type * as FileSystem from "node:fs/promises";
import type * as Path from "node:path";

/** What is used of Node for files. */
export interface NodeFiles {
  readonly fs: typeof FileSystem;
  readonly files: typeof Files;
  readonly path: typeof Path;
  readonly crypto: typeof Crypto;
}

/** Whether this is Node, or Electron with Node. */
export const isNode: boolean = typeof process === "object" && typeof process.versions?.node === "string";

let loaded: Promise<NodeFiles> | undefined;

/** Node's own modules. The names in variables keep bundlers for browsers from resolving them. */
export function nodeFiles(): Promise<NodeFiles> {
  const load = async <T>(name: string): Promise<T> => (await import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`)) as T;
  loaded ??= Promise.all([
    load<typeof FileSystem>("fs/promises"),
    load<typeof Files>("fs"),
    load<typeof Path>("path"),
    load<typeof Crypto>("crypto"),
  ]).then(([fs, files, path, crypto]) => ({ fs, files, path, crypto }));
  return loaded;
}
