// Runs in a browser that is about to be killed: checks what earlier lives were told is stored, then stores more, and tells what is.
/* global IDBFactory, Response, TextDecoder, addEventListener, fetch, indexedDB, performance, setInterval, setTimeout */
import { NetworkError, Session } from "/dist/index.js";

const tell = (path, what) => fetch(path, { method: "POST", body: JSON.stringify(what) });
addEventListener("unhandledrejection", ({ reason }) => tell("/failed", String(reason?.stack ?? reason)));
addEventListener("error", ({ message, error, filename, lineno }) => tell("/failed", `${message} ${filename}:${lineno} ${error?.name}: ${error?.message} ${error?.stack}`));

/** What the browser says of the database: which there are, and how each opening went. It tells one that the browser dropped from one that is slow. */
const log = [];
let storing = false;
const note = (text) => {
  log.push(`${performance.now().toFixed(0)} ms: ${text}`);
  if (storing) void tell("/alive", log.slice(-20)); // the next life tells it
};
const listed = indexedDB.databases().catch((error) => void note(`databases are not listed: ${error?.name} ${error?.message}`));
const databases = await Promise.race([listed, new Promise((resolve) => setTimeout(resolve, 20_000))]);
note(`there are ${JSON.stringify(databases)}`);
const plainOpen = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...args) {
  const opening = plainOpen.apply(this, args);
  const named = `"${args[0]}"`;
  note(`${named} is to be opened`);
  opening.addEventListener("blocked", () => note(`${named} is blocked`));
  opening.addEventListener("error", () => note(`${named} does not open: ${opening.error}`));
  opening.addEventListener("upgradeneeded", ({ oldVersion }) => note(oldVersion ? `${named} was of version ${oldVersion}` : `${named} was not there`));
  opening.addEventListener("success", () => {
    note(`${named} is open`);
    for (const event of ["close", "versionchange"]) opening.result.addEventListener(event, () => note(`${named}: ${event}`));
  });
  return opening;
};

if (!databases) {
  await tell("/checked", { faults: ["the browser's IndexedDB answers nothing"], warnings: [], log, checked: 0 });
  await tell("/stored", {});
  await new Promise(() => undefined);
}

const warnings = [];
const logger = { warn: (text) => (warnings.push(text), note(`warned: ${text}`)) };
const credentials = { serverUrl: "https://studio.example", apiUser: "killed", apiKey: "key-of-the-killed", schemaCachePath: false, logger };

/** How many queries there are; each is stored again and again, in generations. */
const QUERIES = 40;

// Where it stands, for the case that it comes no further.
setInterval(() => tell("/alive", log), 5000);
const schemas = await (await fetch("/schemas")).text();

let generation = 0;

function uuid(query, row) {
  return `00000000-0000-4000-8000-${String(query * 1000 + row).padStart(12, "0")}`;
}

/** Rows that tell whether they are whole: the text follows from the query, the generation and the row. */
function rowsOf(query, of) {
  const rows = 1 + ((query * 7 + of) % 60);
  return Array.from({ length: rows }, (_, row) => ({ __entity_type__: "Task", id: uuid(query, row), context_type: "task", name: `${query} ${of} ${row} ${rows}`, description: textOf(query, of, row), full_name: "planted-7c1e0b9a" }));
}

function textOf(query, of, row) {
  const unit = `${query}/${of}/${row} grün `;
  return unit.repeat(1 + ((query * 31 + of * 17 + row) % 900));
}

function server(url, init) {
  const operations = JSON.parse(new TextDecoder().decode(init.body));
  const replies = operations.map(({ action, expression }) => {
    if (action === "query_server_information") return { version: "4.13.2", schema_hash: "killed", is_timezone_support_enabled: true };
    if (action === "query_schemas") return JSON.parse(schemas);
    const [, query] = /bid is (\d+)/.exec(expression);
    return { action: "query", data: rowsOf(Number(query), generation), metadata: { next: { offset: null } } };
  });
  return Promise.resolve(new Response(JSON.stringify(replies)));
}

const expressionOf = (query) => `select name, description from Task where bid is ${query}`;

/** What is wrong with what is served of a query that is stored in a generation, or in a later one. */
async function faultOf(session, query, stored) {
  let rows;
  try {
    rows = await session.query(expressionOf(query), { policy: "cache-only" }).all();
  } catch (error) {
    if (error instanceof NetworkError) return stored === undefined ? undefined : `query ${query} is missing, stored in ${stored}`;
    throw error;
  }
  const [, of] = rows[0].name.split(" ").map(Number);
  if (of < (stored ?? 0)) return `query ${query} is of ${of}, stored in ${stored}`;
  if (rows.length !== Number(rows[0].name.split(" ")[3])) return `query ${query} has ${rows.length} rows`;
  const bad = rows.find((row, i) => row.name !== `${query} ${of} ${i} ${rows.length}` || row.description !== textOf(query, of, i));
  if (bad) return `query ${query} is damaged: ${bad.name}`;
  const one = await session.get("Task", uuid(query, 0));
  return one?.name === rows[0].name ? undefined : `the first row of query ${query} is missing`;
}

const expected = await (await fetch("/stored")).json();
generation = Math.max(0, ...Object.values(expected)) + 1;
const reading = await Session.open({ ...credentials, fetch: server, policy: "cache-only" });
const faults = [];
for (let query = 0; query < QUERIES; query++) {
  const fault = await faultOf(reading, query, expected[query]);
  if (fault) faults.push(fault);
}
note("checked");
await reading.close();
note("closed");
await tell("/checked", { faults, warnings, log, checked: Object.keys(expected).length });

const session = await Session.open({ ...credentials, fetch: server, policy: "network-first" });
storing = true;
note("open to store");
for (;;) {
  const queries = Array.from({ length: 6 }, () => Math.floor(Math.random() * QUERIES));
  await Promise.all(queries.map((query) => session.query(expressionOf(query)).all()));
  if (log.length < 200) note(`queried in generation ${generation}`);
  if (!(await session.kept.written())) throw new Error("nothing is stored");
  await tell("/stored", Object.fromEntries(queries.map((query) => [query, generation])));
  generation++;
}
