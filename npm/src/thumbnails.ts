import { InvalidArgumentError } from "./errors.js";
import { accessorFault } from "./accessor-faults.js";
import type { Transfers } from "./transfers.js";

/** Which thumbnail. */
export interface ThumbnailOptions {
  /** Pixels of the longer side, about; 300 by default. */
  size?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Small pictures of components, as the server makes them. */
export class Thumbnails {
  readonly #transfers: Transfers;

  constructor(transfers: Transfers) {
    this.#transfers = transfers;
  }

  async blob(componentId: string, { size = 300, signal }: ThumbnailOptions = {}): Promise<Blob> {
    checkSize(size);
    const response = await this.#transfers.toServer(`/component/thumbnail?id=${encodeURIComponent(componentId)}&size=${size}`, { ...(signal && { signal }) });
    if (response.ok) return response.blob();
    await response.body?.cancel();
    const code = response.status === 404 ? "ACCESSOR_RESOURCE_NOT_FOUND" : response.status === 401 || response.status === 403 ? "ACCESSOR_PERMISSION_DENIED" : "ACCESSOR_OPERATION_FAILED";
    throw accessorFault(code, "thumbnail", componentId, `HTTP status ${response.status}`);
  }

  url(componentId: string | null, { size = 300 }: ThumbnailOptions = {}): string {
    checkSize(size);
    const { serverUrl } = this.#transfers;
    if (componentId === null) return `${serverUrl}/img/thumbnail2.png`;
    return this.#transfers.signedByKey(`/component/thumbnail?id=${encodeURIComponent(componentId)}&size=${size}`);
  }
}

function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > 8192) throw new InvalidArgumentError("thumbnail: the size must be a number of pixels");
}
