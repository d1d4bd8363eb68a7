import { Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { createSandbox } from "ftrack-wasm/sandbox";
import { inject } from "vitest";

/** What a server holds: a production, or none; `uploads` has one too, and a storage that specs may hinder, `events` none, and an event server that they may. */
export type Holding = "demo" | "empty" | "uploads" | "events";

/** How a session reaches the server that a spec runs against. */
export interface TestServer {
  /** Opens a session: `Session.open(server.options)`. */
  readonly options: SessionOptions & { serverUrl: string; apiUser: string };
  /** Carries requests there, for specs that look at them on their way. */
  readonly fetch: typeof fetch;
  /** Opens sockets there, for the same. */
  readonly WebSocket: typeof WebSocket;
  /** Credentials that are refused, with a text that no error may show. */
  readonly wrong: Pick<SessionOptions, "apiKey" | "token">;
  /** The API key or the token that sessions are opened with: it stands in no address and no error. */
  readonly secret: string;
  /** Steers the sandbox itself, past a gateway: the paths below its `/sandbox`, answered in JSON. */
  steer(path: string, method?: string, body?: object): Promise<unknown>;
  close(): void;
}

const network: typeof fetch = (...args) => fetch(...args);
const wrong = { apiKey: "wrong-secret" };

/**
 * The server of this run: a real sandbox over the network, one inside the page, or a real one behind the gateway, where the page has a
 * token and no key. What a spec puts where no production is it takes away again.
 */
export async function testServer(holding: Holding = "demo"): Promise<TestServer> {
  switch (inject("through")) {
    case "page": {
      const sandbox = await createSandbox({ production: holding === "demo" || holding === "uploads" ? "demo" : "empty", tasks: 1500 });
      const { serverUrl, apiUser, apiKey, fetch, WebSocket } = sandbox;
      await Session.forget({ serverUrl, apiUser }); // of the sandbox of another spec, whose address was the same
      return { options: { serverUrl, apiUser, apiKey, fetch, WebSocket }, fetch, WebSocket, wrong, secret: apiKey, steer: steering(fetch, serverUrl, apiKey), close: () => sandbox.close() };
    }
    case "gateway": {
      const { addresses, token } = inject("gateway");
      const behind = serverAt(inject(addressNames[holding]));
      return { ...behind, options: { serverUrl: addresses[holding], apiUser: "demo", token }, wrong: { token: "wrong-secret" }, secret: token };
    }
    default:
      return serverAt(inject(addressNames[holding]));
  }
}

/** A real sandbox at an address. */
export function serverAt(serverUrl: string): TestServer {
  const apiKey = "demo-key";
  return { ...overNetwork, options: { serverUrl, apiUser: "demo", apiKey }, wrong, secret: apiKey, steer: steering(network, serverUrl, apiKey) };
}

const addressNames = { demo: "sandbox", empty: "emptySandbox", uploads: "uploadSandbox", events: "eventSandbox" } as const;

const overNetwork = {
  fetch: network,
  get WebSocket() {
    return globalThis.WebSocket;
  },
  close: () => undefined,
};

function steering(ask: typeof fetch, serverUrl: string, key: string): TestServer["steer"] {
  return async (path, method = "POST", body) => {
    const headers = { "ftrack-user": "demo", "ftrack-api-key": key, "content-type": "application/json" };
    const response = await ask(`${serverUrl}/sandbox${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`the sandbox is not steered: ${response.status} ${await response.text()}`);
    return response.json() as Promise<unknown>;
  };
}
