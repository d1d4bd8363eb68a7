// The media of versions on the built page, in Chromium against the sandbox: pictures, files that go up, notes with replies.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, startSandbox } from "./support/stage.mjs";

let sandbox;
let address;
let browser;
let page;
let complaints;

before(async () => {
  sandbox = await startSandbox("-tasks", "300");
  address = sandbox.address;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await sandbox?.stop();
});

beforeEach(async () => {
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("300 rows", { exact: false }).first().waitFor();
  await page.getByRole("button", { name: "Versions" }).click();
  await page.locator(".version-card").first().waitFor();
});

afterEach(async () => {
  await page.context().close();
  assert.deepEqual(complaints, [], "errors that nobody caught");
});

const faults = (set) => fetch(`${address}/sandbox/uploads`, { method: "PUT", headers: { "ftrack-user": "demo", "ftrack-api-key": "demo-key" }, body: JSON.stringify(set) });

/** Drops a file on the pane of the version that is looked at. */
async function drop(name, size) {
  await page.evaluate(
    ({ name, size }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(size)], name));
      document.querySelector(".media-pane").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, size },
  );
}

test("versions show pictures, and the one that is looked at its media", async () => {
  await page.locator(".version-card img").first().waitFor();
  assert.ok(await page.locator(".version-card img").first().evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));
  assert.equal(await page.locator('.version-card[aria-current="true"]').count(), 1);
  await page.locator(".stage img, .stage video, .stage a, .stage p").first().waitFor();
  await page.locator(".version-card").nth(3).click();
  assert.equal(await page.locator(".version-card").nth(3).getAttribute("aria-current"), "true");
});

test("a file that is dropped goes up, and is a component of the version", async () => {
  await drop("plate one.bin", 3_000_000);
  await page.locator('.uploads li[data-state="done"]').waitFor();
  await page.getByRole("button", { name: /^plate one\.bin/ }).click();
  await page.getByRole("link", { name: "Save plate one.bin" }).waitFor();
});

test("an upload that fails says why beside its name, and can be tried again", async () => {
  await faults({ fail: 1, status: 403 });
  await drop("refused.exr", 1_000_000);
  const row = page.locator(".uploads li").first();
  await row.getByRole("alert").getByText("failed: the storage refused (HTTP status 403)").waitFor();
  assert.equal(await row.locator("b").textContent(), "refused.exr");
  await faults({});
  await row.getByRole("button", { name: "Retry" }).click();
  await page.locator('.uploads li[data-state="done"]').waitFor();
});

test("an upload can be paused, resumed, stopped and tried again", async () => {
  await faults({ rate: 8_000_000 });
  await drop("long.bin", 60_000_000);
  const row = page.locator(".uploads li").first();
  await row.getByRole("button", { name: "Pause" }).click();
  await page.getByText("paused").waitFor();
  await row.getByRole("button", { name: "Resume" }).click();
  await row.getByRole("button", { name: "Stop" }).click();
  await page.locator('.uploads li[data-state="aborted"]').waitFor();
  await faults({});
  await page.locator(".uploads li").first().getByRole("button", { name: "Retry" }).click();
  await page.locator('.uploads li[data-state="done"]').waitFor({ timeout: 30_000 });
});

test("notes and replies are recorded, and saved with the next commit", async () => {
  await page.getByLabel("New note").fill("The edge flickers");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByText("The edge flickers").first().waitFor();
  await page.getByLabel("Reply").first().fill("Fixed in the next one");
  await page.getByLabel("Reply").first().press("Enter");
  await page.getByText("2 changes not saved").waitFor();
  assert.equal(await page.locator(".notes .reply", { hasText: "Fixed in the next one" }).count(), 1);
  await page.getByRole("button", { name: "Commit" }).click();
  await page.getByText("Fixed in the next one").first().waitFor();
  await page.locator(".version-card").nth(2).click();
  await page.locator(".version-card").nth(0).click();
  await page.locator(".notes ol > li", { hasText: "The edge flickers" }).locator("ul", { hasText: "Fixed in the next one" }).waitFor();
});

test("on a narrow page everything can be reached, with changes that are not saved in view", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByLabel("New note").fill("Too dark");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByText("1 change not saved").waitFor();
  for (const locator of [page.locator(".version-card").first(), page.locator(".stage"), page.locator(".uploads"), page.getByLabel("Reply").first()]) {
    await locator.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await locator.boundingBox();
    assert.ok(x >= 0 && x + width <= 390 && height > 20 && y >= 0 && y < 844, `${x} ${y} ${width} ${height}`);
  }
  const bar = await page.getByRole("button", { name: "Commit" }).boundingBox();
  assert.ok(bar.y > 0 && bar.y + bar.height <= 844);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing stands beside the page");
});
