import { InvalidArgumentError, NetworkError } from "./errors.js";
import type { SessionAuthentication } from "./session-authentication.js";

/** How a session's requests for data leave: those that are no operations of the API. */
export class Transfers {
  readonly serverUrl: string;
  readonly #fetch: typeof fetch;
  readonly #credentials: RequestCredentials;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #authentication: SessionAuthentication | undefined;
  /** Whether the page gave a fetch of its own, which then carries all requests. */
  readonly ownFetch: boolean;

  /** Without `authentication` it is the fetch that names the user. */
  constructor(
    serverUrl: string,
    authentication: SessionAuthentication | undefined,
    options: { fetch: typeof fetch; ownFetch: boolean; credentials: RequestCredentials; headers?: Record<string, string> | undefined },
  ) {
    this.serverUrl = serverUrl;
    this.#authentication = authentication;
    this.#fetch = options.fetch;
    this.ownFetch = options.ownFetch;
    this.#credentials = options.credentials;
    this.#headers = options.headers ?? {};
  }

  /**
   * Asks the ftrack server with the session's credentials in headers. `path` stands below the server's address.
   * @throws {NetworkError} where no answer came, and the signal's reason when that ended it
   */
  async toServer(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(this.#headers);
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    return this.#send(`${this.serverUrl}${path}`, { ...(this.#authentication?.apply({ ...init, headers }) ?? { ...init, headers }), credentials: this.#credentials });
  }

  /** An address with the session's credentials in it, for what can send no headers. Whoever sees it has the key. */
  signedByKey(path: string): string {
    if (!this.#authentication) throw new InvalidArgumentError("thumbnailUrl: a session with a token has no key to put into an address: use thumbnail");
    const { headers } = this.#authentication.apply();
    return `${this.serverUrl}${path}&username=${encodeURIComponent(headers.get("ftrack-user") ?? "")}&apiKey=${encodeURIComponent(headers.get("ftrack-api-key") ?? "")}`;
  }

  /** Sends to an address that the server gave, which carries its own permission: neither credentials nor cookies go along. */
  async toStorage(url: string, init: RequestInit = {}): Promise<Response> {
    return this.#send(new URL(url, `${this.serverUrl}/`).href, { ...init, credentials: "omit" });
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init);
    } catch (error) {
      if (init.signal?.aborted) throw init.signal.reason;
      // The address may be a signed one, or have been given by hand: it is not shown.
      throw new NetworkError(`transfer: no answer from ${new URL(url).origin}`, { cause: error instanceof Error ? error.message : String(error) });
    }
  }
}
