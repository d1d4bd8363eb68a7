import type * as Ftrack from "ftrack-wasm";
import { chromium } from "playwright";
import type { Browser, BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { chromiumFlags, chromiumPath } from "./support/chromium.js";
import { servePackage } from "./support/package-page.js";
import { uploadFaults, uploadState } from "./support/uploads.js";

const server = inject("uploadSandbox");
const MB = 1 << 20;
const SIZE = 80 * MB;

let files: Awaited<ReturnType<typeof servePackage>>;
let address: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  files = await servePackage();
  address = files.address;
  browser = await chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), args: chromiumFlags });
});

afterAll(async () => {
  await browser?.close();
  files.close();
  await uploadFaults(server, {});
});

beforeEach(async () => {
  await uploadFaults(server, {});
  await context?.close();
  context = await browser.newContext();
  page = await context.newPage();
  await visit();
  return () => context.close();
});

/** Opens the page with a session on it, an edit pending, and ways to a file whose bytes do not repeat. */
async function visit(): Promise<void> {
  await page.goto(address);
  await page.waitForFunction("globalThis.ftrack");
  await page.evaluate(
    async ({ server, size }) => {
      const { Session } = (globalThis as unknown as { ftrack: typeof Ftrack }).ftrack;
      const session = await Session.open({ serverUrl: server, apiKey: "demo-key", apiUser: "demo" });
      session.create("Task", { name: "pending" });
      const bytes = (): Uint8Array<ArrayBuffer> => {
        const words = new Uint32Array(size / 4);
        for (let i = 0, x = 1; i < words.length; i++) words[i] = x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
        return new Uint8Array(words.buffer);
      };
      const digest = async (blob: Blob): Promise<string> => Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()))).join();
      Object.assign(globalThis, { session, bytes, digest });
    },
    { server, size: SIZE },
  );
}

/** What stands on the page. */
interface OnPage {
  session: Ftrack.Session;
  bytes: () => Uint8Array<ArrayBuffer>;
  digest: (blob: Blob) => Promise<string>;
  upload: Ftrack.Upload;
}

/** Waits until a share of the file is stored for good, that is, in whole parts. */
async function untilHalf(id: string): Promise<void> {
  await expect.poll(async () => (await uploadState(server)).uploads[id]?.length ?? 0, { timeout: 20_000 }).toBeGreaterThan(3);
}

async function finish(id: string): Promise<void> {
  const result = await page.evaluate(async (id) => {
    const { session, bytes, digest, upload } = globalThis as unknown as OnPage;
    await upload.done;
    const component = (await session.get("Component", id))!;
    return { same: (await digest(await session.readComponent(component))) === (await digest(new Blob([bytes()]))), pending: session.recordedOperations.length, unfinished: (await session.unfinishedUploads()).length };
  }, id);
  expect(result).toEqual({ same: true, pending: 1, unfinished: 0 });
}

test("an upload goes on after a reload, with the same file again and with no other", { timeout: 90_000 }, async () => {
  await uploadFaults(server, { rate: 8 * MB });
  const id = await page.evaluate(async () => {
    const { session, bytes } = globalThis as unknown as OnPage;
    return (await session.upload(new File([bytes()], "plate.exr"))).componentId;
  });
  await untilHalf(id);
  const before = (await uploadState(server)).attempts["200"]!;
  await page.reload();
  await uploadFaults(server, {});
  await visit();
  const found = await page.evaluate(async () => {
    const { session, bytes } = globalThis as unknown as OnPage;
    const [left] = await session.unfinishedUploads();
    const { componentId, fileName, size, loaded, needsFile } = left!;
    const other = await left!.resume(new File([bytes().fill(0, -1)], "plate.exr")).then(() => "taken", (error: unknown) => (error as { code: string }).code);
    const none = await left!.resume().then(() => "taken", (error: unknown) => (error as { code: string }).code);
    const upload = await left!.resume(new File([bytes()], "another name.exr"));
    Object.assign(globalThis, { upload });
    return { componentId, fileName, size, needsFile, loaded, other, none };
  });
  expect(found).toMatchObject({ componentId: id, fileName: "plate.exr", size: SIZE, needsFile: true, other: "INVALID_ARGUMENT", none: "INVALID_ARGUMENT" });
  expect(found.loaded).toBeGreaterThan(3 * 8 * MB);
  await finish(id);
  expect((await uploadState(server)).attempts["200"]! - before, "what was stored was not sent again").toBeLessThan(10 - 3);
});

test("an upload of a handle goes on after a reload without the file", { timeout: 90_000 }, async () => {
  await uploadFaults(server, { rate: 8 * MB });
  const id = await page.evaluate(async () => {
    const { session, bytes } = globalThis as unknown as OnPage;
    const handle = await (await navigator.storage.getDirectory()).getFileHandle("plate.exr", { create: true });
    const writable = await handle.createWritable();
    await writable.write(bytes());
    await writable.close();
    return (await session.upload(handle, { name: "plate" })).componentId;
  });
  await untilHalf(id);
  await page.reload();
  await uploadFaults(server, {});
  await visit();
  await page.evaluate(async () => {
    const [left] = await (globalThis as unknown as OnPage).session.unfinishedUploads();
    Object.assign(globalThis, { upload: await left!.resume() });
  });
  await finish(id);
});

test("an upload that is given up after a reload leaves nothing", { timeout: 60_000 }, async () => {
  await uploadFaults(server, { rate: 8 * MB });
  const id = await page.evaluate(async () => {
    const { session, bytes } = globalThis as unknown as OnPage;
    return (await session.upload(new File([bytes()], "plate.exr"))).componentId;
  });
  await untilHalf(id);
  await page.reload();
  await visit();
  const kept = await page.evaluate(async () => {
    const { session } = globalThis as unknown as OnPage;
    const databases = await indexedDB.databases();
    const [left] = await session.unfinishedUploads();
    await left!.discard();
    return { databases: databases.map(({ name }) => name), left: (await session.unfinishedUploads()).length, pending: session.recordedOperations.length };
  });
  expect(kept).toMatchObject({ left: 0, pending: 1 });
  const { uploads, components } = await uploadState(server);
  expect([uploads[id], components[id]]).toEqual([undefined, undefined]);
});

test("a network that is gone for ten seconds does not end an upload", { timeout: 90_000 }, async () => {
  await uploadFaults(server, { rate: 12 * MB });
  const id = await page.evaluate(async () => {
    const { session, bytes } = globalThis as unknown as OnPage;
    const upload = await session.upload(new File([bytes()], "plate.exr"));
    Object.assign(globalThis, { upload });
    return upload.componentId;
  });
  await untilHalf(id);
  await context.setOffline(true);
  await uploadFaults(server, {});
  const stored = (await uploadState(server)).uploads[id]!.length;
  await page.waitForTimeout(10_000);
  // What was on its way when the network went may have got through, and nothing else.
  const reached = (await uploadState(server)).uploads[id]!.length;
  expect(reached).toBeLessThanOrEqual(stored + 4);
  expect(reached).toBeLessThan(SIZE / (8 * MB));
  expect(await page.evaluate(() => (globalThis as unknown as OnPage).upload.state)).toBe("running");
  await context.setOffline(false);
  await finish(id);
});
