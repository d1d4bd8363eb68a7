import { InvalidArgumentError } from "./errors.js";
import type { SessionOptions } from "./options.js";
import type { Logger } from "./schema-store.js";

/** What a dashboard is shown for. */
export interface WidgetContext {
  readonly entity: { readonly id: string; readonly type: string } | undefined;
  /** What the page said last: it leaves the theme out when another entity is chosen. */
  readonly theme: string | undefined;
}

/** Options of `Session.fromWidget`. */
export interface WidgetOptions extends Omit<SessionOptions, "serverUrl" | "apiKey" | "apiUser" | "token"> {
  /**
   * The origins of ftrack pages that may embed this one, such as `https://studio.ftrackapp.com`. Messages of others are left alone; `logger` is
   * told once when the page around this one is of another origin.
   */
  allowedOrigins: readonly string[];
  /** Hears what the widget is shown for: when it loads, and when the user chooses something else, until the session closes. */
  onContext?: (context: WidgetContext) => void;
}

/** The credentials that an ftrack page gave. */
interface WidgetCredentials {
  readonly serverUrl: string;
  readonly apiUser: string;
  readonly apiKey: string;
}

/**
 * Opens a widget's session, with the options given and the credentials that the page around it sends. `onContext` hears of changes until the
 * session closes, does not open, or the signal is aborted.
 */
export async function openWidget<S>(options: WidgetOptions, open: (options: SessionOptions) => Promise<S>): Promise<S> {
  const leaving = new AbortController();
  const { allowedOrigins, onContext, signal, ...rest } = options;
  const both = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  const { logger = console } = rest;
  const credentials = await widgetCredentials({ allowedOrigins, logger, signal: both, ...(onContext && { onContext }) });
  try {
    return await open({ ...rest, ...credentials, ...(signal && { signal }), plugins: [rest.plugins ?? [], () => () => leaving.abort()].flat() });
  } catch (error) {
    leaving.abort();
    throw error;
  }
}

/** Origins, checked and in their plain form. */
function originsOf(allowed: unknown): ReadonlySet<string> {
  if (!Array.isArray(allowed) || !allowed.length) throw new InvalidArgumentError('Session.fromWidget: allowedOrigins must list origins such as "https://studio.ftrackapp.com"');
  return new Set(
    allowed.map((each: unknown) => {
      let origin: string | undefined;
      try {
        origin = new URL(String(each)).origin;
      } catch {
        // Told below, as other things that are no origins are.
      }
      if (!origin || origin === "null" || (each !== origin && each !== `${origin}/`)) {
        throw new InvalidArgumentError(`Session.fromWidget: allowedOrigins has something that is no origin (a scheme, a host and perhaps a port): ${JSON.stringify(each)}`);
      }
      return origin;
    }),
  );
}

/**
 * Tells the page that embeds this one, or opened it, that the widget is ready, and waits for the credentials that it sends. Only
 * the page around this one is listened to, and only while it is of an allowed origin.
 */
function widgetCredentials({ allowedOrigins, onContext, signal, logger }: WidgetOptions & { logger: Logger }): Promise<WidgetCredentials> {
  const origins = originsOf(allowedOrigins);
  if (typeof window !== "object") return Promise.reject(new InvalidArgumentError("Session.fromWidget: there is no window here: it is for pages that an ftrack page embeds"));
  const host = window.parent !== window ? window.parent : (window.opener as Window | null);
  if (!host) return Promise.reject(new InvalidArgumentError("Session.fromWidget: no page embeds this one"));
  return new Promise((resolve, reject) => {
    let shown: string | undefined;
    const tell = (data: { entity?: WidgetContext["entity"]; theme?: unknown }, theme: unknown): void => {
      if (typeof theme === "string") shown = theme;
      onContext?.({ entity: data.entity, theme: shown });
    };
    let warned = false;
    /** Waiting would look the same as a page that is slow. */
    const warn = (origin: string): void => {
      if (warned) return;
      warned = true;
      logger.warn(`ftrack-wasm: Session.fromWidget: the page around this one is of ${origin}, which allowedOrigins does not name: it is not listened to. If that is your ftrack server, add "${origin}" to allowedOrigins`);
    };
    const listen = (message: MessageEvent<unknown>): void => {
      if (message.source !== host) return;
      if (!origins.has(message.origin)) {
        const said: unknown = (message.data as { topic?: unknown } | null)?.topic;
        if (typeof said === "string" && said.startsWith("ftrack.widget.")) warn(message.origin);
        return;
      }
      const { topic, data, theme } = (message.data ?? {}) as { topic?: unknown; data?: Record<string, unknown>; theme?: unknown };
      if ((topic !== "ftrack.widget.load" && topic !== "ftrack.widget.update") || typeof data !== "object" || data === null) return;
      if (topic === "ftrack.widget.load") {
        const { serverUrl, apiUser, apiKey } = (data.credentials ?? {}) as Record<string, unknown>;
        if (typeof serverUrl !== "string" || typeof apiUser !== "string" || typeof apiKey !== "string") return;
        resolve({ serverUrl, apiUser, apiKey });
        if (!onContext) window.removeEventListener("message", listen);
      }
      tell(data, data.theme ?? theme);
    };
    signal?.throwIfAborted();
    window.addEventListener("message", listen);
    signal?.addEventListener("abort", () => {
      window.removeEventListener("message", listen);
      reject(signal.reason as Error);
    });
    // The message holds nothing; still it goes to those only who may answer.
    for (const origin of origins) host.postMessage({ topic: "ftrack.widget.ready" }, origin);
    // A page of another origin does not get it, and may never say anything; some browsers tell whose it is.
    const around = host === window.parent ? (location.ancestorOrigins as DOMStringList | undefined)?.[0] : undefined;
    if (around !== undefined && !origins.has(around)) warn(around);
  });
}
