import { call, flag, isObject, optionsOf, signal, text } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { lackingOfCache } from "./cache.js";
import type { CacheLike } from "./cache.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import type { KeyMaker } from "./key-makers.js";
import type { WasmSource } from "./loader.js";
import { POLICIES } from "./policy.js";
import type { Policy } from "./policy.js";
import type { Plugin, Register } from "./plugins.js";
import type { TokenSource } from "./token.js";
import type { Logger } from "./schema-store.js";
import type { Session } from "./session.js";

/**
 * Makes the class of an entity type's entities from the one that the schema gave, to add methods. Its static `defaultProjections`, a list of
 * paths, are what queries without `select` and `get` ask for.
 */
export type EntityTypeExtension = (Base: abstract new (...args: never[]) => Entity) => abstract new (...args: never[]) => Entity;

/** Options of `Session.open`. */
export interface SessionOptions {
  /** Address of the ftrack server, port included where it has one. By default `FTRACK_SERVER` of `env`. */
  serverUrl?: string;
  /** By default `FTRACK_API_KEY` of `env`, then `FTRACK_APIKEY`. */
  apiKey?: string;
  /**
   * Stands in the place of `apiKey` at a gateway that holds the key: a token, or a function that gives one and is asked again when the token
   * has expired. A function that rejects with a TypeError, as fetch does, has met a network that fails; with any other error there is no token,
   * which is as good as a refusal. What is kept belongs to the user whom a JSON Web Token names (`sub`), and with any other kind of token to `apiUser`.
   */
  token?: TokenSource;
  /** Name of the user operations are recorded against. By default `FTRACK_API_USER` of `env`. */
  apiUser?: string;
  /** Whether `load` fetches what is missing; true by default. */
  autoPopulate?: boolean;
  /** Seconds that one request may take, its retries included; 60 by default. */
  timeout?: number;
  /** Headers for every request, beside the session's own. */
  headers?: Record<string, string>;
  /** Asks the server for strict mode: errors come with HTTP status codes. */
  strictApi?: boolean;
  /** Names this session in the events of its changes; made when not given. */
  clientToken?: string;
  /** What requests do with cookies, as in fetch; `include` by default, as the server's own clients do. */
  credentials?: RequestCredentials;
  /** Adds methods to entity types. */
  entityTypes?: Record<string, EntityTypeExtension>;
  /** Where unset server and credentials come from; by default `process.env` where that exists. */
  env?: Record<string, string | undefined>;
  /**
   * Where the server's schemas are kept, so that the next session asks for them only when they have changed: the name of a database
   * in browsers, a folder in Node (by default `FTRACK_API_SCHEMA_CACHE_PATH` of `env`, else one in the user's cache folder). `false`
   * keeps none.
   */
  schemaCachePath?: string | false;
  /**
   * Where queries take their rows from. By default `network-first` in browsers, which keep what the server sends in IndexedDB for the next
   * visit; `network-only` in Node, and with `cache: null`: nothing is kept there. With `cache-first`, `cache-and-network` and `cache-only`
   * a session for which something is kept opens before the server has answered. When the server refuses the credentials afterwards, what
   * is kept is erased.
   */
  policy?: Policy;
  /**
   * How many seconds old what is kept may be for `cache-first` and for `get`; any age by default, but 300 seconds for `get` with
   * `network-first`.
   */
  maxAge?: number;
  /** Whether tabs of one user tell each other what they fetch and commit; true by default. */
  shareTabs?: boolean;
  /**
   * Where what the server sends is kept, in the place of IndexedDB: a cache of this package, or any object with `get`, `set`, `remove`, `keys` and
   * `clear` that keeps text under text, asynchronously or not; or a function that is given the session when it has opened and returns one, or
   * nothing. A memory layer stands above it. Sessions find what was kept with their own server, user, credentials and schemas only. A cache
   * that fails, or does not answer within a second, is told of once to `logger` and passed over. `null` keeps nothing, whatever the policy.
   */
  cache?: CacheLike<string> | ((session: Session) => CacheSource | PromiseLike<CacheSource>) | null;
  /** Makes the keys of what is in `cache`; a StringKeyMaker by default. */
  cacheKeyMaker?: KeyMaker;
  /** Where warnings go; by default `console`. */
  logger?: Logger;
  /**
   * Connects the event hub when the session opens, without delaying that, and goes on trying. Entities and live queries follow the changes of
   * others while it is connected.
   */
  autoConnectEventHub?: boolean;
  /** Names the program in the events that it publishes; `ftrack.api.wasm` by default. */
  applicationId?: string;
  /**
   * Puts the API key into the URL of the event server's handshake, where logs may keep it: for servers that take no headers from a page. By
   * default that is done only where the server has refused the headers with 401 or 403.
   */
  eventKeyInUrl?: boolean;
  /**
   * Addresses of modules that export `register(session, arguments)`, imported in order; by default those of `FTRACK_EVENT_PLUGIN_PATH` of `env`, with
   * `:` or `;` between them. In Node also paths of files, and of folders, of which the `.js` and `.mjs` files come in the order of their names.
   */
  pluginPaths?: readonly string[];
  /** Plugins as values, registered in order after those of `pluginPaths`: functions, or objects with a function `register`. */
  plugins?: readonly (Plugin | Register)[];
  /** What plugins are offered, by name. */
  pluginArguments?: Record<string, unknown>;
  /** Carries the requests instead of the global fetch. */
  fetch?: typeof fetch;
  /** Opens the sockets of the event hub instead of the global WebSocket, which Node has from version 22 on. */
  WebSocket?: typeof WebSocket;
  /** Where `ftrack.wasm` comes from; by default it stands beside this package's script. Sessions of a page share one instance. */
  wasm?: WasmSource | PromiseLike<WasmSource>;
  /** Ends the opening: `open` rejects with its reason. */
  signal?: AbortSignal;
}

/** What a function of the session gives as its cache. */
export type CacheSource = CacheLike<string> | null | undefined;

const CHECKS: Checks<SessionOptions> = {
  serverUrl: text,
  apiKey: text,
  token: ["text, or a function that gives it", (value: unknown) => typeof value === "function" || (typeof value === "string" && value !== "")],
  apiUser: text,
  autoPopulate: flag,
  timeout: ["a number of seconds above 0", (value: unknown) => typeof value === "number" && value > 0 && Number.isFinite(value)],
  headers: ["an object of header names and texts", textValues],
  strictApi: flag,
  clientToken: text,
  credentials: ['"omit", "same-origin" or "include"', (value: unknown) => ["omit", "same-origin", "include"].includes(value as string)],
  entityTypes: ["an object of functions, by entity type", (value: unknown) => isObject(value) && Object.values(value).every((each) => typeof each === "function")],
  env: ["an object of texts", (value: unknown) => isObject(value)],
  schemaCachePath: ["text, or false", (value: unknown) => value === false || (typeof value === "string" && value !== "")],
  policy: [`one of ${POLICIES.join(", ")}`, (value: unknown) => POLICIES.includes(value as Policy)],
  maxAge: ["a number of seconds above 0", (value: unknown) => typeof value === "number" && value > 0],
  shareTabs: flag,
  cache: ["null, an object with get, set, remove, keys and clear, or a function of the session", isCacheOption],
  cacheKeyMaker: ["an object with a function key", (value: unknown) => isObject(value) && typeof (value as Partial<KeyMaker>).key === "function"],
  logger: ["an object with a function warn", (value: unknown) => isObject(value) && typeof (value as Partial<Logger>).warn === "function"],
  autoConnectEventHub: flag,
  applicationId: ["text", (value: unknown) => typeof value === "string" && value !== ""],
  eventKeyInUrl: flag,
  pluginPaths: ["a list of texts", (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === "string")],
  plugins: ["a list of functions, or of objects with a function register", (value: unknown) => Array.isArray(value) && value.every(isPlugin)],
  pluginArguments: ["an object of arguments by name", isObject],
  fetch: call,
  WebSocket: call,
  wasm: ["a URL, a Response, bytes, a WebAssembly.Module, or a promise of these", (value: unknown) => typeof value === "string" || isObject(value)],
  signal,
};

/** Refuses unknown options and values of a wrong type, naming them; values themselves are not shown, one may be a secret. */
export function checkOptions(options: SessionOptions): void {
  if (!isObject(options)) throw new InvalidArgumentError("Session.open: the options must be an object such as { serverUrl, apiKey, apiUser }");
  optionsOf("Session.open", options, CHECKS);
}

/** Refuses options of which neither they nor their variables are given. */
export function checkPresent(options: SessionOptions, variables: Record<string, string>): void {
  if (options.token && options.apiKey) throw new InvalidArgumentError("Session.open: the option token is given beside apiKey: it stands in its place");
  const sources = { serverUrl: ["FTRACK_SERVER"], apiKey: ["FTRACK_API_KEY", "FTRACK_APIKEY"], apiUser: ["FTRACK_API_USER"] } as const;
  for (const [option, names] of Object.entries(sources)) {
    if (option === "apiKey" && options.token) continue;
    if (!options[option as keyof typeof sources] && !names.some((name) => variables[name])) {
      throw new InvalidArgumentError(`Session.open: the option ${option} is missing: give it, or set ${names[0]} in env`);
    }
  }
}

const VARIABLES = ["FTRACK_SERVER", "FTRACK_API_KEY", "FTRACK_APIKEY", "FTRACK_API_USER", "FTRACK_API_SCHEMA_CACHE_PATH", "FTRACK_EVENT_PLUGIN_PATH"];

/** The variables of an environment that concern a session. */
export function ftrackVariables(env: SessionOptions["env"]): Record<string, string> {
  const given = env ?? (typeof process === "object" ? process.env : {});
  const found: Record<string, string> = {};
  for (const name of VARIABLES) {
    const value = given[name];
    if (value !== undefined) found[name] = String(value);
  }
  return found;
}

function isPlugin(value: unknown): boolean {
  return typeof value === "function" || (isObject(value) && typeof (value as Partial<Plugin>).register === "function");
}

function isCacheOption(value: unknown): boolean {
  return value === null || typeof value === "function" || (isObject(value) && lackingOfCache(value).length === 0);
}

function textValues(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((each) => typeof each === "string");
}
