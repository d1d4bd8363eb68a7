import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/go.mjs";

/** A server whose sockets are open at once and acknowledge everything; `leave()` has it be away for ever. */
const server = String.raw`
  let away = false;
  let held; // as an open socket holds a process
  class WebSocket {
    readyState = 1;
    constructor() {
      queueMicrotask(() => {
        this.onopen();
        this.onmessage({ data: "1::" });
      });
      held = setTimeout(() => undefined, 60_000);
      WebSocket.last = this;
    }
    send(frame) {
      const id = /^5:(\d+)\+/.exec(frame)?.[1];
      if (id) queueMicrotask(() => this.onmessage?.({ data: "6:::" + id + '+[{"success":true}]' }));
    }
    close() {
      clearTimeout(held);
    }
  }
  const fetch = async (url) => {
    if (away) throw new TypeError("fetch failed");
    return new Response(String(url).includes("socket.io") ? "sid:15:25:websocket" : JSON.stringify([{ version: "4.13.0" }, []]));
  };
  const leave = () => {
    away = true;
    clearTimeout(held);
    WebSocket.last?.onclose({ code: 1006, reason: "" });
  };
  const options = { serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch, WebSocket, logger: { warn() {} } };
  const guard = setTimeout(() => {
    console.log("stayed");
    process.exit();
  }, 2000);
  guard.unref();`;

/** What a script of a daemon prints that has come to its end: whether the process went on. */
function run(script: string): string {
  const text = `import { Session } from "ftrack-wasm"; ${server} ${script}`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", text], { cwd: join(repositoryRoot, "npm"), encoding: "utf8", timeout: 20_000 }).trim();
}

const LOST = `
  const session = await Session.open(options);
  await session.eventHub.connect();
  leave();
  while (session.eventHub.connected) await new Promise((resolve) => setTimeout(resolve, 5));
  console.log(session.eventHub.state);`;

const NEVER_CONNECTED = `
  options.fetch = (url) => (String(url).includes("socket.io") ? Promise.reject(new TypeError("fetch failed")) : fetch(url));
  await Session.open({ ...options, autoConnectEventHub: true });`;

const REFUSED = `
  const session = await Session.open(options);
  leave();
  await session.eventHub.connect().catch((error) => console.log(error.code));`;

test("a Node process stays while its hub has lost the connection and tries anew", () => {
  expect(run(LOST)).toBe("reconnecting\nstayed");
});

test("a Node process stays while a hub that connects by itself has not succeeded yet", () => {
  expect(run(NEVER_CONNECTED)).toBe("stayed");
});

test("a Node process ends when its hub is disconnected or its session closed while it tries anew, and after a first connection that fails", () => {
  expect(run(`${LOST} await session.eventHub.disconnect();`)).toBe("reconnecting");
  expect(run(`${LOST} await session.close();`)).toBe("reconnecting");
  expect(run(REFUSED)).toBe("EVENT_HUB_CONNECTION");
});

test("a Node process ends when its session and the sandbox that it talked to are closed, whatever the event server waits for", () => {
  const script = `
    const { createSandbox } = await import("ftrack-wasm/sandbox");
    const sandbox = await createSandbox({ tasks: 10 });
    const session = await Session.open({ ...sandbox, schemaCachePath: false });
    await session.eventHub.connect();
    await session.close();
    sandbox.close();
    const over = Date.now();
    process.on("exit", () => console.log(Date.now() - over < 5000 ? "ended" : "was held"));`;
  expect(run(`clearTimeout(guard); ${script}`)).toBe("ended");
});
