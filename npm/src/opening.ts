import { Core } from "./core.js";
import type { Settlement } from "./core.js";
import { AuthenticationError } from "./errors.js";
import type { RequestSettings } from "./host.js";
import { checkOptions, checkPresent, ftrackVariables } from "./options.js";
import type { SessionOptions } from "./options.js";
import { ReplyDatabase, databaseName } from "./reply-database.js";
import type { TypeDescription } from "./schema.js";
import { SessionAuthentication } from "./session-authentication.js";
import { SchemaCache } from "./schema-store.js";
import type { ServerInformation } from "./session.js";
import { tokenFetch } from "./token.js";
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
  /** Keeps the replies to queries, where they are kept. */
  readonly replies: ReplyDatabase | undefined;
  /** Closes it again. */
  discard(): void;
}

/**
 * Has the core open a session. The module, the schemas and the replies that are kept are looked for side by side. With kept replies and
 * schemas a session opens without a network too, if its policy is to use them.
 */
export async function openInCore(options: SessionOptions): Promise<Opening> {
  checkOptions(options);
  const { signal, fetch: given, logger = console } = options;
  signal?.throwIfAborted();
  const env = ftrackVariables(options.env);
  checkPresent(options, env);
  const serverUrl = (options.serverUrl || env.FTRACK_SERVER || "").replace(/\/$/, "");
  const replies = replyDatabase(options, env, serverUrl);
  const plainFetch: typeof fetch = given ? (...args) => given(...args) : (...args) => fetch(...args);
  const settings: RequestSettings = {
    replies,
    network: { online: true },
    fetch: options.token ? tokenFetch(options.token, serverUrl, plainFetch) : plainFetch,
    credentials: options.credentials ?? "include",
  };
  const schemaCache = new SchemaCache(options.schemaCachePath, env, logger);
  const keeping = replies && (options.policy ?? "network-only") !== "network-only" ? replies.open() : false;
  const [core, stored, openOffline] = await Promise.all([Core.shared(options.wasm), schemaCache.load(serverUrl), keeping]);
  const { apiUser, apiKey, timeout, headers, strictApi, clientToken, policy, maxAge } = options;
  const payload = {
    serverUrl: options.serverUrl, apiUser, apiKey, timeout, headers, strictApi, clientToken, policy, maxAge, env,
    hasToken: options.token !== undefined, schemas: stored, keeping: replies !== undefined, openOffline,
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
    throw error;
  }
  const opened = JSON.parse(reply.kind === "value" ? reply.text : "{}") as Opened;
  let schemas = stored?.text ?? "[]";
  if (opened.schemasFetched) {
    try {
      const fetched = await core.request(opened.session, "schemas", {}, { signal });
      if (fetched.kind === "value") schemas = fetched.text;
    } catch (error) {
      discard(opened.session);
      throw error;
    }
    const hash = opened.serverInformation.schema_hash;
    if (hash) schemaCache.save(serverUrl, { hash, text: schemas });
  }
  return { core, opened, schemas, settings, transfers: transfersOf(options, env, opened, settings), replies, discard: () => discard(opened.session) };
}

function transfersOf(options: SessionOptions, env: Readonly<Record<string, string>>, { serverUrl, apiUser }: Opened, { fetch, credentials }: RequestSettings): Transfers {
  const apiKey = options.apiKey || env.FTRACK_API_KEY || env.FTRACK_APIKEY || "";
  const authentication = options.token ? undefined : new SessionAuthentication({ apiKey, apiUser }); // the fetch has the token
  return new Transfers(serverUrl, authentication, { fetch, ownFetch: options.fetch !== undefined, credentials, headers: options.headers });
}

/** Where a session keeps the replies to its queries; nowhere without a database. It is made when the first query needs it. */
function replyDatabase(options: SessionOptions, env: Readonly<Record<string, string>>, serverUrl: string): ReplyDatabase | undefined {
  if (options.cache === null || typeof indexedDB !== "object") return undefined;
  const apiUser = options.apiUser || env.FTRACK_API_USER || "";
  const apiKey = options.token ? "" : options.apiKey || env.FTRACK_API_KEY || env.FTRACK_APIKEY || "";
  return new ReplyDatabase(databaseName(serverUrl, apiUser, apiKey), options.logger ?? console);
}
