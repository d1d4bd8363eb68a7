import { CacheStore } from "./cache-store.js";
import { Core } from "./core.js";
import type { Settlement } from "./core.js";
import { AuthenticationError, InvalidArgumentError } from "./errors.js";
import type { RequestSettings } from "./host.js";
import { databaseName } from "./idb/names.js";
import { hasIndexedDB } from "./database.js";
import { ReplyDatabase } from "./idb/reply-database.js";
import { Network, check } from "./network.js";
import { checkEvents, webSocketOf } from "./session-events.js";
import { SharedSockets } from "./shared-sockets.js";
import { DirectSockets } from "./sockets.js";
import type { Sockets } from "./sockets.js";
import { checkOptions, checkPresent, ftrackVariables } from "./options.js";
import type { SessionOptions } from "./options.js";
import { StringKeyMaker } from "./key-makers.js";
import type { Policy } from "./policy.js";
import type { KeptStore } from "./reply-store.js";
import type { TypeDescription } from "./schema.js";
import { SessionAuthentication } from "./session-authentication.js";
import { SchemaCache } from "./schema-store.js";
import type { ServerInformation } from "./server-information.js";
import { Tokens, subjectOf, tokenFetch } from "./token.js";
import { Transfers } from "./transfers.js";

/** The core's reply to `open`. */
interface Opened {
  session: number;
  serverUrl: string;
  apiUser: string;
  serverInformation: ServerInformation;
  /** Whether the schemas are others than those that were kept. */
  schemasFetched: boolean;
  types: TypeDescription[];
}

/** A session that the core has opened, and what it needs in JavaScript. */
export interface Opening {
  readonly core: Core;
  readonly opened: Opened;
  /** The server's schemas, JSON. */
  readonly schemas: string;
  readonly settings: RequestSettings;
  /** The way of data that is no operation. */
  readonly transfers: Transfers;
  readonly network: Network;
  readonly policy: Policy;
  /** Keeps what the server sends, where it is kept. */
  readonly replies: KeptStore | undefined;
  /** What the server says of itself, when the session opened before it did. */
  readonly checking: Promise<ServerInformation> | undefined;
  /** Keeps schemas for the next session. */
  readonly keepSchemas: (hash: string, text: string) => void;
  /** Closes it again. */
  discard(): void;
}

/** Policies that show what is kept before the network answers. A session with one of them opens so, too. */
const EARLY: readonly Policy[] = ["cache-first", "cache-and-network", "cache-only"];

/** How long a session that could open waits for the server's answer, in milliseconds: a refusal that is at hand is a refusal to open. */
const GRACE = 10;

/**
 * Has the core open a session. The module, the schemas and the replies that are kept are looked for side by side. With kept replies and
 * schemas a session opens without a network too, if its policy is to use them; if it is to show them first, it does not wait for one.
 */
export async function openInCore(options: SessionOptions): Promise<Opening> {
  checkOptions(options);
  checkEvents(options);
  options.signal?.throwIfAborted();
  const env = ftrackVariables(options.env);
  checkPresent(options, env);
  return (await open(options, env, true)) ?? (await open(options, env, false))!;
}

/** `undefined` when the session opened early, with schemas that are not the server's any more. */
async function open(options: SessionOptions, env: Record<string, string>, early: boolean): Promise<Opening | undefined> {
  const { signal, fetch: given, logger = console } = options;
  const serverUrl = (options.serverUrl || env.FTRACK_SERVER || "").replace(/\/$/, "");
  const starting = Core.shared(options.wasm);
  starting.catch(() => undefined); // it is waited for below
  const tokens = options.token === undefined ? undefined : new Tokens(options.token);
  const subject = tokens && (await subjectAtHand(tokens));
  const replies = storeFor(options, env, serverUrl, subject);
  const plainFetch: typeof fetch = given ? (...args) => given(...args) : (...args) => fetch(...args);
  const policy = options.policy ?? (replies ? "network-first" : "network-only");
  const network = new Network();
  const send = tokens ? tokenFetch(tokens, serverUrl, plainFetch) : plainFetch;
  const credentials = options.credentials ?? "include";
  const WebSocket = webSocketOf(options);
  const settings: RequestSettings = {
    replies,
    network,
    fetch: send,
    credentials,
    sockets: WebSocket && socketsOf(options, [serverUrl, userOf(options, env), ...(subject === undefined ? [] : [subject])].join(" "), new DirectSockets(send, WebSocket, credentials)),
    warn: (message) => logger.warn(message),
  };
  if (tokens) {
    tokens.heard = (token) => {
      const named = subjectOf(token);
      if (!settings.replies || named === undefined || named === (subject ?? userOf(options, env))) return;
      settings.replies = undefined;
      void replies?.close();
      logger.warn("ftrack-wasm: the token is another user's than apiUser says: what is kept is not shown, and nothing is kept");
    };
    if (tokens.current !== undefined) tokens.heard(tokens.current); // it came in between
  }
  const schemaCache = new SchemaCache(options.schemaCachePath, env, logger);
  const [core, stored, keptWith] = await Promise.all([starting, schemaCache.load(serverUrl), policy === "network-only" ? undefined : replies?.open()]);
  const openOffline = settings.replies !== undefined && keptWith !== undefined && keptWith === stored?.hash;
  const openEarly = early && openOffline && EARLY.includes(policy);
  const { apiUser, apiKey, timeout, headers, strictApi, clientToken, maxAge } = options;
  const payload = {
    serverUrl: options.serverUrl, apiUser, apiKey, timeout, headers, strictApi, clientToken, policy, env,
    applicationId: options.applicationId, eventKeyInUrl: options.eventKeyInUrl,
    hasToken: options.token !== undefined, maxAge: maxAge === Infinity ? 1e9 : maxAge, schemas: stored, keeping: replies !== undefined, openOffline, openEarly,
  };
  const discard = (id: number): void => {
    core.tell(id, "close", {});
    void replies?.close();
  };
  let reply: Settlement;
  try {
    signal?.throwIfAborted();
    reply = await core.request(0, "open", payload, {
      signal,
      settings,
      abandoned: (late) => late.kind === "value" && discard((JSON.parse(late.text) as Opened).session),
    });
  } catch (error) {
    // Who is refused now has no right to what was fetched earlier.
    await (error instanceof AuthenticationError ? replies?.erase() : replies?.close());
    throw inOwnNames(error);
  }
  const opened = JSON.parse(reply.kind === "value" ? reply.text : "{}") as Opened;
  const { session } = opened;
  if (replies instanceof CacheStore) replies.know(opened.types);
  const keepSchemas = (hash: string, text: string): void => schemaCache.save(serverUrl, { hash, text });
  let schemas = stored?.text ?? "[]";
  let checking: Promise<ServerInformation> | undefined;
  try {
    if (opened.schemasFetched) {
      const fetched = await core.request(session, "schemas", {}, { signal });
      if (fetched.kind === "value") schemas = fetched.text;
      const hash = opened.serverInformation.schema_hash;
      if (hash) keepSchemas(hash, schemas);
    }
    replies?.stamp(opened.serverInformation.schema_hash ?? "");
    if (openEarly && !opened.schemasFetched) {
      core.attach(session, { settings, changed: () => undefined, deliver: () => false, died: () => undefined, refused: () => undefined, live: () => undefined, holding: () => undefined });
      checking = check(core, session);
      const answer = await atHand(checking);
      if (answer && answer.schema_hash !== stored.hash) {
        discard(session);
        return undefined;
      }
      if (answer) {
        opened.serverInformation = answer;
        checking = undefined;
      }
    }
  } catch (error) {
    if (error instanceof AuthenticationError) await replies?.erase();
    discard(session);
    throw error;
  }
  return { core, opened, schemas, settings, transfers: transfersOf(options, env, opened, settings), network, policy, replies, checking, keepSchemas, discard: () => discard(session) };
}

/** The core names options as Go programs have them. */
function inOwnNames(error: unknown): unknown {
  const [, option, reason] = (error instanceof InvalidArgumentError && /^session: option (\w+) (.*)$/s.exec(error.message)) || [];
  if (!option) return error;
  const name = option.replace("URL", "Url").replace("API", "Api");
  return new InvalidArgumentError(`Session.open: the option ${name[0]!.toLowerCase()}${name.slice(1)} ${reason}`, { cause: error });
}

function transfersOf(options: SessionOptions, env: Readonly<Record<string, string>>, { serverUrl, apiUser }: Opened, { fetch, credentials }: RequestSettings): Transfers {
  const apiKey = options.apiKey || env.FTRACK_API_KEY || env.FTRACK_APIKEY || "";
  const authentication = options.token ? undefined : new SessionAuthentication({ apiKey, apiUser }); // the fetch has the token
  return new Transfers(serverUrl, authentication, { fetch, ownFetch: options.fetch !== undefined, credentials, headers: options.headers });
}

/** The server's answer if it comes at once. Only a refusal is an error: what is kept serves without a network. */
async function atHand(checking: Promise<ServerInformation>): Promise<ServerInformation | undefined> {
  const answer = checking.catch((error: unknown) => {
    if (error instanceof AuthenticationError) throw error;
    return undefined;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), GRACE)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}

/**
 * The user whom the token names, if it comes at once. What is kept is the named user's then. Rows that are there are not held back for a
 * token that has to be fetched: until it is here, the user is who `apiUser` says.
 */
async function subjectAtHand(tokens: Tokens): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), GRACE)));
  const asked = tokens.fresh().then(subjectOf, () => undefined); // requests hear why there is none
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function userOf(options: SessionOptions, env: Readonly<Record<string, string>>): string {
  return options.apiUser || env.FTRACK_API_USER || "";
}

/**
 * Where a session keeps what the server sends: in the cache that it was given, or in a database, which is made when the first query needs
 * it; without either in memory, if its policy says so.
 */
function storeFor(options: SessionOptions, env: Readonly<Record<string, string>>, serverUrl: string, subject: string | undefined): KeptStore | undefined {
  const { cache, cacheKeyMaker: keyMaker = new StringKeyMaker(), logger = console, policy = "network-only", shareTabs } = options;
  if (cache === null) return undefined;
  const apiUser = userOf(options, env);
  const other = subject === undefined || subject === apiUser ? "" : subject; // tokens change with every sign-in, whom they name does not
  const apiKey = options.token ? other : options.apiKey || env.FTRACK_API_KEY || env.FTRACK_APIKEY || "";
  if (cache === undefined && hasIndexedDB()) return new ReplyDatabase(databaseName(serverUrl, apiUser, apiKey), logger, { shareTabs });
  if (cache === undefined && policy === "network-only") return undefined;
  const store = new CacheStore({ serverUrl, apiUser, apiKey, keyMaker, logger });
  if (typeof cache === "object") store.use(cache);
  return store;
}

/** How a session reaches the event server: over a socket that it shares with other tabs, where that can be and is wanted. */
function socketsOf({ shareTabs, WebSocket }: SessionOptions, group: string, direct: DirectSockets): Sockets {
  return shareTabs === false || WebSocket || !SharedSockets.supported ? direct : new SharedSockets(group, direct);
}
