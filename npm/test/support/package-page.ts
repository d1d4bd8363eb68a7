import { createReadStream } from "node:fs";
import { createServer } from "node:http";

const types: Record<string, string> = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves the built package, and at `/` a page that has it as `ftrack`; the query of its address is the policy for its content. */
export async function servePackage(): Promise<{ address: string; close: () => void }> {
  const files = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://page");
    response.setHeader("access-control-allow-origin", "*"); // for a page without an origin
    if (pathname === "/") {
      if (search) response.setHeader("content-security-policy", decodeURIComponent(search.slice(1)));
      return void response.setHeader("content-type", "text/html").end("<!doctype html><title>uploads</title><script type=module>import * as ftrack from '/index.js'; globalThis.ftrack = ftrack</script>");
    }
    response.setHeader("content-type", types[pathname.slice(pathname.lastIndexOf("."))] ?? "application/json");
    createReadStream(new URL(`../../dist${pathname}`, import.meta.url)).on("error", () => response.writeHead(404).end()).pipe(response);
  });
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(files.address() as { port: number }).port}/`, close: () => files.close() };
}
