import { optionsOf, signal } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { accessorFault } from "./accessor-faults.js";
import type { Transfers } from "./transfers.js";

/** Which thumbnail. */
export interface ThumbnailOptions {
  /** Pixels of the longer side, about; 300 by default. */
  size?: number | undefined;
  signal?: AbortSignal | undefined;
}

export const THUMBNAIL_OPTIONS: Checks<ThumbnailOptions> = {
  size: ["a number of pixels, 8192 at most", (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 8192],
  signal,
};

/** Small pictures of components, as the server makes them. */
export class Thumbnails {
  readonly #transfers: Transfers;

  constructor(transfers: Transfers) {
    this.#transfers = transfers;
  }

  async blob(componentId: string, options?: ThumbnailOptions): Promise<Blob> {
    const { size = 300, signal } = optionsOf<ThumbnailOptions>("thumbnail", options, THUMBNAIL_OPTIONS);
    const response = await this.#transfers.toServer(`/component/thumbnail?id=${encodeURIComponent(componentId)}&size=${size}`, { ...(signal && { signal }) });
    if (response.ok) return response.blob();
    await response.body?.cancel();
    const code = response.status === 404 ? "ACCESSOR_RESOURCE_NOT_FOUND" : response.status === 401 || response.status === 403 ? "ACCESSOR_PERMISSION_DENIED" : "ACCESSOR_OPERATION_FAILED";
    throw accessorFault(code, "thumbnail", componentId, `HTTP status ${response.status}`);
  }

  url(componentId: string | null, options?: ThumbnailOptions): string {
    const { size = 300 } = optionsOf<ThumbnailOptions>("thumbnailUrl", options, THUMBNAIL_OPTIONS);
    const { serverUrl } = this.#transfers;
    if (componentId === null) return `${serverUrl}/img/thumbnail2.png`;
    return this.#transfers.signedByKey(`/component/thumbnail?id=${encodeURIComponent(componentId)}&size=${size}`);
  }
}
