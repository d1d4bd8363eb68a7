// Serves the bench page, the built package, the peer client and the replies. Node only.
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { pages } from "./production.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".map": "application/json" };

/** Replies by number of tasks: an index of the pages' lengths, and their bytes in one. */
const replies = new Map();

function repliesOf(total) {
  let known = replies.get(total);
  if (!known) {
    const parts = [...pages(total)];
    replies.set(total, (known = { lengths: parts.map((part) => part.length), bytes: Buffer.concat(parts) }));
  }
  return known;
}

/** Passes a request on to another server, after a time. */
async function pass(request, response, to, latency) {
  const parts = [];
  for await (const part of request) parts.push(part);
  await new Promise((resolve) => setTimeout(resolve, latency));
  const { host, connection, "content-length": length, ...headers } = request.headers;
  const answer = await fetch(to + request.url, { method: request.method, headers, body: Buffer.concat(parts) });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Starts the server. `peer` is the folder of the bundled peer clients. With `api`, an address, it passes requests to /api on, `latency` ms later. */
export async function serve(peer, { api, latency = 0 } = {}) {
  const folders = { dist: join(here, "../dist"), peer, bench: here };
  const schemas = readFileSync(join(here, "../test/fixtures/query_schemas.json"));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    // An isolated page has a clock of 5 µs instead of 100.
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    if (api && pathname === "/api") return void pass(request, response, api, latency);
    const [, folder, ...rest] = pathname.split("/");
    if (pathname === "/") return send(response, "text/html", "<!doctype html><meta charset=utf-8><title>bench</title><link rel=icon href=data:,>");
    if (pathname === "/schemas") return send(response, "application/json", schemas);
    if (folder === "replies") {
      const known = repliesOf(Number(rest[0]));
      return rest[1] === "lengths" ? send(response, "application/json", JSON.stringify(known.lengths)) : send(response, "application/octet-stream", known.bytes);
    }
    const root = folders[folder];
    const file = root && normalize(join(root, ...rest));
    if (!file?.startsWith(normalize(root + sep)) || !existsSync(file)) return response.writeHead(404).end();
    response.setHeader("cache-control", "max-age=3600");
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function send(response, type, body) {
  response.setHeader("content-type", type);
  response.end(body);
}
