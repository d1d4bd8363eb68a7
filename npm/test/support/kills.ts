import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumFlags, chromiumPath } from "./chromium.js";
import { brokenLog, torn } from "./leveldb-log.js";

/** What a page found of what earlier lives had stored. */
export interface Checked {
  faults: string[];
  warnings: string[];
  /** What the browser said of its databases, and the files in which they were when it started. */
  log: string[];
  /** How many queries were stored. */
  checked: number;
}

const here = fileURLToPath(new URL("../..", import.meta.url));

const files: Record<string, [path: string, type: string]> = {
  "/dist/index.js": ["dist/index.js", "text/javascript"],
  "/dist/ftrack.wasm": ["dist/ftrack.wasm", "application/wasm"],
  "/kill-page.js": ["test/support/kill-page.js", "text/javascript"],
  "/schemas": ["test/fixtures/query_schemas.json", "application/json"],
};

/**
 * A browser that stores all the time and is killed again and again, with the profile that it leaves behind. `page` is the address of a script
 * that it runs.
 */
export class KilledBrowser {
  readonly profile: string;
  readonly #address: string;
  readonly #close: () => void;
  #stored: Record<string, number> = {};
  /** What the page of this life asked for, and the last that it told of itself. */
  #asked: string[] = [];
  #told: unknown;
  /** What the lives before told, and what they left. */
  readonly #lives: string[] = [];
  #child: ChildProcess | undefined;
  #heard: ((what: "checked" | "stored" | "failed", body: unknown) => void) | undefined;

  private constructor(profile: string, server: ReturnType<typeof createServer>) {
    this.profile = profile;
    this.#address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    this.#close = () => {
      server.closeAllConnections();
      server.close();
    };
  }

  static async make(): Promise<KilledBrowser> {
    const made: { browser?: KilledBrowser } = {};
    const server = createServer((request, response) => {
      const path = request.url ?? "/";
      const file = files[path];
      made.browser!.#asked.push(path);
      const answer = async (): Promise<[body: string | Buffer, type: string]> => {
        if (path === "/") return ["<!doctype html><title>x</title><link rel=icon href=data:,><script type=module src=/kill-page.js></script>", "text/html"];
        if (file) return [await readFile(join(here, file[0])), file[1]];
        if (request.method === "POST") made.browser!.#hear(path, JSON.parse(await text(request)));
        return [JSON.stringify(made.browser!.#stored), "application/json"];
      };
      answer().then(
        ([body, type]) => response.writeHead(200, { "content-type": type }).end(body),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    made.browser = new KilledBrowser(await mkdtemp(join(tmpdir(), "ftrack-kill-")), server);
    return made.browser;
  }

  /** Starts the browser, waits for its check of what is stored, and kills it in the middle of writes, `after` milliseconds after the first. */
  async live(after: number): Promise<Checked> {
    const waiting = { checked: later<Checked>(), stored: later<unknown>() };
    this.#heard = (what, body) => {
      if (what !== "failed") waiting[what].resolve(body as never);
      else Object.values(waiting).forEach(({ reject }) => reject(new Error(`the page failed: ${String(body)}`)));
    };
    const files = await this.#files();
    this.#lives.push(`told last: ${JSON.stringify(this.#told)}`, `on the disk then: ${files.join(", ")}`);
    this.#lives.splice(0, this.#lives.length - 2 * REMEMBERED);
    const before = [...this.#lives];
    this.#asked = [];
    this.#told = undefined;
    const child = (this.#child = spawn(
      chromiumPath ?? "chromium",
      [...chromiumFlags, `--user-data-dir=${this.profile}`, "--remote-debugging-port=0", this.#address],
      { stdio: "ignore", detached: true },
    ));
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const timeout = setTimeout(() => Object.values(waiting).forEach(({ reject }) => reject(new Error(this.#silence()))), 60_000);
    try {
      const checked = await waiting.checked.promise;
      checked.log.unshift(...before);
      await waiting.stored.promise;
      await new Promise((resolve) => setTimeout(resolve, after));
      return checked;
    } finally {
      clearTimeout(timeout);
      this.#heard = undefined;
      const group = child.pid;
      this.#kill();
      await ended;
      await gone(group);
      for (const lock of (await readdir(this.profile)).filter((name) => name.startsWith("Singleton"))) await rm(join(this.profile, lock), { force: true });
    }
  }

  /** Where a page is that says nothing: whether the browser has opened it, and how far it came. */
  #silence(): string {
    const counts = new Map<string, number>();
    for (const path of this.#asked) counts.set(path, (counts.get(path) ?? 0) + 1);
    return `the page says nothing; it asked for ${JSON.stringify(Object.fromEntries(counts))} and told last ${JSON.stringify(this.#told)}`;
  }

  /** Leaves the log of the browser's databases as a kill in the middle of a record leaves it. */
  async tear(): Promise<void> {
    const logs = (await this.#paths()).filter((path) => path.endsWith(".log"));
    if (!logs.length) throw new Error("the browser's databases have no log");
    for (const path of logs) await writeFile(path, torn(await readFile(path)));
  }

  /** All that the browser's databases hold on the disk, as text: bytes as they are, and letters of two bytes as one. */
  async contents(): Promise<string> {
    let all = "";
    for (const path of await this.#paths()) {
      const bytes = await readFile(path);
      all += bytes.toString("latin1") + bytes.toString("utf16le");
    }
    return all;
  }

  /** The files of the browser's databases, with their sizes. */
  async #files(): Promise<string[]> {
    return Promise.all(
      (await this.#paths()).map(async (path) => {
        const name = basename(path);
        if (name === CORRUPTION) return `${name} ${await readFile(path, "utf8")}`;
        const broken = name.endsWith(".log") || name.startsWith("MANIFEST") ? brokenLog(await readFile(path)) : undefined;
        return `${name} ${(await stat(path)).size}${broken ? ` which ${broken}` : ""}`;
      }),
    );
  }

  async #paths(): Promise<string[]> {
    const folder = join(this.profile, "Default", "IndexedDB");
    const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  }

  async end(): Promise<void> {
    this.#kill();
    this.#close();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  #kill(): void {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL"); // the whole group: the browser and the processes that it started
    } catch {
      // It has ended.
    }
  }

  #hear(path: string, body: unknown): void {
    if (path === "/alive") {
      this.#told = body;
      return;
    }
    if (path === "/stored") Object.assign(this.#stored, body);
    this.#heard?.(path.slice(1) as "checked" | "stored" | "failed", body);
  }
}

/** Of how many lives it is told. */
const REMEMBERED = 4;

/** Where Chromium notes that it takes a database for damaged; it deletes the database. */
const CORRUPTION = "corruption_info.json";

/** Waits for the last process of a group: one that still writes is not dead. */
async function gone(group: number | undefined): Promise<void> {
  try {
    for (; group !== undefined; await new Promise((resolve) => setTimeout(resolve, 5))) process.kill(-group, 0);
  } catch {
    // There is none any more.
  }
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((a, b) => {
    resolve = a;
    reject = b;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const part of request.setEncoding("utf8")) all += String(part);
  return all;
}
