// What runs in the browser: the same query by three clients over the same replies, and the clocks. The driver calls the
// exported functions by name. Clients are imported when first used, so that a cold run loads nothing else.
const PAGE_ROWS = 500;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let replies; // the pages of the query, as bytes
let whole; // all rows of the pages in one reply, as a client gets it that does not ask for pages
let schemas; // the reply to query_schemas, as text
let expression;

/** Fetches what the stub will answer. */
export async function load(total, text) {
  expression = text;
  const [lengths, bytes] = await Promise.all([
    fetch(`/replies/${total}/lengths`).then((response) => response.json()),
    fetch(`/replies/${total}/bytes`).then((response) => response.arrayBuffer()),
  ]);
  let at = 0;
  replies = lengths.map((length) => new Uint8Array(bytes, at, ((at += length), length)));
  whole = oneReply(replies);
  schemas ??= await fetch("/schemas").then((response) => response.text());
  return bytes.byteLength;
}

/** Puts the rows of several replies into one, text for text. */
function oneReply(pages) {
  const [before, after] = ['[{"action":"query","data":[', '],"metadata":{"next":{"offset":null}}}]'];
  const rows = pages.map((bytes) => {
    const text = decoder.decode(bytes);
    return text.slice(before.length, text.lastIndexOf('],"metadata":'));
  });
  return encoder.encode(before + rows.join(",") + after);
}

/** The server that the replies make, for measurements elsewhere, and what it is asked. */
export function repliesAsStub() {
  makeCopies();
  return { stub, expression };
}

/** All rows, as JSON.parse gives them. */
export function rowsOf() {
  return JSON.parse(decoder.decode(whole))[0].data;
}

/** Answers both clients as a server would, from memory. */
async function stub(url, init) {
  const operations = JSON.parse(typeof init.body === "string" ? init.body : decoder.decode(init.body));
  if (operations.length === 1 && operations[0].action === "query") {
    const offset = / offset (\d+) limit /.exec(operations[0].expression);
    return answer(offset ? replies[Number(offset[1]) / PAGE_ROWS] : whole);
  }
  const parts = operations.map(({ action }) => (action === "query_schemas" ? schemas : '{"version":"4.13.2","is_timezone_support_enabled":true}'));
  return answer(encoder.encode(`[${parts.join(",")}]`));
}

const headers = new Headers({ "content-type": "application/json" });

/**
 * A reply that is there. A Response made in the page would cost every client 40 to 70 ms more, for the way of its bytes
 * through the browser's streams, and that is not what is compared. Whoever asks for a buffer gets one of its own, copied
 * before the clock runs.
 */
function answer(bytes) {
  const buffer = () => (copies.get(bytes)?.pop() ?? bytes.slice()).buffer;
  return { ok: true, status: 200, headers, arrayBuffer: async () => buffer(), text: async () => decoder.decode(bytes), json: async () => JSON.parse(decoder.decode(bytes)) };
}

const copies = new Map(); // of replies, by the reply

function makeCopies() {
  for (const bytes of replies) copies.set(bytes, [bytes.slice()]);
}

const options = { serverUrl: "https://studio.example", apiUser: "demo", apiKey: "demo-key" };

const clients = {
  /** This package. */
  "ftrack-wasm": async () => {
    const { Session } = await import("/dist/index.js");
    // The peers keep nothing either; kept.mjs measures what keeping costs.
    const session = await Session.open({ ...options, fetch: stub, policy: "network-only" });
    return { session, query: (progress) => session.query(expression, { pageSize: PAGE_ROWS, onProgress: progress }).all(), close: () => session.close() };
  },
  /** ftrack's own client, which asks for all rows at once: it has no paging. */
  "@ftrack/api": async () => {
    const own = globalThis.fetch;
    globalThis.fetch = stub;
    const { Session } = await import("/peer/peer.js");
    const session = new Session(options.serverUrl, options.apiUser, options.apiKey, { autoConnectEventHub: false });
    await session.initializing;
    const query = async () => (await session.query(expression)).data;
    return { session, query, close: () => (globalThis.fetch = own) };
  },
  /** No client: what the browser's own parser takes. It gives no identities, and no dates. */
  "JSON.parse": async () => ({
    query: async () => JSON.parse(new TextDecoder().decode(whole))[0].data,
    close: () => undefined,
  }),
};

let missing; // reads that gave nothing

/** Reads ten attributes of every row: plain, escaped and non-ASCII (description), dates, and one through a relation. */
function readTen(rows) {
  let seen = 0;
  for (const row of rows) {
    seen += sizeOf(row.id) + sizeOf(row.name) + sizeOf(row.description) + sizeOf(row.bid) + sizeOf(row.sort);
    seen += sizeOf(row.start_date) + sizeOf(row.end_date) + sizeOf(row.status_id) + sizeOf(row.project_id) + sizeOf(row.status.name);
  }
  return seen;
}

function sizeOf(value) {
  if (value === undefined) missing++;
  return typeof value === "string" ? value.length : 1;
}

/** One query in a session of its own, then the reads. Milliseconds. */
export async function run(name) {
  const client = await clients[name]();
  if (name === "ftrack-wasm") makeCopies();
  await settle();
  missing = 0;
  const start = performance.now();
  const rows = await client.query();
  const queried = performance.now();
  const seen = readTen(rows);
  const read = performance.now();
  readTen(rows);
  const again = performance.now();
  client.close();
  // The parser alone leaves an entity that comes again as its keys.
  if (missing > 0 && name !== "JSON.parse") throw new Error(`${name}: ${missing} reads gave nothing`);
  return { rows: rows.length, seen, query: queried - start, reads: read - queried, readsAgain: again - read };
}

/** The longest time for which the page could do nothing else, during a query: in all, and until the first page was there. */
export async function blocks(name) {
  const client = await clients[name]();
  if (name === "ftrack-wasm") makeCopies();
  await settle();
  const beat = heartbeat();
  await beat.next();
  beat.reset();
  let first;
  await client.query(() => (first ??= beat.longest()));
  await beat.next();
  const longest = beat.longest();
  beat.stop();
  client.close();
  return { longest, firstPage: first ?? longest };
}

/** Messages to itself, one after the other: the longest gap between two is the longest block, at the least. */
export function heartbeat() {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let worst = 0;
  let on = true;
  const waiting = [];
  port1.onmessage = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    for (const resolve of waiting.splice(0)) resolve();
    if (on) port2.postMessage(0);
  };
  port2.postMessage(0);
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    reset: () => (worst = 0),
    longest: () => Math.max(worst, performance.now() - last),
    stop: () => (on = false),
  };
}

/** Mean nanoseconds of the first and of the second read of each attribute. */
export async function reads() {
  const client = await clients["ftrack-wasm"]();
  const rows = await client.query();
  await settle();
  const readers = {
    id: (row) => row.id, name: (row) => row.name, description: (row) => row.description, bid: (row) => row.bid, sort: (row) => row.sort,
    start_date: (row) => row.start_date, end_date: (row) => row.end_date, status_id: (row) => row.status_id, project_id: (row) => row.project_id,
    status: (row) => row.status,
  };
  const found = {};
  for (const [attribute, read] of Object.entries(readers)) {
    const times = [0, 1].map(() => {
      const start = performance.now();
      let there = 0;
      for (let i = 0; i < rows.length; i++) if (read(rows[i]) !== undefined) there++;
      const nanoseconds = ((performance.now() - start) * 1e6) / rows.length;
      if (there !== rows.length) throw new Error(`${attribute} is missing`);
      return nanoseconds;
    });
    found[attribute] = { first: times[0], cached: times[1] };
  }
  client.close();
  return found;
}

/** The memory of the modules that this page starts: the core has one that only grows. */
const memories = [];
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...args) => {
  const made = await instantiate(...args);
  for (const each of Object.values((made.instance ?? made).exports)) if (each instanceof WebAssembly.Memory) memories.push(each);
  return made;
};

/** What stays in memory while all rows are held: bytes. */
export async function memory(name) {
  const client = await clients[name]();
  await settle();
  const before = performance.memory.usedJSHeapSize;
  const rows = await client.query();
  await settle();
  const found = { rows: rows.length, jsHeap: performance.memory.usedJSHeapSize - before };
  if (name === "ftrack-wasm") {
    const { collectCore, coreStatistics } = await import("/dist/index.js");
    const collections = Array.from({ length: 7 }, () => collectCore(client.session));
    const { records, documentBytes, liveBytes, storeBytes } = coreStatistics(client.session);
    const moduleMemory = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    Object.assign(found, { moduleMemory, records, documentBytes, liveBytes, storeBytes, collections });
  }
  if (rows[0] === undefined) throw new Error("no rows");
  client.close();
  return found;
}

/** What changes and single reads cost against a real server, beside one request for each. */
export async function writes(address) {
  const { Session } = await import("/dist/index.js");
  let requests = 0;
  let operations = 0;
  const counted = (url, init) => {
    requests++;
    operations = JSON.parse(typeof init.body === "string" ? init.body : decoder.decode(init.body)).length;
    return fetch(url, init);
  };
  const credentials = { apiUser: "demo", apiKey: "demo-key" };
  const session = await Session.open({ serverUrl: address, ...credentials, fetch: counted, credentials: "omit" });
  const rows = await session.query("select name from Task limit 500", { pageSize: 500 }).all();
  const timed = async (work) => {
    requests = 0;
    const start = performance.now();
    await work();
    return { requests, ms: performance.now() - start };
  };
  const found = {};
  found.loop = await timed(async () => {
    for (const row of rows) await row.load("status.name");
  });
  found.tick = await timed(() => Promise.all(rows.map((row) => row.load("type.name"))));
  const change = (n) => {
    for (let i = 0; i < n; i++) rows[i % 100].name = `name ${i}`;
  };
  for (let i = 0; i < 20; i++) {
    change(1000);
    session.rollback();
    await new Promise((resolve) => setTimeout(resolve));
  }
  found.record = [];
  for (let i = 0; i < 11; i++) {
    const start = performance.now();
    change(1000);
    found.record.push(((performance.now() - start) * 1000) / 1000);
    session.rollback();
    await new Promise((resolve) => setTimeout(resolve));
  }
  for (let i = 0; i < 8; i++) for (let row = 0; row < 100; row++) rows[row][["name", "description", "bid", "sort"][i % 4]] = i % 4 < 2 ? `${i} ${row}` : i + row;
  change(200);
  found.commit = { changes: session.recordedOperations.length, ...(await timed(() => session.commit())), operations };
  found.single = await timed(async () => {
    for (const row of rows) await session.query(`select status.name from Task where id is "${row.id}"`).one();
  });
  await session.close();
  return found;
}

/** Milliseconds from Session.open to a session that is ready; the script is loaded before. */
export async function opening(name) {
  await (name === "ftrack-wasm" ? import("/dist/index.js") : import("/peer/peer.js"));
  schemas ??= await fetch("/schemas").then((response) => response.text());
  const start = performance.now();
  const client = await clients[name]();
  const time = performance.now() - start;
  client.close();
  return time;
}

/** Lets earlier garbage be none of the next measurement's. */
async function settle() {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
  globalThis.gc?.();
}
