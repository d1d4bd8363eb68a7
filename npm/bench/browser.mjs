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
