// The built page in Chromium, against the sandbox: what a person does first, and what can go wrong.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { launch, runAction, startSandbox } from "./support/stage.mjs";

let sandbox;
let address;
let browser;
let context;
let page;
let complaints;
let asking; // requests under way

before(async () => {
  sandbox = await startSandbox();
  address = sandbox.address;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await sandbox?.stop();
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: "Asia/Kolkata", locale: "en-GB" });
  page = await context.newPage();
  complaints = [];
  asking = new Set();
  page.on("request", (request) => asking.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => asking.delete(request));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
});

afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, [], "errors that nobody caught");
});

async function signIn() {
  await page.getByRole("button", { name: "Sign in" }).click();
  await allRows();
}

async function allRows() {
  await page.getByText("10,000 rows").waitFor({ timeout: 60_000 });
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
}

/** Resolves when nothing has been asked of the server for half a second: the query that is followed asks for its rows, too, after they are shown. */
async function nothingAsked() {
  for (let since = Date.now(); Date.now() < since + 500; await page.waitForTimeout(50)) if (asking.size) since = Date.now();
}

/** The rows that are drawn, as their number (the head is 1) and texts. */
function drawn() {
  return page.locator('.body [role="row"]:not([hidden])').evaluateAll((rows) =>
    rows.map((row) => ({ number: Number(row.getAttribute("aria-rowindex")), texts: [...row.children].map((cell) => cell.textContent) })).sort((a, b) => a.number - b.number),
  );
}

async function run(expression) {
  await page.locator("#expression").fill(expression);
  await page.getByRole("button", { name: "Run" }).click();
}

test("signing in as it is filled in shows 10,000 tasks", async () => {
  await signIn();
  assert.deepEqual(await page.getByRole("columnheader").allTextContents(), ["Name", "Status", "Parent", "Type", "Assigned to", "Start date", "End date", "Bid"]);
  const rows = await drawn();
  assert.ok(rows.length > 20 && rows.length < 60, `${rows.length} rows are elements`);
  assert.equal(rows[0].number, 2);
  for (const { texts } of rows) {
    const [name, status, parent, type, , start, end] = texts;
    assert.ok(name && parent && type && status, JSON.stringify(texts));
    for (const date of [start, end]) assert.match(date, /^(\d{2} \w+ 20\d\d)?$/);
  }
  assert.ok(rows.some(({ texts }) => texts[4] !== ""), "somebody works on something");
  for (const step of ["session", "first rows", "server", "merge", "all rows", "drawn"]) {
    assert.match(await page.locator(`[data-step="${step}"] dd`).textContent(), /^[\d.]+ m?s$/);
  }
});

test("it scrolls to the end, by key and by wheel, and never holds more rows than are seen", async () => {
  await signIn();
  await page.getByRole("table").focus();
  await page.keyboard.press("End");
  await page.locator('[aria-rowindex="10001"]').waitFor();
  const end = await drawn();
  assert.equal(end.at(-1).number, 10_001);
  assert.ok(end.every(({ texts }) => texts[0] !== ""));
  await page.keyboard.press("Home");
  await page.locator('[aria-rowindex="2"]:not([hidden])').waitFor();
  await page.mouse.move(600, 500);
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, 3000);
  await page.waitForFunction(() => document.querySelector(".scroller").scrollTop > 50_000);
  await page.evaluate(async () => {
    const scroller = document.querySelector(".scroller");
    for (let last = -1; last !== scroller.scrollTop; await new Promise((resolve) => setTimeout(resolve, 100))) last = scroller.scrollTop;
  });
  await page.waitForFunction(() => {
    const top = document.querySelector(".scroller").scrollTop;
    return [...document.querySelectorAll('.body [role="row"]:not([hidden])')].some((row) => Math.abs((Number(row.getAttribute("aria-rowindex")) - 2) * 30 - top) < 30);
  });
  const middle = await drawn();
  assert.ok(middle.length < 60);
  middle.forEach(({ number }, i) => assert.equal(number, middle[0].number + i));
});

test("a mistake in the expression is shown with a caret below it", async () => {
  await signIn();
  await run('select name from Task where status.name is "Done" and');
  const alert = page.getByRole("alert");
  await alert.waitFor();
  const lines = (await alert.locator("pre").textContent()).split("\n");
  assert.match(lines[0], /"Done" and/);
  assert.match(lines[1], /^ +\^$/);
  assert.ok(lines[1].indexOf("^") >= lines[0].trimEnd().length - 1, "below the end, where something is missing");
});

test("an unknown entity type is named, with the nearest known one", async () => {
  await signIn();
  await run("select name from Taks");
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").textContent(), /Taks.*Task/s);
});

test("a wrong key is said in words, and can be corrected", async () => {
  await page.getByLabel("API key").fill("no-such-key");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  const text = await page.getByRole("alert").textContent();
  assert.match(text, /does not know this user and key/);
  assert.doesNotMatch(text, /no-such-key/);
  await page.getByLabel("API key").fill("demo-key");
  await signIn();
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("a server that is not there is said in words", async () => {
  await page.route("**/api", (route) => route.abort("connectionrefused"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor({ timeout: 90_000 });
  assert.match(await page.getByRole("alert").textContent(), /cannot be reached|did not answer in time/);
});

test("no rows, aggregates, places and another session", async () => {
  await signIn();
  await run('select name from Task where name is "nothing of the kind"');
  await page.getByText("The query found nothing.").waitFor();
  await run("select count(id), status.name from Task group by status.name");
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
  const counts = (await drawn()).map(({ texts }) => Number(texts[0].replaceAll(",", "")));
  assert.equal(counts.reduce((sum, each) => sum + each, 0), 10_000);
  await run("select name, link from Shot limit 30");
  await page.getByText("30 rows").waitFor();
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
  for (const { texts } of await drawn()) assert.match(texts[1], / \/ /);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.locator("#expression").fill("select name from Project");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator('.body [role="row"]').first().waitFor();
});

test("on a narrow screen nothing is wider than the screen", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
});

const cell = (row, column) => page.locator(`.body .row[data-index="${row}"] .cell`).nth(column);
const pendingText = async () => (await page.locator("#pending").textContent()).replace(/\s+/g, " ").trim();

async function type(row, column, text) {
  await cell(row, column).dblclick();
  await page.locator(".cell-editor").fill(text);
  await page.keyboard.press("Enter");
}

test("cells are edited in place, wait as pending changes, and are saved by one commit", async () => {
  await signIn();
  const before = await cell(2, 1).textContent();
  await type(1, 0, "Renamed");
  await type(1, 7, "12.5");
  await cell(2, 1).dblclick();
  const status = page.locator("select.cell-editor");
  await status.waitFor();
  const other = (await status.locator("option").allTextContents()).find((name) => name !== before);
  await status.selectOption({ label: other });
  await cell(3, 4).dblclick();
  await status.waitFor();
  const user = (await page.locator("select.cell-editor option").allTextContents())[2];
  await page.locator("select.cell-editor").selectOption({ label: user });
  await cell(5, 0).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await cell(8, 0).click();
  await page.getByRole("button", { name: "New task" }).click();
  await page.locator(".cell-editor").fill("Made here");
  await page.keyboard.press("Enter");
  assert.match(await pendingText(), /changes not saved/);
  assert.match(await pendingText(), new RegExp(`status → ${other}.*name → “Renamed”`));
  assert.deepEqual([await cell(1, 7).textContent(), await cell(2, 1).textContent(), await cell(3, 4).textContent()], ["12.5 h", other, user]);
  const bodies = [];
  // What events tell may be asked for meanwhile.
  page.on("request", (request) => request.url().endsWith("/api") && /"action":"(create|update|delete)"/.test(request.postData()) && bodies.push(request.postData()));
  await page.getByRole("button", { name: "Commit" }).click();
  await page.getByText(/Saved \d+ changes in/).waitFor();
  assert.equal(bodies.length, 1);
  assert.deepEqual(await page.locator('.body .row:not([data-state=""]):not([hidden])').count(), 0, "rows that wait");
  await page.reload();
  await allRows();
  await run('select name, bid from Task where name in ("Renamed", "Made here") order by name');
  await page.getByText("2 rows").waitFor();
  assert.deepEqual((await drawn()).map(({ texts }) => texts), [["Made here", "0 h"], ["Renamed", "12.5 h"]]);
});

test("what the server refuses stays, is told in words, and can be rolled back", async () => {
  await signIn();
  await page.route("**/api", (route) => {
    if (!/"action":"update"/.test(route.request().postData() ?? "")) return route.continue();
    return route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify({ exception: "PermissionDeniedError", content: "Not in this project.", error_code: null }) });
  });
  const before = await cell(4, 0).textContent();
  await type(4, 0, "Refused");
  await page.getByRole("button", { name: "Commit" }).click();
  await page.getByText("The server refused").waitFor();
  assert.match(await pendingText(), /1 change not saved.*PermissionDeniedError: Not in this project/);
  assert.equal(await cell(4, 0).textContent(), "Refused");
  await page.getByRole("button", { name: "Roll back" }).click();
  await page.locator("#pending").waitFor({ state: "hidden" });
  assert.equal(await cell(4, 0).textContent(), before);
});

test("a commit without an answer offers to ask the server", async () => {
  await signIn();
  let lose = true;
  await page.route("**/api", async (route) => {
    if (!lose || !/"action":"update"/.test(route.request().postData() ?? "")) return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  await type(6, 0, "Arrived after all");
  await page.getByRole("button", { name: "Commit" }).click();
  await page.getByRole("button", { name: "Ask the server" }).waitFor();
  lose = false;
  assert.match(await pendingText(), /1 change not saved/);
  await page.getByRole("button", { name: "Ask the server" }).click();
  await page.getByText("The server has all 1 changes").waitFor();
  assert.equal(await cell(6, 0).textContent(), "Arrived after all");
});

test("a reload shows the rows of the last visit at once, marks them, and then the server's", async () => {
  await signIn();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/api", async (route) => {
    if (route.request().postData().includes("from Task")) await held;
    await route.continue();
  });
  await page.reload();
  await page.getByText(/10,000 rows.*as of .*updating/).waitFor();
  assert.ok((await drawn()).length > 20);
  assert.match(await page.locator("#table").getAttribute("class"), /\bkept\b/);
  release();
  await page.waitForFunction(() => /^10,000 rows[^,…]*$/.test(document.getElementById("count").textContent));
  assert.doesNotMatch(await page.locator("#table").getAttribute("class"), /\bkept\b/);
  assert.ok((await drawn()).length > 20);
});

test("a reload goes on with the query that was shown, and signing out ends that", async () => {
  await signIn();
  await run("select name from Project");
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
  await page.reload();
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
  assert.equal(await page.locator("#expression").inputValue(), "select name from Project");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.reload();
  await page.getByText("Sign in to ask the first question.").waitFor();
});

test("a key that was typed is not kept, and a reload asks for it", async () => {
  await page.getByLabel("API key").fill("typed-by-a-person");
  await page.route("**/api", (route) => route.continue({ headers: { ...route.request().headers(), "ftrack-api-key": "demo-key" } }));
  await signIn();
  await page.reload();
  await page.getByText("Sign in again: keys are not kept.").waitFor();
  assert.deepEqual([await page.getByLabel("User").inputValue(), await page.getByLabel("API key").inputValue()], ["demo", ""]);
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])), /typed-by-a-person/);
  await page.getByLabel("API key").fill("typed-by-a-person");
  await signIn();
});

test("without a server it still shows the rows of the last visit, and says why they may be old", async () => {
  await signIn();
  await page.route("**/api", (route) => route.abort());
  await page.reload();
  await page.getByText(/10,000 rows.*as of .*the server cannot be reached/).waitFor({ timeout: 30_000 });
  assert.ok((await drawn()).length > 20);
  await page.unroute("**/api");
  await page.getByRole("button", { name: "Run" }).click();
  await page.waitForFunction(() => /^10,000 rows[^,…]*$/.test(document.getElementById("count").textContent));
});

test("signing out leaves nothing of what was shown in the browser", async () => {
  await signIn();
  const kept = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.includes("replies")));
  assert.equal((await kept()).length, 1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  assert.deepEqual(await kept(), []);
});

test("switched offline it shows what it has and says so, and is online again when it is switched back", async () => {
  await signIn();
  await page.locator("#cache summary").click();
  await page.waitForFunction(() => /^\d+ replies, [\d,]+ entities$/.test(document.querySelector('#cache [data-part="entries"]').textContent));
  await page.getByLabel("Offline").check();
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText(/10,000 rows.*as of .*the server cannot be reached/).waitFor({ timeout: 30_000 });
  await run("select name from Shot where name like \"nothing like it%\"");
  await page.getByRole("alert").waitFor({ timeout: 30_000 });
  await page.getByLabel("Offline").uncheck();
  await run("select name from Project");
  await page.locator('.body [role="row"]').first().waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("the cache is shown in numbers, and can be cleared", async () => {
  await signIn();
  const part = (name) => page.locator(`#cache [data-part="${name}"]`).textContent();
  await page.locator("#cache summary").click();
  await page.waitForFunction(() => /\d+\.\d MB/.test(document.querySelector('#cache [data-part="bytes"]').textContent));
  assert.match(await part("entries"), /^\d+ replies, \d\d,\d{3} entities$/);
  assert.match(await part("age"), /^\d+ s$/);
  const hits = Number((await part("hits")).replaceAll(",", ""));
  await page.getByRole("button", { name: "Run" }).click();
  await page.waitForFunction((before) => Number(document.querySelector('#cache [data-part="hits"]').textContent.replaceAll(",", "")) >= before + 20, hits);
  await page.waitForFunction(() => document.getElementById("progress").hidden);
  await nothingAsked(); // what comes later is kept
  await page.getByRole("button", { name: "Clear the cache" }).click();
  await page.waitForFunction(() => document.querySelector('#cache [data-part="bytes"]').textContent === "0.0 kB");
  assert.match(await part("entries"), /^0 replies, 0 entities$/);
});

test("the page hears of events, and runs an action that its plugin answers", async () => {
  await signIn();
  await page.locator('.presence[data-state="connected"]').waitFor();
  await page.getByText("Events", { exact: true }).click();
  const subscription = page.getByRole("textbox", { name: "Which events are shown" });
  await subscription.fill("topic=");
  await page.getByRole("button", { name: "Subscribe" }).click();
  await page.getByText("character 7: expected a value").waitFor();
  await subscription.fill("topic=ftrack.action.*");
  await page.getByRole("button", { name: "Subscribe" }).click();
  const log = await runAction(page);
  await log.getByText("ftrack.action.discover").waitFor();
  await steer("events", "PUT", { refuse: 503 });
  await steer("events/cut", "POST", {});
  await page.locator('.presence[data-state="reconnecting"]').waitFor();
  await steer("events", "PUT", {});
  await page.locator('.presence[data-state="connected"]').waitFor();
});

/** Makes something go wrong in the sandbox, or right again. */
async function steer(path, method, body) {
  const response = await fetch(`${address}/sandbox/${path}`, { method, headers: { "ftrack-user": "demo", "ftrack-api-key": "demo-key" }, body: JSON.stringify(body) });
  assert.ok(response.ok);
}

/** Changes a task as another client does. */
async function elsewhere(id, values) {
  const body = JSON.stringify([{ action: "update", entity_type: "Task", entity_key: [id], entity_data: { __entity_type__: "Task", ...values } }]);
  const headers = { "content-type": "application/json", "ftrack-user": "demo", "ftrack-api-key": "demo-key", "ftrack-clienttoken": "somebody else" };
  const response = await fetch(`${address}/api`, { method: "POST", headers, body });
  assert.ok(Array.isArray(await response.json()));
}

async function ids(expression) {
  const headers = { "content-type": "application/json", "ftrack-user": "demo", "ftrack-api-key": "demo-key" };
  const response = await fetch(`${address}/api`, { method: "POST", headers, body: JSON.stringify([{ action: "query", expression }]) });
  return (await response.json())[0].data.map(({ id }) => id);
}

test("rows change by themselves when somebody else edits, and what is edited here stays, marked", async () => {
  await signIn();
  await page.locator('.presence[data-state="connected"]').waitFor();
  const expression = "select name, description, bid from Task order by id limit 5";
  const [first, second] = await ids(expression);
  await run(expression);
  await page.getByText("5 rows").waitFor();
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
  await type(0, 0, "Mine");
  await elsewhere(second, { name: "Told by an event" });
  await page.locator('.body .row[data-index="1"]').getByText("Told by an event").waitFor();
  await elsewhere(first, { name: "Theirs" });
  const disputed = page.locator('.body .row[data-index="0"] .cell.disputed');
  await disputed.waitFor();
  assert.equal(await disputed.textContent(), "Mine");
  assert.match(await disputed.getAttribute("title"), /Somebody else/);
  await page.getByRole("button", { name: "Roll back" }).click();
  await page.locator('.body .row[data-index="0"]').getByText("Theirs").waitFor();
  assert.equal(await disputed.count(), 0);
});

test("rows without an order stay where they are when somebody else edits", async () => {
  await signIn();
  await page.locator('.presence[data-state="connected"]').waitFor();
  await run('select id, name from Task where name like "F%"');
  await page.locator('[data-step="drawn"]:not(.unknown)').waitFor();
  const before = (await drawn()).map(({ texts }) => texts[0]);
  assert.ok(before.length > 10);
  await elsewhere(before[7], { name: "F, renamed" });
  await page.locator('.body .row[data-index="7"]').getByText("F, renamed").waitFor();
  assert.deepEqual((await drawn()).map(({ texts }) => texts[0]), before);
});
