// Nothing on the page moves while it loads: the rows' place is kept for them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, startSandbox } from "./support/stage.mjs";

let sandbox;
let browser;

before(async () => {
  sandbox = await startSandbox("-tasks", "3000", "-latency", "100ms");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await sandbox?.stop();
});

/** Has a page note what moves, by itself or after a click. */
function noteShifts() {
  let shifts = [];
  let since = 0;
  const note = (entries) => shifts.push(...entries.map(({ value, startTime, sources }) => ({ value, startTime, what: sources.map(({ node }) => node?.id || node?.className || node?.nodeName) })));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  /** What has moved since it was called last. */
  window.moved = async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    note(observer.takeRecords());
    const found = shifts.filter(({ startTime }) => startTime > since);
    [shifts, since] = [[], performance.now()];
    return found;
  };
}

for (const [name, width, height] of [["wide", 1400, 900], ["narrow", 390, 844]]) {
  test(`on a ${name} screen nothing moves while rows come`, async () => {
    const context = await browser.newContext({ viewport: { width, height }, locale: "en-GB" });
    try {
      const page = await context.newPage();
      await page.addInitScript(noteShifts);
      const moved = () => page.evaluate(() => window.moved());
      const still = async (when) => {
        const shifts = await moved();
        assert.ok(shifts.reduce((sum, { value }) => sum + value, 0) < 0.005, `${when}: ${JSON.stringify(shifts)}`);
      };
      await page.goto(sandbox.address);
      await still("before somebody signs in");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.locator("#account").waitFor();
      await moved(); // the form gives way to the user's name
      await page.getByText("3,000 rows").waitFor({ timeout: 30_000 });
      await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
      await still("while rows come");
      await page.locator("#expression").fill('select name from Task where name is "no such task"');
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByText("The query found nothing.").waitFor();
      await still("while nothing is found");
      await page.locator("#expression").fill("select name from Task limit 700");
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByText("700 rows").waitFor();
      await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
      await still("while other rows come");
    } finally {
      await context.close();
    }
  });
}
