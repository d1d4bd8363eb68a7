// What answers the Cache API of the tests' worker: GET and PUT, with a serialised response as the body of the latter.
const kept = new Map();

export default {
  async fetch(request) {
    const key = `${request.headers.get("cf-cache-namespace")} ${request.url}`;
    if (request.method === "PUT") {
      const bytes = new Uint8Array(await request.arrayBuffer());
      const head = new TextDecoder("latin1").decode(bytes);
      const end = head.indexOf("\r\n\r\n");
      const headers = head.slice(0, end).split("\r\n").slice(1).map((line) => line.split(/: ?(.*)/s).slice(0, 2));
      let body = bytes.slice(end + 4);
      if (/chunked/i.test(new Headers(headers).get("transfer-encoding") ?? "")) body = unchunked(body);
      kept.set(key, { headers: headers.filter(([name]) => !/transfer-encoding/i.test(name)), body });
      return new Response(null, { status: 204 });
    }
    const found = kept.get(key);
    if (!found) return new Response(null, { status: 504, headers: { "cf-cache-status": "MISS" } });
    return new Response(found.body, { headers: [...found.headers, ["cf-cache-status", "HIT"]] });
  },
};

function unchunked(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (bytes[end] !== 13) end++;
    const size = parseInt(new TextDecoder().decode(bytes.slice(at, end)), 16);
    if (!size) break;
    parts.push(bytes.slice(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
