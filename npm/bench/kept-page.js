// What runs in the browser to measure what is kept: storing, reading back, single entities, and a page's second visit. page.js has the
// replies and the clocks.
import { heartbeat, load, repliesAsStub, rowsOf } from "/bench/page.js";

export { load };

const options = { serverUrl: "https://studio.example", apiUser: "demo", apiKey: "MTUwNDEwNjI4MDYtZDM5Mi00ZmY0LTg0ZTctODFjZGM5", logger: { warn: (text) => complaints.push(text) } };
const complaints = [];
const pageSize = 500;

async function open(policy, more) {
  const { Session } = await import("/dist/index.js");
  const { stub, expression } = repliesAsStub();
  const session = await Session.open({ ...options, fetch: stub, policy, ...more });
  return { session, query: () => session.query(expression, { pageSize }).all() };
}

function complain() {
  if (complaints.length > 0) throw new Error(complaints.join("; "));
}

/** A session with nothing kept, whose database is open. */
async function openEmpty() {
  const { Session } = await import("/dist/index.js");
  await Session.forget(options);
  const opened = await open("network-first");
  await opened.session.query("select id from Task limit 1", { policy: "cache-only" }).all().catch(() => undefined); // opens it
  if (!(await opened.session.kept.written())) throw new Error("nothing is stored");
  return opened;
}

async function stored(session) {
  if (!(await session.kept.written())) throw new Error("not everything is stored");
}

/**
 * Milliseconds to store all rows. Replies are written behind the query, so storing takes what a query takes longer until all is written;
 * `query` is the same query when nothing is kept.
 */
export async function store() {
  const plain = await open("network-only");
  const beforeQuery = performance.now();
  await plain.query();
  const query = performance.now() - beforeQuery;
  await plain.session.close();
  const { session, query: ask } = await openEmpty();
  const start = performance.now();
  const rows = await ask();
  const shown = performance.now() - start;
  await stored(session);
  const whole = performance.now() - start;
  await session.close();
  complain();
  return { rows: rows.length, query, shown, whole, storing: whole - query };
}

/** The longest block of the page while all rows come and are stored. */
export async function storeBlocks() {
  const { session, query } = await openEmpty();
  const beat = heartbeat();
  await beat.next();
  beat.reset();
  await query();
  await stored(session);
  await beat.next();
  const longest = beat.longest();
  beat.stop();
  await session.close();
  return longest;
}

/** Milliseconds until all rows that are kept are readable entities, in a session that has none of them. */
export async function readBack() {
  const { session, query } = await open("cache-only");
  const start = performance.now();
  const rows = await query();
  const time = performance.now() - start;
  if (rows.source !== "cache" || rows.some((row) => row.name === undefined || row.status.name === undefined)) throw new Error("the rows are not those that were kept");
  await session.close();
  complain();
  return { rows: rows.length, time };
}

/**
 * Milliseconds of a get of an entity that is kept and not in memory, for some of them, in a page that has read one before. What pages
 * before this one left in the process, whole modules with their memory, is collected first: it takes 10 to 30 ms, and is no part of a get.
 */
export async function gets(ids) {
  let asked = 0;
  const { session } = await open("cache-first", { fetch: (url, init) => (asked++, repliesAsStub().stub(url, init)) });
  await session.get("Task", ids[9]); // the database is open, and warm
  globalThis.gc();
  const times = [];
  for (let i = 0; i < 60; i++) {
    const id = ids[(i * 331 + 17) % ids.length];
    const before = asked;
    const start = performance.now();
    const task = await session.get("Task", id);
    times.push(performance.now() - start);
    if (task?.id !== id || asked !== before) throw new Error("the entity did not come from what is kept");
  }
  await session.close();
  complain();
  return times;
}

export function idsOfTasks() {
  return rowsOf().map(({ id }) => id);
}

/** The same rows in Dexie: milliseconds of bulkPut and of toArray. */
export async function dexie() {
  const { Dexie } = await import("/peer/dexie.js");
  await Dexie.delete("bench");
  const database = new Dexie("bench");
  database.version(1).stores({ tasks: "id" });
  await database.open();
  const rows = rowsOf();
  const start = performance.now();
  await database.tasks.bulkPut(rows);
  const bulkPut = performance.now() - start;
  database.close();
  const again = new Dexie("bench");
  again.version(1).stores({ tasks: "id" });
  await again.open();
  const before = performance.now();
  const back = await again.tasks.toArray();
  const toArray = performance.now() - before;
  again.close();
  if (back.length !== rows.length) throw new Error("Dexie lost rows");
  return { bulkPut, toArray };
}

const tasks = "select name, description, bid, status.name, type.name, parent.name, start_date, end_date from Task";

/** One visit of a page that shows 500 tasks: milliseconds from the start of its loading until they are readable. */
export async function visit(client) {
  let rows;
  if (client === "ftrack-wasm") {
    const { Session } = await import("/dist/index.js");
    const session = await Session.open({ ...options, apiKey: "demo-key", serverUrl: location.origin, policy: "cache-first" });
    rows = await session.query(`${tasks} limit 500`).all();
    check(rows);
    const time = performance.now();
    await session.kept.written();
    return { time, source: rows.source };
  }
  const { Session } = await import("/peer/peer.js");
  const session = new Session(location.origin, options.apiUser, "demo-key", { autoConnectEventHub: false });
  await session.initializing;
  rows = (await session.query(`${tasks} limit 500`)).data;
  check(rows);
  return { time: performance.now(), source: "network" };
}

function check(rows) {
  if (rows.length !== 500 || rows.some((row) => !row.name || !row.status.name || !row.parent.name)) throw new Error("the rows are not all there");
}
