// Chromium for the benchmarks: a clock that is not coarse, collections on request, and nothing that goes to the network.
import { chromium } from "playwright-core";

export const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--enable-precise-memory-info", "--js-flags=--expose-gc --max-old-space-size=8192",
];

/** A browser process of its own, with an empty profile. `CHROME_BIN` names the program; by default Playwright's own. */
export function launch() {
  const executablePath = process.env.CHROME_BIN;
  return chromium.launch({ headless: true, ...(executablePath && { executablePath }), args: flags });
}

/** A browser process with a profile that stays. */
export function launchWith(profile) {
  const executablePath = process.env.CHROME_BIN;
  return chromium.launchPersistentContext(profile, { headless: true, ...(executablePath && { executablePath }), args: flags });
}

/** A page in a context of its own that can call what a script exports. */
export async function freshPage(browser, address, script = "/bench/page.js") {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  return {
    call: (name, ...args) => page.evaluate(async ({ script, name, args }) => (await import(script))[name](...args), { script, name, args }),
    reload: () => page.reload(),
    close: () => context.close(),
  };
}

/**
 * A page as people have it, with the same calls. Playwright has the browser tell it of every frame of a socket and every request of its own
 * pages, which costs more than to take them.
 */
export async function unwatchedPage(browser, address, script) {
  const devtools = await browser.newBrowserCDPSession();
  const { browserContextId } = await devtools.send("Target.createBrowserContext");
  const { targetId } = await devtools.send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await devtools.send("Target.attachToTarget", { targetId });
  const waiting = new Map();
  devtools.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, method, ...told } = JSON.parse(message);
    waiting.get(id ?? method)?.(told);
  });
  const send = async (method, params = {}) => {
    const id = waiting.size;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    await devtools.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) });
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  const loaded = new Promise((resolve) => waiting.set("Page.loadEventFired", resolve));
  await send("Page.enable");
  await send("Page.navigate", { url: address });
  await loaded;
  await send("Page.disable");
  return {
    async call(name, ...args) {
      const expression = `import(${JSON.stringify(script)}).then((script) => script[${JSON.stringify(name)}](...${JSON.stringify(args)}))`;
      const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
    async close() {
      await devtools.send("Target.disposeBrowserContext", { browserContextId });
      await devtools.detach();
    },
  };
}
