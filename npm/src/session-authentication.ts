import { InvalidArgumentError } from "./errors.js";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * The headers that name a user to the server, for requests that a program makes itself. It prints redacted: neither
 * `String`, `JSON.stringify` nor a console shows the key.
 *
 * @example await fetch(url, new SessionAuthentication({ apiKey, apiUser }).apply({ method: "POST", body }));
 */
export class SessionAuthentication {
  readonly apiUser: string;
  readonly #apiKey: string;

  constructor({ apiKey, apiUser }: { apiKey: string; apiUser: string }) {
    if (typeof apiKey !== "string" || !apiKey) throw new InvalidArgumentError("SessionAuthentication: apiKey is missing");
    if (typeof apiUser !== "string" || !apiUser) throw new InvalidArgumentError("SessionAuthentication: apiUser is missing");
    this.apiUser = apiUser;
    this.#apiKey = apiKey;
  }

  /** A fetch init like the given one, with the credentials among its headers. The given one is not changed. */
  apply(init: RequestInit = {}): RequestInit & { headers: Headers } {
    const headers = new Headers(init.headers);
    headers.set("ftrack-user", this.apiUser);
    headers.set("ftrack-api-key", this.#apiKey);
    return { ...init, headers };
  }

  toString(): string {
    return `SessionAuthentication(${this.apiUser}, key redacted)`;
  }

  toJSON(): { apiUser: string } {
    return { apiUser: this.apiUser };
  }

  /** @internal */
  [INSPECT](): string {
    return this.toString();
  }
}
