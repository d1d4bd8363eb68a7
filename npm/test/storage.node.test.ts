// What a real browser does to what is kept: too little room, no storage at all, a page that is closed.
import type * as Ftrack from "ftrack-wasm";
import { chromium } from "playwright";
import type { Browser, BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import schemas from "./fixtures/query_schemas.json" with { type: "json" };
import { chromiumFlags, chromiumPath } from "./support/chromium.js";
import { servePackage } from "./support/package-page.js";

/** What stands on the page. */
interface OnPage {
  ftrack: typeof Ftrack;
  warnings: string[];
  open(options?: Ftrack.SessionOptions): Promise<Ftrack.Session>;
}

let files: Awaited<ReturnType<typeof servePackage>>;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  [files, browser] = await Promise.all([servePackage(), chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), args: chromiumFlags })]);
});

afterAll(async () => {
  await browser?.close();
  files?.close();
});

beforeEach(async () => {
  context = await browser.newContext();
  onTestFinished(() => context.close());
});

/** A page with `open()`: a session with a server in the page, whose every reply is a megabyte that no compression makes smaller. */
async function openPage(policy = ""): Promise<Page> {
  const page = await context.newPage();
  await page.goto(files.address + (policy && `?${encodeURIComponent(policy)}`));
  await page.waitForFunction(() => "ftrack" in globalThis);
  await page.evaluate((schemas) => {
    const page = globalThis as unknown as OnPage;
    page.warnings = [];
    const noise = (): string => Array.from(crypto.getRandomValues(new Uint32Array(600)), (word) => word.toString(36)).join("");
    const rows = (): object[] => Array.from({ length: 250 }, (_, i) => ({ __entity_type__: "Task", id: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`, description: noise() }));
    const answer = (action: string): unknown => {
      if (action === "query_server_information") return { version: "4.13.2", schema_hash: "hash" };
      return action === "query_schemas" ? schemas : { action, data: rows(), metadata: { next: { offset: null } } };
    };
    const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
      const operations = JSON.parse(new TextDecoder().decode(init!.body as Uint8Array)) as { action: string }[];
      return Promise.resolve(new Response(JSON.stringify(operations.map(({ action }) => answer(action)))));
    };
    page.open = (options) =>
      page.ftrack.Session.open({ serverUrl: "https://studio.example", apiUser: "u", apiKey: "k", fetch, schemaCachePath: false, logger: { warn: (text) => void page.warnings.push(text) }, ...options });
  }, schemas);
  return page;
}

test("when the browser gives no more room, half goes and what is fetched later is kept", { timeout: 60_000 }, async () => {
  const page = await openPage();
  await (await context.newCDPSession(page)).send("Storage.overrideQuotaForOrigin", { origin: files.address.slice(0, -1), quotaSize: 6_000_000 });
  const { written, kept, usage, warnings } = await page.evaluate(async () => {
    const page = globalThis as unknown as OnPage;
    const session = await page.open();
    const written: boolean[] = [];
    for (let i = 0; i < 10; i++) {
      await session.query(`select description from Task where bid > ${i}`).all();
      written.push(await session.kept!.written());
    }
    const kept: boolean[] = [];
    for (let i = 0; i < 10; i++) kept.push(await session.query(`select description from Task where bid > ${i}`, { policy: "cache-only" }).all().then(({ length }) => length === 250, () => false));
    return { written, kept, usage: (await navigator.storage.estimate()).usage!, warnings: page.warnings };
  });
  expect([written, warnings]).toEqual([Array.from({ length: 10 }, () => true), []]);
  expect(usage).toBeLessThan(6_000_000);
  const first = kept.indexOf(true); // the least recently used went
  expect([first > 2, first < 9, kept.slice(first)]).toEqual([true, true, Array.from({ length: 10 - first }, () => true)]);
});

test("a page that may store nothing works without: it is told once, and there is nothing to forget", { timeout: 60_000 }, async () => {
  const page = await openPage("sandbox allow-scripts");
  const found = await page.evaluate(async () => {
    const page = globalThis as unknown as OnPage;
    const found: unknown[] = [origin];
    for (const policy of ["network-first", "cache-first", "cache-and-network"] as const) {
      const session = await page.open({ policy });
      const rows = await session.query("select description from Task").all();
      found.push([rows.length, rows.source, await session.kept!.written(), (await session.kept!.statistics()).bytes, page.warnings.splice(0).length]);
      await session.kept!.clear();
      await session.close();
    }
    await page.ftrack.Session.forget({ serverUrl: "https://studio.example", apiUser: "u" });
    return found;
  });
  expect(found).toEqual(["null", ...Array.from({ length: 3 }, () => [250, "network", false, 0, 1])]);
});

test("a page for which it is an error to ask for storage, as with cookies blocked, works without", { timeout: 60_000 }, async () => {
  await context.addInitScript(() => {
    const denied = (): never => {
      throw new DOMException("The operation is insecure", "SecurityError");
    };
    Object.defineProperty(globalThis, "indexedDB", { get: denied });
    globalThis.BroadcastChannel = function () {
      denied();
    } as unknown as typeof BroadcastChannel;
  });
  const page = await openPage();
  const found = await page.evaluate(async () => {
    const page = globalThis as unknown as OnPage;
    const found: unknown[] = [];
    for (const options of [{ schemaCachePath: "schemas" }, { policy: "cache-first" }, { policy: "network-first" }] as const) {
      const session = await page.open(options);
      found.push([(await session.query("select description from Task").all()).length, await session.unfinishedUploads()]);
      await session.close();
    }
    await page.ftrack.Session.forget({ serverUrl: "https://studio.example", apiUser: "u" });
    return found;
  });
  expect(found).toEqual(Array.from({ length: 3 }, () => [250, []]));
});

test("a page that is closed in the middle of writes leaves all that was reported as stored, and nothing half", { timeout: 60_000 }, async () => {
  for (let round = 0; round < 3; round++) {
    const page = await openPage();
    const stored = new Promise<void>((resolve) => void page.exposeFunction("stored", resolve));
    await page.waitForFunction(() => "stored" in globalThis);
    const going = page.evaluate(async (round) => {
      const page = globalThis as unknown as OnPage & { stored(): void };
      const session = await page.open();
      const query = (i: number): Promise<unknown> => session.query(`select description from Task where bid > ${1000 * round + i}`).all();
      await query(0);
      if (await session.kept!.written()) page.stored();
      for (let i = 1; ; i++) {
        await query(i);
        void session.kept!.written(); // writes at once
      }
    }, round);
    const ended = going.catch(() => undefined);
    await stored;
    await new Promise((resolve) => setTimeout(resolve, 40 * round));
    await page.close();
    await ended;
    const next = await openPage();
    const { whole, half, warnings } = await next.evaluate(async (round) => {
      const page = globalThis as unknown as OnPage;
      const session = await page.open({ policy: "cache-only" });
      const rows = (n: number): Promise<number> => session.query<"Task">(`select description from Task where bid > ${n}`).all().then((rows) => rows.filter(({ description }) => description).length, () => 0);
      const whole: number[] = [];
      for (let i = 0; i <= round; i++) whole.push(await rows(1000 * i));
      let half = 0;
      for (let i = 1; i < 10; i++) if (![0, 250].includes(await rows(1000 * round + i))) half++;
      return { whole, half, warnings: page.warnings };
    }, round);
    expect({ whole, half, warnings }).toEqual({ whole: Array.from({ length: round + 1 }, () => 250), half: 0, warnings: [] });
    await next.close();
  }
});
