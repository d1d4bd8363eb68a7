import { copyTo } from "./accessor.js";
import type { Accessor, ResourceInfo, TransferOptions } from "./accessor.js";
import { accessorFault } from "./accessor-faults.js";
import { FtrackError, InvalidArgumentError } from "./errors.js";
import { nodeFiles } from "./node.js";
import type { NodeFiles } from "./node.js";
import { containerOf, splitIdentifier } from "./resource-identifier.js";

const PART = ".part-";
let parts = 0;

/** An accessor over a folder of the disk, in Node. Links that lead out of the folder are not followed. */
export class DiskAccessor implements Accessor {
  readonly #folder: string;

  /** `folder` must be absolute; it is made when something is written. */
  constructor(folder: string) {
    if (typeof folder !== "string" || !/^(?:\/|[a-z]:[\\/]|\\\\)/i.test(folder)) throw new InvalidArgumentError("DiskAccessor: the folder must be an absolute path");
    this.#folder = folder.replace(/(?<=.)[\\/]+$/, "");
  }

  async stat(identifier: string): Promise<ResourceInfo> {
    const path = await this.#path("stat", identifier);
    const { fs } = await nodeFiles();
    const info = await this.#guarded("stat", identifier, undefined, () => fs.stat(path).catch(nothing));
    if (!info) return { kind: identifier === "" ? "container" : "nothing", size: 0 };
    return info.isDirectory() ? { kind: "container", size: 0 } : { kind: "file", size: info.size };
  }

  async read(identifier: string, { signal }: TransferOptions = {}): Promise<Blob> {
    const path = await this.#file("read", identifier);
    signal?.throwIfAborted();
    const { files } = await nodeFiles();
    return this.#guarded("read", identifier, signal, () => files.openAsBlob(path));
  }

  async stream(identifier: string, options: TransferOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return (await this.read(identifier, options)).stream();
  }

  async write(identifier: string, data: Blob | ReadableStream<Uint8Array>, options: TransferOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if ((await this.stat(identifier)).kind === "container") throw accessorFault("ACCESSOR_RESOURCE_INVALID", "write", identifier);
    await this.makeContainer(containerOf(identifier), { recursive: true });
    const path = await this.#path("write", identifier);
    const { fs, path: paths } = await nodeFiles();
    const part = paths.join(paths.dirname(path), `${PART}${process.pid}-${++parts}`);
    await this.#guarded("write", identifier, options.signal, async () => {
      try {
        const file = await fs.open(part, "wx");
        try {
          await copyTo(async (piece) => writeAll(file, piece), data, options);
        } finally {
          await file.close();
        }
        await fs.rename(part, path);
      } catch (error) {
        await fs.rm(part, { force: true });
        throw error;
      }
    });
  }

  async remove(identifier: string): Promise<void> {
    const path = await this.#path("remove", identifier);
    if (identifier === "") throw accessorFault("ACCESSOR_UNSUPPORTED_OPERATION", "remove", identifier);
    const { fs } = await nodeFiles();
    const { kind } = await this.stat(identifier);
    if (kind === "nothing") throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "remove", identifier);
    if (kind === "container" && (await this.list(identifier)).length) throw accessorFault("ACCESSOR_CONTAINER_NOT_EMPTY", "remove", identifier);
    await this.#guarded("remove", identifier, undefined, () => (kind === "container" ? fs.rmdir(path) : fs.unlink(path)));
  }

  async list(identifier: string): Promise<string[]> {
    const path = await this.#path("list", identifier);
    const { kind } = await this.stat(identifier);
    if (kind === "file") throw accessorFault("ACCESSOR_RESOURCE_INVALID", "list", identifier);
    if (kind === "nothing") throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "list", identifier);
    const { fs } = await nodeFiles();
    const names = await this.#guarded("list", identifier, undefined, () => fs.readdir(path).catch((error: unknown) => nothing(error) ?? []));
    const above = splitIdentifier(identifier).join("/");
    return names.filter((name) => !name.startsWith(PART)).map((name) => (above ? `${above}/${name}` : name)).sort();
  }

  async makeContainer(identifier: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    const path = await this.#path("make", identifier);
    for (let each = identifier; each !== ""; each = containerOf(each)) {
      const { kind } = await this.stat(each);
      if (kind === "file") throw accessorFault("ACCESSOR_RESOURCE_INVALID", "make", identifier);
      if (kind === "nothing" && each !== identifier && !recursive) throw accessorFault("ACCESSOR_PARENT_RESOURCE_NOT_FOUND", "make", identifier);
    }
    const { fs } = await nodeFiles();
    await this.#guarded("make", identifier, undefined, () => fs.mkdir(path, { recursive: true }));
  }

  filesystemPath(identifier: string): string {
    const separator = this.#folder.includes("\\") ? "\\" : "/";
    return [this.#folder, ...splitIdentifier(identifier, "path")].join(separator);
  }

  /** The path of what is a file. */
  async #file(operation: string, identifier: string): Promise<string> {
    const { kind } = await this.stat(identifier);
    if (kind === "nothing") throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", operation, identifier);
    if (kind === "container") throw accessorFault("ACCESSOR_RESOURCE_INVALID", operation, identifier);
    return this.#path(operation, identifier);
  }

  /** A path that no link leads out of the folder by. */
  async #path(operation: string, identifier: string): Promise<string> {
    const names = splitIdentifier(identifier, operation);
    const node = await nodeFiles();
    const path = node.path.join(this.#folder, ...names);
    const root = await real(node, this.#folder);
    const place = await real(node, path);
    if (root !== undefined && place !== undefined && place !== root && !place.startsWith(root + node.path.sep)) {
      throw accessorFault("ACCESSOR_RESOURCE_IDENTIFIER", operation, identifier, "it leads out of the folder");
    }
    return path;
  }

  async #guarded<T>(operation: string, identifier: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof FtrackError) throw error;
      const { code } = error as { code?: unknown };
      // What Node says has the path in it, which the identifier tells.
      const said = typeof code === "string" ? code : error;
      if (code === "ENOENT") throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", operation, identifier, said);
      if (code === "EACCES" || code === "EPERM") throw accessorFault("ACCESSOR_PERMISSION_DENIED", operation, identifier, said);
      throw accessorFault("ACCESSOR_OPERATION_FAILED", operation, identifier, said);
    }
  }
}

/** Where the nearest part of a path that is there really stands; nothing when none of it is. */
async function real({ fs, path }: NodeFiles, place: string): Promise<string | undefined> {
  for (let each = place; ; each = path.dirname(each)) {
    const found = await fs.realpath(each).catch(nothing);
    if (found !== undefined) return found;
    if (path.dirname(each) === each) return undefined;
  }
}

async function writeAll(file: { write(bytes: Uint8Array): Promise<{ bytesWritten: number }> }, piece: Blob | Uint8Array): Promise<void> {
  let rest = piece instanceof Blob ? new Uint8Array(await piece.arrayBuffer()) : piece;
  while (rest.length) rest = rest.subarray((await file.write(rest)).bytesWritten);
}

/** For what is not there. */
function nothing(error: unknown): undefined {
  const { code } = error as { code?: unknown };
  if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  return undefined;
}
