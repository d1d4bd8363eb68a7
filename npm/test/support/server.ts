import type { SessionOptions } from "ftrack-wasm";
import { createSandbox } from "ftrack-wasm/sandbox";
import { inject } from "vitest";

/** How a session reaches the server that a spec runs against. */
export interface TestServer {
  /** Opens a session: `Session.open(server.options)`. */
  readonly options: SessionOptions & { serverUrl: string; apiUser: string };
  /** Carries requests there, for specs that look at them on their way. */
  readonly fetch: typeof fetch;
  /** Credentials that are refused, with a text that no error may show. */
  readonly wrong: Pick<SessionOptions, "apiKey" | "token">;
  close(): void;
}

const network: typeof fetch = (...args) => fetch(...args);
const wrong = { apiKey: "wrong-secret" };

/**
 * The server of this run: a real sandbox over the network, one inside the page, or a real one behind the gateway, where the page has a
 * token and no key. `empty` has no production; what a spec puts there it takes away again.
 */
export async function testServer(production: "demo" | "empty" = "demo"): Promise<TestServer> {
  switch (inject("through")) {
    case "page": {
      const sandbox = await createSandbox({ production, tasks: 1500 });
      const { serverUrl, apiUser, apiKey, fetch } = sandbox;
      return { options: { serverUrl, apiUser, apiKey, fetch }, fetch, wrong, close: () => sandbox.close() };
    }
    case "gateway": {
      const { address, emptyAddress, token } = inject("gateway");
      const serverUrl = production === "demo" ? address : emptyAddress;
      return { options: { serverUrl, apiUser: "demo", token }, fetch: network, wrong: { token: "wrong-secret" }, close: () => undefined };
    }
    default:
      return serverAt(inject(production === "demo" ? "sandbox" : "emptySandbox"));
  }
}

/** A real sandbox at an address. */
export function serverAt(serverUrl: string): TestServer {
  return { options: { serverUrl, apiUser: "demo", apiKey: "demo-key" }, fetch: network, wrong, close: () => undefined };
}
