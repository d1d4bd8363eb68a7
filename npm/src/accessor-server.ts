import { blobOf } from "./accessor.js";
import type { Accessor, ResourceInfo, TransferOptions } from "./accessor.js";
import { accessorFault } from "./accessor-faults.js";
import { NetworkError } from "./errors.js";
import { splitIdentifier } from "./resource-identifier.js";
import type { Transfers } from "./transfers.js";

/** Puts data into the server's storage, under the id of a component. */
export type StoreData = (componentId: string, data: Blob, options: TransferOptions) => Promise<void>;

/**
 * The accessor of the server's own storage; identifiers are the ids of components. It reads with the session's credentials in
 * headers: no key stands in an address.
 */
export class ServerAccessor implements Accessor {
  readonly #transfers: Transfers;
  readonly #store: StoreData;

  /** @internal */
  constructor(transfers: Transfers, store: StoreData) {
    this.#transfers = transfers;
    this.#store = store;
  }

  async stat(identifier: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<ResourceInfo> {
    const response = await this.#get("stat", identifier, signal);
    if (!response) return { kind: "nothing", size: 0 };
    await response.body?.cancel(); // the length stands in the headers; the server answers no HEAD
    return { kind: "file", size: Number(response.headers.get("content-length") ?? 0) };
  }

  async read(identifier: string, options: TransferOptions = {}): Promise<Blob> {
    const response = await this.#found("read", identifier, options.signal);
    if (!options.onProgress) return this.#guarded("read", identifier, options.signal, () => response.blob());
    const stream = counted(response, options.onProgress);
    return this.#guarded("read", identifier, options.signal, () => new Response(stream, { headers: { "content-type": response.headers.get("content-type") ?? "" } }).blob());
  }

  async stream(identifier: string, options: TransferOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#found("read", identifier, options.signal);
    return counted(response, options.onProgress);
  }

  async write(identifier: string, data: Blob | ReadableStream<Uint8Array>, options: TransferOptions = {}): Promise<void> {
    idOf("write", identifier);
    options.signal?.throwIfAborted();
    await this.#guarded("write", identifier, options.signal, async () => this.#store(identifier, await blobOf(data, options.signal), options));
  }

  async remove(identifier: string): Promise<void> {
    if ((await this.stat(identifier)).kind === "nothing") throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", "remove", identifier);
    const response = await this.#ask("remove", identifier, "/component/remove", undefined);
    await response.body?.cancel();
    this.#checkStatus("remove", identifier, response);
  }

  /** The address of a component, without credentials: it answers only with the session's headers. */
  url(identifier: string): string {
    return `${this.#transfers.serverUrl}/component/get?id=${encodeURIComponent(idOf("url", identifier))}`;
  }

  async #found(operation: string, identifier: string, signal: AbortSignal | undefined): Promise<Response> {
    const response = await this.#get(operation, identifier, signal);
    if (!response) throw accessorFault("ACCESSOR_RESOURCE_NOT_FOUND", operation, identifier);
    return response;
  }

  async #get(operation: string, identifier: string, signal: AbortSignal | undefined): Promise<Response | undefined> {
    if (identifier === "") throw accessorFault("ACCESSOR_UNSUPPORTED_OPERATION", operation, identifier);
    const response = await this.#ask(operation, identifier, "/component/get", signal);
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    this.#checkStatus(operation, identifier, response);
    return response;
  }

  async #ask(operation: string, identifier: string, path: string, signal: AbortSignal | undefined): Promise<Response> {
    const id = encodeURIComponent(idOf(operation, identifier));
    return this.#guarded(operation, identifier, signal, () => this.#transfers.toServer(`${path}?id=${id}`, { ...(signal && { signal }) }));
  }

  #checkStatus(operation: string, identifier: string, { ok, status }: Response): void {
    if (ok) return;
    const refused = status === 401 || status === 403;
    throw accessorFault(refused ? "ACCESSOR_PERMISSION_DENIED" : "ACCESSOR_OPERATION_FAILED", operation, identifier, `HTTP status ${status}`);
  }

  async #guarded<T>(operation: string, identifier: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof NetworkError || error instanceof TypeError ? accessorFault("ACCESSOR_OPERATION_FAILED", operation, identifier, error) : error;
    }
  }
}

/** Ids only: what else the address could be made to say, it must not. */
function idOf(operation: string, identifier: string): string {
  splitIdentifier(identifier, operation);
  if (!/^[\w-]{1,64}$/.test(identifier)) throw accessorFault("ACCESSOR_RESOURCE_IDENTIFIER", operation, identifier, "it is no id of a component");
  return identifier;
}

function counted(response: Response, onProgress: TransferOptions["onProgress"]): ReadableStream<Uint8Array> {
  const body = (response.body ?? new Blob().stream()) as ReadableStream<Uint8Array>;
  if (!onProgress) return body;
  const total = Number(response.headers.get("content-length") ?? 0);
  let loaded = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        loaded += piece.length;
        onProgress({ loaded, total: Math.max(total, loaded) });
        controller.enqueue(piece);
      },
    }),
  );
}
