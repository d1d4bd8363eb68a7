import { NetworkError } from "./errors.js";

/**
 * A token that a gateway takes in the place of an API key, or a function that gives one: it is asked again when a token was refused. One
 * that rejects as fetch does without a network, with a TypeError, is a network that fails; one that rejects with anything else has no token, which is a refusal.
 */
export type TokenSource = string | (() => string | PromiseLike<string>);

/** The token of a session, as its source gave it last. */
export class Tokens {
  current: string | undefined;
  /** Hears of each that the source gives. */
  heard: ((token: string) => void) | undefined;
  readonly #source: TokenSource;
  #asking: Promise<string> | undefined;

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** Asks the source; all who ask meanwhile get the same answer. */
  fresh(): Promise<string> {
    this.#asking ??= Promise.resolve()
      .then(() => (typeof this.#source === "function" ? this.#source() : this.#source))
      .then((given) => {
        if (typeof given !== "string" || given === "") throw new NoToken(`the option token gave ${given === "" ? "an empty text" : typeof given}`);
        this.current = given;
        this.heard?.(given);
        return given;
      })
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }
}

/**
 * The user whom a token names, where it can be read: `sub` of a JSON Web Token, which stays the same from one sign-in to the next. Nothing else
 * of a token does; of another kind of token nothing is known. It is not verified, which is the server's part: it tells users apart.
 */
export function subjectOf(token: string): string | undefined {
  const [, claims, ...signature] = token.split(".");
  if (!claims || signature.length !== 1) return undefined;
  try {
    const bytes = Uint8Array.from(atob(claims.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === "string" && sub !== "" ? sub : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A fetch that sends a token with every request to a server. A request that is refused as unauthorized is sent once more with a fresh
 * token, if there is one: whoever refuses a token has not acted on the request. The token stays out of texts that the server answers with.
 */
export function tokenFetch(tokens: Tokens, serverUrl: string, send: typeof fetch): typeof fetch {
  async function withToken(input: RequestInfo | URL, init: RequestInit | undefined, given: string): Promise<Response> {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.delete("ftrack-user");
    headers.delete("ftrack-api-key");
    headers.set("authorization", `Bearer ${given}`);
    const response = await send(input, { ...init, headers });
    return response.ok || response.status < 400 ? response : redacted(response, given);
  }

  return async (input, init) => {
    if (!isAt(addressOf(input), serverUrl)) return send(input, init);
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    try {
      const used = tokens.current ?? (await unlessAborted(tokens.fresh(), signal));
      const again = input instanceof Request && input.body ? input.clone() : input;
      const response = await withToken(input, init, used);
      if (response.status !== 401 || init?.body instanceof ReadableStream) return response;
      const { current } = tokens;
      const next = current !== undefined && current !== used ? current : await unlessAborted(tokens.fresh(), signal);
      if (next === used) return response;
      await response.body?.cancel();
      return await withToken(again, init, next);
    } catch (error) {
      if (signal?.aborted || !(error instanceof NoToken)) throw error;
      const said = { exception: "InvalidCredentialsError", content: `There is no token: ${error.message}`, error_code: "token_missing" };
      return new Response(JSON.stringify(said), { status: 401, headers: { "content-type": "application/json" } });
    }
  };
}

/** The source has none. */
class NoToken extends Error {}

/** Whether a source failed because it could reach nobody, as far as can be told: then a fetch rejects with a TypeError, or was given up. */
function isOfNetwork(error: unknown): boolean {
  if (error instanceof DOMException) return ["AbortError", "NetworkError", "TimeoutError"].includes(error.name);
  return error instanceof TypeError || error instanceof NetworkError;
}

function addressOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : String(input);
}

/** Whether an address is the server's, and carries no ticket, which is there for those who have no token. */
function isAt(address: string, serverUrl: string): boolean {
  if (!address.startsWith(serverUrl)) return false;
  const rest = address.slice(serverUrl.length);
  return (rest === "" || rest.startsWith("/") || rest.startsWith("?")) && !/[?&]ticket=/.test(rest);
}

async function unlessAborted(token: Promise<string>, signal: AbortSignal | null | undefined): Promise<string> {
  const asked = token.catch((error: unknown) => {
    if (error instanceof NoToken) throw error;
    // It is told of as a failure of the request that needs the token, and must say whose it is.
    if (isOfNetwork(error)) throw new TypeError(`the function of the option token reached nobody: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    throw new NoToken(error instanceof Error ? error.message : String(error), { cause: error });
  });
  if (!signal) return asked;
  let leave: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([asked, aborted]);
  } finally {
    signal.removeEventListener("abort", leave!);
  }
}

/** A refusal without the token, which a proxy's page can echo. */
async function redacted(response: Response, token: string): Promise<Response> {
  const text = await response.text();
  const { status, statusText, headers } = response;
  const shown = new Headers(headers);
  shown.delete("content-length");
  shown.delete("content-encoding");
  return new Response(text.replaceAll(token, "[redacted]"), { status, statusText, headers: shown });
}
