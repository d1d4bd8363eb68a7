import type { SessionOptions } from "ftrack-wasm";
import type { Sandbox } from "ftrack-wasm/sandbox";

/** Whether the page is built as files alone: then it has a server of its own, inside it. */
const alone = import.meta.env.VITE_STATIC === "1";

const HOST = "sandbox.invalid";

/** What the sign-in is filled in with. */
export const serverUrl = alone ? `https://${HOST}` : location.origin;

/** The name of a session's server, as it is shown: that of the server inside the page is long. */
export function hostOf(url: string): string {
  const { host } = new URL(url);
  return host.endsWith(`.${HOST}`) ? HOST : host;
}

/** The server inside the page; what is changed there stays for the next visit. It starts with the page. */
const sandbox: Promise<Sandbox> | undefined = alone ? import("ftrack-wasm/sandbox").then(({ createSandbox }) => createSandbox({ persist: "ftrack-wasm demo" })) : undefined;
sandbox?.catch(() => undefined); // whoever signs in hears of it

/** What a person typed as the options of a session: the key may be a gateway's token. */
export async function connection(typed: { serverUrl: string; apiUser: string; apiKey: string }): Promise<SessionOptions> {
  if (sandbox && typed.serverUrl === serverUrl) return sandbox;
  const { apiKey, ...rest } = typed;
  return isToken(apiKey) ? { ...rest, token: apiKey } : typed;
}

/** Tokens of gateways are JWTs. */
function isToken(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(text);
}
