/* eslint-disable @typescript-eslint/require-await -- errors must reject, as those of accessors that wait do */
import { blobOf, copyTo } from "./accessor.js";
import type { Accessor, ResourceInfo, TransferOptions } from "./accessor.js";
import { accessorFault } from "./accessor-faults.js";
import { containerOf, splitIdentifier } from "./resource-identifier.js";

/** An accessor whose storage is the page's memory; a Blob that the browser keeps on the disk stays there. */
export class MemoryAccessor implements Accessor {
  readonly #files = new Map<string, Blob>();
  readonly #containers = new Set<string>([""]);

  async stat(identifier: string): Promise<ResourceInfo> {
    return this.#stat(nameOf(identifier, "stat"));
  }

  async read(identifier: string, { signal }: TransferOptions = {}): Promise<Blob> {
    const name = nameOf(identifier, "read");
    signal?.throwIfAborted();
    const file = this.#files.get(name);
    if (file) return file;
    throw accessorFault(this.#containers.has(name) ? "ACCESSOR_RESOURCE_INVALID" : "ACCESSOR_RESOURCE_NOT_FOUND", "read", identifier);
  }

  async stream(identifier: string, options: TransferOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return (await this.read(identifier, options)).stream();
  }

  async write(identifier: string, data: Blob | ReadableStream<Uint8Array>, options: TransferOptions = {}): Promise<void> {
    const name = nameOf(identifier, "write");
    options.signal?.throwIfAborted();
    this.#checkContainers("write", identifier, containerOf(name));
    if (this.#containers.has(name)) throw accessorFault("ACCESSOR_RESOURCE_INVALID", "write", identifier);
    let whole: Blob;
    try {
      whole = await blobOf(data, options.signal);
      await copyTo(async () => undefined, whole, options);
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      throw accessorFault("ACCESSOR_OPERATION_FAILED", "write", identifier, error);
    }
    this.#makeContainers(containerOf(name));
    this.#files.set(name, whole);
  }

  async remove(identifier: string): Promise<void> {
    const name = nameOf(identifier, "remove");
    if (this.#files.delete(name)) return;
    if (name === "") throw accessorFault("ACCESSOR_UNSUPPORTED_OPERATION", "remove", identifier);
    if (!this.#containers.has(name)) throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "remove", identifier);
    if (this.#in(name).length) throw accessorFault("ACCESSOR_CONTAINER_NOT_EMPTY", "remove", identifier);
    this.#containers.delete(name);
  }

  async list(identifier: string): Promise<string[]> {
    const name = nameOf(identifier, "list");
    if (this.#files.has(name)) throw accessorFault("ACCESSOR_RESOURCE_INVALID", "list", identifier);
    if (!this.#containers.has(name)) throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "list", identifier);
    return this.#in(name);
  }

  async makeContainer(identifier: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    const name = nameOf(identifier, "make");
    if (!recursive && this.#stat(containerOf(name)).kind === "nothing") throw accessorFault("ACCESSOR_PARENT_RESOURCE_NOT_FOUND", "make", identifier);
    this.#checkContainers("make", identifier, name);
    this.#makeContainers(name);
  }

  #stat(name: string): ResourceInfo {
    const file = this.#files.get(name);
    if (file) return { kind: "file", size: file.size };
    return { kind: this.#containers.has(name) ? "container" : "nothing", size: 0 };
  }

  #in(container: string): string[] {
    return [...this.#files.keys(), ...this.#containers].filter((name) => name !== "" && containerOf(name) === container).sort();
  }

  #checkContainers(operation: string, identifier: string, name: string): void {
    for (let each = name; each !== ""; each = containerOf(each)) {
      if (this.#files.has(each)) throw accessorFault("ACCESSOR_RESOURCE_INVALID", operation, identifier);
    }
  }

  #makeContainers(name: string): void {
    for (let each = name; each !== ""; each = containerOf(each)) this.#containers.add(each);
  }
}

function nameOf(identifier: string, operation: string): string {
  return splitIdentifier(identifier, operation).join("/");
}
