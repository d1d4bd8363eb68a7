import { Session } from "ftrack-wasm";
import { createSandbox } from "ftrack-wasm/sandbox";
import type { Sandbox, SandboxOptions } from "ftrack-wasm/sandbox";
import { onTestFinished } from "vitest";

/** Starts a small sandbox inside the page, to be closed when the test ends. */
export async function sandboxOf(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await createSandbox({ production: "demo", tasks: 60, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Opens a session on it, to be closed when the test ends. */
export async function sessionOn({ serverUrl, apiUser, apiKey, fetch }: Sandbox): Promise<Session> {
  const session = await Session.open({ serverUrl, apiUser, apiKey, fetch, schemaCachePath: false });
  onTestFinished(() => session.close());
  return session;
}
