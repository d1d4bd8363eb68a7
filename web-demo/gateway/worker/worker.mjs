// The gateway as a worker at the edge: one instance of the Go program serves all requests of an isolate.
import { startServer } from "./host.mjs";
import { wasmExec } from "./wasm-exec.js";
import module from "./gateway.wasm";

const SETTINGS = ["TARGET", "API_KEY", "TOKEN_KEYS", "AUDIENCE", "ORIGINS", "PUBLIC_URL", "MAX_BODY", "MAX_UPLOAD", "SOCKET_LIFE", "LOG"];

let server;

/** The running program. One that died is replaced. */
export function running(env) {
  if (!server) {
    const variables = Object.fromEntries(SETTINGS.filter((name) => typeof env[name] === "string").map((name) => [name, env[name]]));
    const own = (server = startServer(wasmExec, module, variables, platform(env)));
    own.catch(() => {
      if (server === own) server = undefined;
    });
  }
  return server;
}

/** What the gateway uses of the platform: a cache and, where it is bound, a rate limiter. */
function platform(env) {
  const address = async (key) => `https://gateway.invalid/${hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)))}`;
  const kept = () => caches.open("ftrack-gateway");
  return {
    ...(env.RATE_LIMITER && { limit: async (user) => (await env.RATE_LIMITER.limit({ key: user })).success }),
    async cached(key) {
      const found = await (await kept()).match(await address(key));
      return found ? new Uint8Array(await found.arrayBuffer()) : null;
    },
    async keep(key, bytes, seconds) {
      await (await kept()).put(await address(key), new Response(bytes, { headers: { "cache-control": `max-age=${seconds}` } }));
    },
  };
}

function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export default {
  async fetch(request, env) {
    const program = await running(env);
    if (program.dead) {
      server = undefined;
      return this.fetch(request, env);
    }
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return openSocket(program, request);
    const headers = new Headers(request.headers);
    headers.delete("x-gateway-socket");
    return program.handle({ url: request.url, method: request.method, headers, body: request.body, signal: request.signal });
  },
};

/** Opens an event socket where the gateway allows it, and passes its frames as far as the gateway allows them. */
async function openSocket(program, request) {
  const headers = new Headers(request.headers);
  headers.set("x-gateway-socket", "1");
  const verdict = await program.handle({ url: request.url, method: request.method, headers, body: null, signal: request.signal });
  if (verdict.status !== 200) return verdict;
  const { url, headers: credentials, scope, life, longest } = await verdict.json();
  let server;
  try {
    server = (await fetch(url.replace(/^ws/, "http"), { headers: { ...credentials, upgrade: "websocket" }, redirect: "manual" })).webSocket;
  } catch {
    server = null;
  }
  if (!server) {
    const body = { exception: "GatewayError", content: "The event server opens no socket.", error_code: "server_answer_unusable" };
    return new Response(JSON.stringify(body), { status: 502, headers: { "content-type": "application/json" } });
  }
  const [client, own] = Object.values(new WebSocketPair());
  server.accept();
  own.accept();
  const timer = setTimeout(() => end(1012), life);
  let ended = false;
  const end = (code) => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    for (const socket of [server, own]) {
      try {
        socket.close(code);
      } catch {
        // It has ended by itself.
      }
    }
  };
  own.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") return end(1003);
    if (data.length > longest) return end(1009);
    const [pass, answer] = program.host.frame(scope, data);
    if (pass) server.send(data);
    else if (answer) own.send(answer);
  });
  server.addEventListener("message", ({ data }) => {
    if (typeof data === "string") own.send(program.host.hide(data)); // binary frames are none of the protocol, and nobody can tell what they hold
  });
  for (const socket of [server, own]) {
    socket.addEventListener("close", ({ code }) => end(code === 1005 || code === 1006 || code === 1015 ? 1001 : code));
    socket.addEventListener("error", () => end(1001));
  }
  return new Response(null, { status: 101, webSocket: client });
}
