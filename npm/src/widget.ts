import { InvalidArgumentError } from "./errors.js";
import type { SessionOptions } from "./options.js";

/** What a dashboard is shown for. */
export interface WidgetContext {
  readonly entity: { readonly id: string; readonly type: string } | undefined;
  readonly theme: string | undefined;
}

/** Options of `Session.fromWidget`. */
export interface WidgetOptions extends Omit<SessionOptions, "serverUrl" | "apiKey" | "apiUser" | "token"> {
  /** The origins of ftrack pages that may embed this one, such as `https://studio.ftrackapp.com`. Messages of others are left alone. */
  allowedOrigins: readonly string[];
  /** Hears what the widget is shown for: when it loads, and when the user chooses something else. */
  onContext?: (context: WidgetContext) => void;
}

/** The credentials that an ftrack page gave. */
interface WidgetCredentials {
  readonly serverUrl: string;
  readonly apiUser: string;
  readonly apiKey: string;
}

/** The options of a widget's session: those given, with the credentials that the page around it sends. */
export async function widgetSession(options: WidgetOptions): Promise<SessionOptions> {
  const credentials = await widgetCredentials(options);
  const session: SessionOptions & Partial<WidgetOptions> = { ...options, ...credentials };
  delete session.allowedOrigins;
  delete session.onContext;
  return session;
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
 * the page around this one is listened to, and only while it is of an allowed origin. `onContext` goes on hearing of changes until the signal
 * is aborted.
 */
function widgetCredentials({ allowedOrigins, onContext, signal }: WidgetOptions): Promise<WidgetCredentials> {
  const origins = originsOf(allowedOrigins);
  const host = window.parent !== window ? window.parent : (window.opener as Window | null);
  if (!host) return Promise.reject(new InvalidArgumentError("Session.fromWidget: no page embeds this one"));
  return new Promise((resolve, reject) => {
    const tell = (data: { entity?: WidgetContext["entity"]; theme?: unknown }, theme: unknown): void =>
      onContext?.({ entity: data.entity, theme: typeof theme === "string" ? theme : undefined });
    const listen = (message: MessageEvent<unknown>): void => {
      if (message.source !== host || !origins.has(message.origin)) return;
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
  });
}
