import type * as Ftrack from "ftrack-wasm";
import { chromium } from "playwright";
import type { Browser } from "playwright";
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { chromiumFlags, chromiumPath } from "./support/chromium.js";
import { servePackage } from "./support/package-page.js";
import { plainContext } from "./support/plain-tabs.js";
import type { PlainTab } from "./support/plain-tabs.js";
import { startSandbox } from "./support/sandbox.js";
import type { Sandbox } from "./support/sandbox.js";

/** How long, in milliseconds, others may hear nothing: after a tab that could say farewell, and after one that could not. */
const FAREWELL = 4000;
const SILENCE = 15_000;

let files: Awaited<ReturnType<typeof servePackage>>;
let sandbox: Sandbox;
let browser: Browser;
let context: Awaited<ReturnType<typeof plainContext>>;

beforeAll(async () => {
  [files, sandbox, browser] = await Promise.all([
    servePackage(),
    startSandbox(inject("sandboxBinary"), ["-production", "empty"]),
    chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), args: chromiumFlags }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.stop();
  files?.close();
});

beforeEach(async () => {
  context = await plainContext(browser);
  onTestFinished(() => context.close());
});

/** What stands on the page. */
interface OnPage {
  ftrack: typeof Ftrack;
  session: Ftrack.Session;
  /** The numbers that were heard of. */
  heard: Set<number>;
  /** The longest time in which the page did nothing. */
  still: number;
}

/** A tab with a session whose hub is connected. */
async function openTab(): Promise<PlainTab> {
  const page = await context.open(files.address);
  await page.evaluate(async (serverUrl) => {
    const page = globalThis as unknown as OnPage;
    page.session = await page.ftrack.Session.open({ serverUrl, apiKey: "demo-key", apiUser: "demo", logger: { warn: () => undefined } });
    page.heard = new Set();
    page.still = 0;
    let last = performance.now();
    setInterval(() => {
      page.still = Math.max(page.still, performance.now() - last);
      last = performance.now();
    }, 20);
    page.session.eventHub.subscribe("topic=tick", ({ data }) => void page.heard.add(data.n as number));
    await page.session.eventHub.connect();
  }, sandbox.address);
  return page;
}

const steer = (path: string, method = "GET", body?: object): Promise<Response> =>
  fetch(`${sandbox.address}/sandbox/events${path}`, { method, headers: { "ftrack-user": "demo", "ftrack-api-key": "demo-key" }, ...(body && { body: JSON.stringify(body) }) });
const sockets = async (): Promise<number> => ((await (await steer("")).json()) as { sockets: number }).sockets;

let published = 0;
/** An event of somebody else. */
async function tick(): Promise<number> {
  const n = ++published;
  const response = await steer("/publish", "POST", { id: `tick-${n}`, topic: "tick", data: { n }, source: { id: "other" }, sent: null, target: "", inReplyToEvent: null });
  expect(response.ok).toBe(true);
  return n;
}

const heard = (page: PlainTab, n: number): Promise<boolean> => page.evaluate((n) => (globalThis as unknown as OnPage).heard.has(n), n);

/** Ticks until all of these tabs have heard of one tick; gives how long that took in milliseconds. */
async function untilAllHear(tabs: readonly PlainTab[], atMost: number): Promise<number> {
  const begun = performance.now();
  let last = await tick();
  await expect.poll(async () => {
    const hear = await Promise.all(tabs.map((tab) => heard(tab, last)));
    if (hear.includes(false)) last = await tick();
    return hear;
  }, { timeout: atMost, interval: 20 }).toEqual(tabs.map(() => true));
  return performance.now() - begun;
}

/** Makes the first tab hold the socket of four. */
async function fourTabs(): Promise<{ holder: PlainTab; others: PlainTab[] }> {
  const holder = await openTab();
  const others = await Promise.all([openTab(), openTab(), openTab()]);
  expect(await sockets()).toBe(1);
  expect(await holder.evaluate(async () => (await navigator.locks.query()).held?.some(({ name }) => name?.includes("ftrack-wasm events")))).toBe(true);
  await untilAllHear([holder, ...others], 5000);
  return { holder, others };
}

/** Whether all of these publish and hear each other. */
async function exchange(tabs: readonly PlainTab[]): Promise<void> {
  for (const tab of tabs) {
    const n = ++published;
    await tab.evaluate((n) => (globalThis as unknown as OnPage).session.eventHub.publish({ topic: "tick", data: { n } }), n);
    await expect.poll(() => Promise.all(tabs.map((each) => heard(each, n)))).toEqual(tabs.map(() => true));
  }
}

test("a tab that holds the socket and is frozen stops nobody, and comes back when it thaws", { timeout: 60_000 }, async () => {
  const { holder, others } = await fourTabs();
  await others[0]!.show();
  await expect.poll(() => holder.evaluate(() => document.visibilityState)).toBe("hidden");
  await holder.evaluate(() => void ((globalThis as unknown as OnPage).still = 0));
  await holder.send("Page.setWebLifecycleState", { state: "frozen" });
  const frozen = performance.now();
  const took = await untilAllHear(others, SILENCE);
  console.info(`events go on ${Math.round(took)} ms after the tab that holds the socket was frozen`);
  expect(took).toBeLessThan(FAREWELL);
  expect(await sockets()).toBe(1);
  do await exchange(others);
  while (performance.now() - frozen < 500);
  const still = performance.now() - frozen;
  await holder.send("Page.setWebLifecycleState", { state: "active" });
  await untilAllHear([holder, ...others], SILENCE);
  await exchange([holder, ...others]);
  expect(await sockets()).toBe(1);
  // It was frozen indeed: it did nothing from then on.
  expect(await holder.evaluate(() => (globalThis as unknown as OnPage).still)).toBeGreaterThan(0.9 * still - 20);
});

test("a tab that holds the socket and stops without a farewell stops nobody", { timeout: 60_000 }, async () => {
  const { holder, others } = await fourTabs();
  await holder.send("Debugger.enable");
  const paused = holder.expect("Debugger.paused");
  await holder.send("Debugger.pause");
  await paused;
  const took = await untilAllHear(others, SILENCE);
  console.info(`events go on ${Math.round(took)} ms after the tab that holds the socket stopped without a word`);
  await exchange(others);
  await holder.send("Debugger.disable");
  await untilAllHear([holder, ...others], SILENCE);
  await exchange([holder, ...others]);
  expect(await sockets()).toBe(1);
});
