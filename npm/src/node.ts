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

/**
 * One of Node's own modules. A page in Electron that is let use Node gets them from its `require`: `import` does not find them there. The name in a
 * variable keeps bundlers for browsers from resolving it.
 */
export async function nodeModule<T>(name: string): Promise<T> {
  const { require } = globalThis as { require?: unknown };
  if (typeof document === "object" && typeof require === "function") return (require as (name: string) => T)(`node:${name}`);
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`)) as T;
}

/** Node's modules for files. */
export function nodeFiles(): Promise<NodeFiles> {
  loaded ??= Promise.all([
    nodeModule<typeof FileSystem>("fs/promises"),
    nodeModule<typeof Files>("fs"),
    nodeModule<typeof Path>("path"),
    nodeModule<typeof Crypto>("crypto"),
  ]).then(([fs, files, path, crypto]) => ({ fs, files, path, crypto }));
  return loaded;
}
