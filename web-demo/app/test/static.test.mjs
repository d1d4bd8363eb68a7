// The page as files alone, from a file server that knows nothing: the sandbox runs inside it.
import assert from "node:assert/strict";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../dist-static");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" }; // and no type for .wasm

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
  const executablePath = process.env.CHROME_BIN;
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: flags });
});

after(async () => {
  await browser?.close();
  files?.close();
});

test("the page works from files alone, and keeps what is changed over a reload", { timeout: 120_000 }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  const signIn = async () => {
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("10,000 rows").waitFor({ timeout: 60_000 });
    await page.locator('[data-step="drawn"]').waitFor();
  };
  await signIn();
  await page.locator("#expression").fill("select name, status.name from Task order by id limit 5");
  await page.getByRole("button", { name: "Run" }).click();
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
  await page.locator("#expression").fill("select nope from Task");
  await page.getByRole("button", { name: "Run" }).click();
  await page.locator("#problem").waitFor();
  assert.match(await page.locator("#problem").textContent(), /nope/);

  await page.reload();
  await signIn();
  await page.locator("#expression").fill('select name from Task where name is "kept over a reload"');
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("1 row", { exact: false }).waitFor();
  await page.getByText("kept over a reload").first().waitFor();
  assert.deepEqual(complaints, []);
  for (const line of asked) assert.match(line, /^GET \/somewhere\/((assets|plugins)\/[\w.-]+)?$/, "nothing but files is asked for");
  await context.close();
});
