import { copyTo } from "./accessor.js";
import type { Accessor, ResourceInfo, TransferOptions } from "./accessor.js";
import { accessorFault } from "./accessor-faults.js";
import { FtrackError } from "./errors.js";
import { splitIdentifier } from "./resource-identifier.js";

type Root = FileSystemDirectoryHandle | (() => FileSystemDirectoryHandle | Promise<FileSystemDirectoryHandle>);

/**
 * An accessor over a directory of the browser: one that the user picked, or the page's own (`navigator.storage.getDirectory`, the
 * default), which other pages of the origin see too. A file stands under its name only once it is whole.
 */
export class DirectoryAccessor implements Accessor {
  readonly #root: Root;

  /** `root` is a directory's handle, or a function that gives one. */
  constructor(root: Root = () => navigator.storage.getDirectory()) {
    this.#root = root;
  }

  async stat(identifier: string): Promise<ResourceInfo> {
    const handle = await this.#handle("stat", identifier);
    if (!handle) return { kind: "nothing", size: 0 };
    if (handle.kind === "directory") return { kind: "container", size: 0 };
    return { kind: "file", size: (await guarded("stat", identifier, undefined, () => handle.getFile())).size };
  }

  async read(identifier: string, { signal }: TransferOptions = {}): Promise<Blob> {
    const handle = await this.#handle("read", identifier);
    signal?.throwIfAborted();
    if (!handle) throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "read", identifier);
    if (handle.kind === "directory") throw accessorFault("ACCESSOR_RESOURCE_INVALID", "read", identifier);
    return guarded("read", identifier, undefined, () => handle.getFile());
  }

  async stream(identifier: string, options: TransferOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return (await this.read(identifier, options)).stream();
  }

  async write(identifier: string, data: Blob | ReadableStream<Uint8Array>, options: TransferOptions = {}): Promise<void> {
    const names = splitIdentifier(identifier, "write");
    options.signal?.throwIfAborted();
    const name = names.pop();
    if (name === undefined) throw accessorFault("ACCESSOR_RESOURCE_INVALID", "write", identifier);
    const known = await this.#handle("write", identifier);
    if (known?.kind === "directory") throw accessorFault("ACCESSOR_RESOURCE_INVALID", "write", identifier);
    await guarded("write", identifier, options.signal, async () => {
      const folder = await this.#folder(names);
      const file = await folder.getFileHandle(name, { create: true });
      let written = false;
      try {
        const writable = await file.createWritable();
        try {
          await copyTo((piece) => writable.write(piece as Blob), data, options);
          await writable.close();
          written = true;
        } catch (error) {
          await writable.abort(error).catch(() => undefined);
          throw error;
        }
      } finally {
        // The name was taken before there was anything to stand under it.
        if (!written && !known) await removeUnlocked(folder, name);
      }
    });
  }

  async remove(identifier: string): Promise<void> {
    const handle = await this.#handle("remove", identifier);
    const names = splitIdentifier(identifier, "remove");
    const name = names.pop();
    if (name === undefined) throw accessorFault("ACCESSOR_UNSUPPORTED_OPERATION", "remove", identifier);
    if (!handle) throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "remove", identifier);
    await guarded("remove", identifier, undefined, async () => {
      if (handle.kind === "directory" && !(await handle.keys().next()).done) throw accessorFault("ACCESSOR_CONTAINER_NOT_EMPTY", "remove", identifier);
      await (await this.#folder(names)).removeEntry(name);
    });
  }

  async list(identifier: string): Promise<string[]> {
    const handle = await this.#handle("list", identifier);
    if (!handle) throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "list", identifier);
    if (handle.kind === "file") throw accessorFault("ACCESSOR_RESOURCE_INVALID", "list", identifier);
    const above = splitIdentifier(identifier).join("/");
    return guarded("list", identifier, undefined, async () => {
      const found: string[] = [];
      for await (const name of handle.keys()) if (!name.endsWith(".crswap")) found.push(above ? `${above}/${name}` : name);
      return found.sort();
    });
  }

  async makeContainer(identifier: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    const names = splitIdentifier(identifier, "make");
    if (!recursive && names.length > 1 && !(await this.#handle("make", names.slice(0, -1).join("/")))) {
      throw accessorFault("ACCESSOR_PARENT_RESOURCE_NOT_FOUND", "make", identifier);
    }
    await guarded("make", identifier, undefined, () => this.#folder(names));
  }

  async #folder(names: readonly string[]): Promise<FileSystemDirectoryHandle> {
    let folder = await this.#open();
    for (const name of names) folder = await folder.getDirectoryHandle(name, { create: true });
    return folder;
  }

  async #open(): Promise<FileSystemDirectoryHandle> {
    return typeof this.#root === "function" ? this.#root() : this.#root;
  }

  /** What stands there; nothing where nothing does. */
  async #handle(operation: string, identifier: string): Promise<FileSystemDirectoryHandle | FileSystemFileHandle | undefined> {
    const names = splitIdentifier(identifier, operation);
    return guarded(operation, identifier, undefined, async () => {
      let folder = await this.#open();
      for (const [i, name] of names.entries()) {
        try {
          folder = await folder.getDirectoryHandle(name);
        } catch (error) {
          if (isNamed(error, "NotFoundError")) return undefined;
          if (!isNamed(error, "TypeMismatchError")) throw error;
          return i === names.length - 1 ? folder.getFileHandle(name) : undefined;
        }
      }
      return folder;
    });
  }
}

/** Makes what the browser says the accessor's own errors. */
async function guarded<T>(operation: string, identifier: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof FtrackError) throw error;
    if (isNamed(error, "TypeMismatchError")) throw accessorFault("ACCESSOR_RESOURCE_INVALID", operation, identifier, error);
    if (isNamed(error, "NotFoundError")) throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", operation, identifier, error);
    if (isNamed(error, "NotAllowedError") || isNamed(error, "SecurityError")) throw accessorFault("ACCESSOR_PERMISSION_DENIED", operation, identifier, error);
    throw accessorFault("ACCESSOR_OPERATION_FAILED", operation, identifier, error);
  }
}

function isNamed(error: unknown, name: string): boolean {
  return (error as { name?: unknown } | null)?.name === name;
}

/** How often, and after how many milliseconds, a file is tried again that is locked yet: browsers let go of one a little after its stream has ended. */
const LOCKED = { times: 20, pause: 10 };

/** Removes a file that this page has just stopped writing. One that cannot be removed stays. */
async function removeUnlocked(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  for (let tried = 0; tried < LOCKED.times; tried++) {
    try {
      return await folder.removeEntry(name);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NoModificationAllowedError") return;
      await new Promise((resolve) => setTimeout(resolve, LOCKED.pause));
    }
  }
}
