import { Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { onTestFinished } from "vitest";
import { FakeServer } from "./fake-server.js";

/** Opens a session against a fake server, to be closed when the test ends. Nothing is kept, in browsers as in Node, unless it is asked for. */
export async function openSession(server = new FakeServer(), options: SessionOptions = {}): Promise<{ session: Session; server: FakeServer }> {
  const session = await Session.open({ serverUrl: "https://studio.example", apiKey: "secret-key", apiUser: "demo", fetch: server.fetch, policy: "network-only", ...options });
  onTestFinished(() => session.close());
  return { session, server };
}
