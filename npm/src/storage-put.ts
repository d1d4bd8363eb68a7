import { NetworkError, ServerError } from "./errors.js";
import type { Transfers } from "./transfers.js";

/** Headers that browsers set themselves, and refuse to be told. */
const OWN_HEADERS = new Set(["content-length", "host", "connection"]);

/** One PUT of bytes to an address that the server gave. */
export interface StoragePut {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Blob;
  signal: AbortSignal;
  /** Is told how many bytes have left. */
  onSent?: (bytes: number) => void;
}

/**
 * Puts bytes into the storage and gives the ETag that it answers with.
 *
 * @throws {ServerError} with the status of a refusal
 * @throws {NetworkError} where no answer came
 */
export async function putToStorage(transfers: Transfers, put: StoragePut): Promise<string> {
  put.signal.throwIfAborted();
  const headers = Object.fromEntries(Object.entries(put.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())));
  // fetch tells nothing of what has left.
  if (typeof XMLHttpRequest === "function" && !transfers.ownFetch) return putByXhr(transfers, put, headers);
  const response = await transfers.toStorage(put.url, { method: "PUT", headers, body: put.body, signal: put.signal });
  await response.body?.cancel();
  if (!response.ok) throw refusal(response.status);
  put.onSent?.(put.body.size);
  return response.headers.get("etag") ?? "";
}

function putByXhr(transfers: Transfers, { url, body, signal, onSent }: StoragePut, headers: Record<string, string>): Promise<string> {
  const address = new URL(url, `${transfers.serverUrl}/`);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address.href);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const onAbort = (): void => request.abort();
    signal.addEventListener("abort", onAbort, { once: true });
    if (onSent) request.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, body.size));
    request.onloadend = () => {
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) reject(signal.reason);
      else if (request.status === 0) reject(new NetworkError(`upload: no answer from ${address.origin}`));
      else if (request.status < 200 || request.status > 299) reject(refusal(request.status));
      else {
        onSent?.(body.size);
        // Asked for all: a header that is not exposed is reported in the console when it is asked for by name.
        resolve(/^etag: *(.*?)\r?$/im.exec(request.getAllResponseHeaders())?.[1] ?? "");
      }
    };
    request.send(body);
  });
}

function refusal(status: number): ServerError {
  return new ServerError(`upload: the storage refused (HTTP status ${status})`, { status });
}

/** Whether what failed so may succeed when it is tried again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  if (!(error instanceof ServerError) || error.status === undefined) return false;
  return error.status === 408 || error.status === 429 || error.status >= 500;
}
