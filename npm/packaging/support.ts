import { execFileSync } from "node:child_process";
import { cpSync, createReadStream, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { packageRoot } from "../scripts/go.mjs";
import { chromiumFlags, chromiumPath } from "../test/support/chromium.js";

/** A project with the packed package installed, as a user has it. */
export interface InstalledProject {
  readonly folder: string;
  /** Paths that the package holds. */
  readonly files: readonly string[];
}

/** Packs the package as it would be published and installs it in a new project with the apps of this folder. */
export function installPacked(): InstalledProject {
  const folder = mkdtempSync(join(tmpdir(), "ftrack-wasm-packed-"));
  const packed = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], packageRoot)) as { filename: string; files: { path: string }[] }[];
  const [{ filename, files }] = packed as [(typeof packed)[0]];
  mkdirSync(join(folder, "app"));
  cpSync(join(packageRoot, "packaging/apps"), join(folder, "app"), { recursive: true });
  writeFileSync(join(folder, "app/package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  npm(["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)], join(folder, "app"));
  return { folder: join(folder, "app"), files: files.map(({ path }) => path) };
}

function npm(args: string[], cwd: string): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** A Chromium to try pages in. */
export function launch(extraFlags: string[] = []): Promise<Browser> {
  return chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), args: [...chromiumFlags, ...extraFlags] });
}

/** Opens a page and gives what its program says, and how many modules it fetched. */
export async function outcomeOf(browser: Browser, address: string): Promise<{ outcome: string; modules: number }> {
  const page = await browser.newPage();
  let modules = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith(".wasm")) modules++;
  });
  try {
    await page.goto(address);
    await page.waitForFunction("globalThis.outcome");
    return { outcome: await page.evaluate<string>("globalThis.outcome"), modules };
  } finally {
    await page.close();
  }
}

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves a folder as a plain web server does. */
export async function serveFolder(folder: string, options: { headers?: Record<string, string>; types?: Record<string, string> } = {}): Promise<{ address: string; server: Server }> {
  const types = { ...TYPES, ...options.types };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    createReadStream(file)
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as { port: number }).port}/`, server };
}
