import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Ftrack from "ftrack-wasm";
import { chromium } from "playwright";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { chromiumFlags, chromiumPath } from "./support/chromium.js";
import { servePackage } from "./support/package-page.js";
import { uploadFaults, uploadState } from "./support/uploads.js";

const server = inject("uploadSandbox");
const MB = 1 << 20;

let files: Awaited<ReturnType<typeof servePackage>>;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  files = await servePackage();
  browser = await chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), args: chromiumFlags });
  folder = await mkdtemp(join(tmpdir(), "ftrack-wasm-upload-"));
});

afterAll(async () => {
  await browser?.close();
  files.close();
  await rm(folder, { recursive: true, force: true });
  await uploadFaults(server, {});
});

/** What stands on the page. */
interface OnPage {
  ftrack: typeof Ftrack;
  session: Ftrack.Session;
  upload: Ftrack.Upload;
  refused: string[];
}

/** A page with a session and a field for files. */
async function visit(policy = ""): Promise<Page> {
  await uploadFaults(server, {});
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    addEventListener("securitypolicyviolation", ({ effectiveDirective }) => void refused.push(effectiveDirective));
  });
  await page.goto(`${files.address}${policy && `?${encodeURIComponent(policy)}`}`);
  await page.waitForFunction("globalThis.ftrack");
  await page.evaluate(async (serverUrl) => {
    document.body.append(Object.assign(document.createElement("input"), { type: "file" }));
    const session = await (globalThis as unknown as OnPage).ftrack.Session.open({ serverUrl, apiKey: "demo-key", apiUser: "demo" });
    Object.assign(globalThis, { session });
  }, server);
  return page;
}

test.each([["", []], ["worker-src 'none'", ["worker-src"]]])("a checksum is made under the policy %o", async (policy, refused) => {
  const page = await visit(policy);
  const result = await page.evaluate(async () => {
    const { session, refused } = globalThis as unknown as OnPage;
    const bytes = Uint8Array.from({ length: 3_000_001 }, (_, i) => (i * 7919) >>> 3);
    // The server refuses a file whose checksum is another.
    const component = await session.createComponent(new File([bytes], "plate.exr"));
    const back = new Uint8Array(await (await session.readComponent(component)).arrayBuffer());
    return { same: back.length === bytes.length && back.every((byte, i) => byte === bytes[i]), refused };
  });
  expect(result).toEqual({ same: true, refused });
  await page.context().close();
});

test.each([["at once", 3], ["in parts", 40]])("a file that is changed while it goes up %s ends the upload, and leaves nothing", { timeout: 60_000 }, async (_, megabytes) => {
  const page = await visit();
  const path = join(folder, "changing.exr");
  await writeFile(path, Buffer.alloc(megabytes * MB, 1));
  await page.locator("input").setInputFiles(path);
  await uploadFaults(server, { rate: 4 * MB });
  const start = (): Promise<string> =>
    page.evaluate(async () => {
      const { session } = globalThis as unknown as OnPage;
      const upload = await session.upload(document.querySelector("input")!.files![0]!, { connections: 1 });
      Object.assign(globalThis, { upload });
      return upload.componentId;
    });
  let id: string;
  if (megabytes > 16) {
    id = await start();
    await expect.poll(async () => (await uploadState(server)).uploads[id]?.length ?? 0, { timeout: 20_000 }).toBeGreaterThan(0);
    await writeFile(path, Buffer.alloc(megabytes * MB, 2));
  } else {
    await writeFile(path, Buffer.alloc(megabytes * MB, 2));
    id = await start();
  }
  const failed = await page.evaluate(() => (globalThis as unknown as OnPage).upload.done.then(() => undefined, (error: unknown) => ({ code: (error as { code: string }).code, message: String(error) })));
  expect(failed).toEqual({ code: "INVALID_ARGUMENT", message: expect.stringContaining('"changing.exr"') });
  const { uploads, components } = await uploadState(server);
  expect([uploads[id], components[id]]).toEqual([undefined, undefined]);
  expect(await page.evaluate(async () => (await (globalThis as unknown as OnPage).session.unfinishedUploads()).length)).toBe(0);
  await page.context().close();
});
