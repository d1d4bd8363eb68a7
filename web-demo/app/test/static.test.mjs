// The page as files alone, from a file server that knows nothing: the sandbox runs inside it.
import assert from "node:assert/strict";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, runAction } from "./support/stage.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../dist-static");
// What a file server makes of a module that it does not know.
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "text/plain" };

let files;
let address;
let browser;
const asked = [];

before(async () => {
  files = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const path = new URL(request.url, "http://files").pathname.replace(/^\/somewhere\//, "/");
    const file = join(folder, path === "/" ? "index.html" : path);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, types[extname(file)] ? { "content-type": types[extname(file)] } : {});
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => files.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${files.address().port}/somewhere/`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  files?.close();
});

const complaints = [];

/** Opens the page in a browser profile of its own. */
async function opened() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  return page;
}

async function signIn(page) {
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("10,000 rows").waitFor({ timeout: 60_000 });
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
}

async function run(page, expression) {
  await page.locator("#expression").fill(expression);
  await page.getByRole("button", { name: "Run" }).click();
}

/** Closes the page. Nothing but files was asked for, and nothing failed unseen. */
async function ended(page) {
  await page.context().close();
  assert.deepEqual(complaints, []);
  for (const line of asked) assert.match(line, /^GET \/somewhere\/((assets|plugins)\/[\w.-]+)?$/, "nothing but files is asked for");
}

test("the page works from files alone, and keeps what is changed over a reload", { timeout: 120_000 }, async () => {
  const page = await opened();
  await signIn(page);
  await run(page, "select name, status.name from Task order by id limit 5");
  await page.getByText("5 rows").waitFor();

  // An edit, committed.
  const cell = page.locator('.body [role="row"]:not([hidden]) [role="cell"], .body [role="row"]:not([hidden]) [role="gridcell"]').first();
  await cell.dblclick();
  const input = page.locator(".body input").first();
  await input.fill("kept over a reload");
  await input.press("Enter");
  await page.getByRole("button", { name: "Commit" }).click();
  await page.locator("#pending").waitFor({ state: "hidden" });

  // What the server refuses.
  await run(page, "select nope from Task");
  await page.locator("#problem").waitFor();
  assert.match(await page.locator("#problem").textContent(), /nope/);

  await page.reload();
  await page.locator("#problem").waitFor(); // the page goes on where it was
  await run(page, 'select name from Task where name is "kept over a reload"');
  await page.getByText("1 row", { exact: false }).waitFor();
  await page.getByText("kept over a reload").first().waitFor();
  await ended(page);
});

test("events, media, uploads and notes work from files alone", { timeout: 120_000 }, async () => {
  const page = await opened();
  await signIn(page);

  // An action goes over the event server to a plugin and back; commits are told.
  await page.locator('.presence[data-state="connected"]').waitFor();
  await page.getByText("Events", { exact: true }).click();
  await page.getByRole("textbox", { name: "Which events are shown" }).fill("topic=ftrack.*");
  await page.getByRole("button", { name: "Subscribe" }).click();
  const log = await runAction(page);

  // Pictures are bytes of the sandbox's.
  await page.getByRole("button", { name: "Versions" }).click();
  await page.locator(".version-card img").first().waitFor();
  assert.ok(await page.locator(".version-card img").first().evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));

  // A file goes up, and can be had back.
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(3_000_000)], "plate one.bin"));
    document.querySelector(".media-pane").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.locator('.uploads li[data-state="done"]').waitFor();
  await page.getByRole("button", { name: /^plate one\.bin/ }).click();
  await page.getByRole("link", { name: "Save plate one.bin" }).waitFor();

  // A note is still there when another version was looked at.
  await page.getByLabel("New note").fill("The edge flickers");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByRole("button", { name: "Commit" }).click();
  await page.locator("#pending").waitFor({ state: "hidden" });
  await page.locator(".version-card").nth(2).click();
  await page.locator(".version-card").nth(0).click();
  await page.locator(".notes ol > li", { hasText: "The edge flickers" }).waitFor();
  await log.getByText("ftrack.update").first().waitFor({ state: "attached" });
  await ended(page);
});
