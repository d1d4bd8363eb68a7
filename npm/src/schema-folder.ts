import type * as Crypto from "node:crypto";
import type * as FileSystem from "node:fs/promises";
import type * as OperatingSystem from "node:os";
import type * as Path from "node:path";
import { nodeModule } from "./node.js";
import type { SchemaStore } from "./schema-store.js";

/** What begins the first line of a file; the hash of the schemas and the checksum of the text follow. As in Go's schemacache. */
const MARK = "ftrack-wasm schemas 1 ";

/** What is used of Node. */
async function node(): Promise<{ fs: typeof FileSystem; path: typeof Path; os: typeof OperatingSystem; crypto: typeof Crypto }> {
  const [fs, path, os, crypto] = await Promise.all([
    nodeModule<typeof FileSystem>("fs/promises"),
    nodeModule<typeof Path>("path"),
    nodeModule<typeof OperatingSystem>("os"),
    nodeModule<typeof Crypto>("crypto"),
  ]);
  return { fs, path, os, crypto };
}

/**
 * Schemas in a folder, one file a server, in the form of the Go package schemacache: programs of both languages may share
 * it. Without a name it is the folder ftrack-wasm in the user's cache folder.
 */
export function schemaFolder(folder: string | undefined): SchemaStore {
  return {
    async load(serverUrl) {
      const { file, sum, fs } = await placeOf(folder, serverUrl);
      let content: Buffer;
      try {
        content = await fs.readFile(file);
      } catch (error) {
        if ((error as { code?: unknown }).code === "ENOENT") return undefined;
        throw error;
      }
      const end = content.indexOf(10);
      const first = content.subarray(0, Math.max(end, 0)).toString();
      const [hash, checksum, ...rest] = first.slice(MARK.length).split(" ");
      const text = content.subarray(end + 1);
      if (!first.startsWith(MARK) || !hash || rest.length || checksum !== sum(text)) return undefined;
      return { hash, text: text.toString() };
    },
    async save(serverUrl, { hash, text }) {
      if (/\s/.test(hash)) throw new Error("the server's schema hash has white space in it");
      const { file, sum, fs, path } = await placeOf(folder, serverUrl);
      await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const part = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.part`;
      try {
        // Put in its place in one step: a reader sees the old file or the new one, whole.
        await fs.writeFile(part, `${MARK}${hash} ${sum(text)}\n${text}`, { mode: 0o600, flag: "wx", flush: true });
        await fs.rename(part, file);
      } catch (error) {
        await fs.rm(part, { force: true });
        throw error;
      }
    },
  };
}

async function placeOf(folder: string | undefined, serverUrl: string) {
  const { fs, path, os, crypto } = await node();
  const sum = (text: string | Uint8Array): string => crypto.createHash("sha256").update(text).digest("hex");
  const host = serverUrl.replace(/^[^:]*:\/\//, "").replace(/[^A-Za-z0-9.-]/gu, "_");
  const file = path.join(folder || path.join(userCacheFolder(os, path), "ftrack-wasm"), `${host.slice(0, 80)}-${sum(serverUrl).slice(0, 12)}.schemas`);
  return { file, sum, fs, path };
}

function userCacheFolder(os: typeof OperatingSystem, path: typeof Path): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Caches");
  return XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
}
