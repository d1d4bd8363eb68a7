// The page's half of the benchmarks: functions on window.bench that run.mjs calls.
import { Session, collectCore, coreStatistics } from "/dist/index.js";

const expression = "select name, description, bid, sort, status, type, parent, project, assignments.resource, link, start_date, end_date from Task";
const credentials = { serverUrl: location.origin, apiUser: "bench", apiKey: "bench-key" };
const decoder = new TextDecoder();

const bytesOf = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const opening = await bytesOf("/data/open");
const realFetch = window.fetch.bind(window);

const json = new Headers({ "content-type": "application/json" });

/**
 * A fetch that answers from memory at once: what is measured is the client. A Response made in the page would cost
 * everybody another 40 to 70 ms, for the way of its bytes through the browser's streams.
 */
const serve = (answer) => async (_url, init) => {
  const bytes = answer(JSON.parse(typeof init.body === "string" ? init.body : decoder.decode(init.body)));
  return { ok: true, status: 200, headers: json, arrayBuffer: async () => bytes.buffer, json: async () => JSON.parse(decoder.decode(bytes)) };
};

/** Ours: pages of 500, by offset. */
const servePages = (pages) =>
  serve(([operation]) => (operation.action === "query" ? pages[Number(/ offset (\d+) limit/.exec(operation.expression)[1]) / 500] : opening));

const loadPages = async (count) => Promise.all(Array.from({ length: Math.ceil(count / 500) }, (_, page) => bytesOf(`/data/pages/${count}/${page}`)));

/** The longest time that nothing else got a turn, by messages that the page sends itself. */
function heartbeat() {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  let over = false;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) port2.postMessage(0);
  };
  port2.postMessage(0);
  return () => {
    over = true;
    longest = Math.max(longest, performance.now() - last);
    return longest;
  };
}

/** The first reads of ten attributes of every row: one through a relation, one escaped or beyond ASCII. */
function readOurs(list) {
  let sum = 0;
  for (const task of list) {
    sum += task.name.length + task.description.length + task.bid + task.sort + task.status_id.length + task.context_type.length;
    sum += task.start_date.getTime() + task.end_date.getTime() + task.parent_id.length + task.status.name.length;
  }
  return sum;
}

function readTheirs(list) {
  let sum = 0;
  for (const task of list) {
    sum += task.name.length + task.description.length + task.bid + task.sort + task.status_id.length + task.context_type.length;
    sum += task.start_date.valueOf() + task.end_date.valueOf() + task.parent_id.length + task.status.name.length;
  }
  return sum;
}

const timed = async (fn) => {
  const start = performance.now();
  const result = await fn();
  return [performance.now() - start, result];
};

const median = (list) => list.slice().sort((a, b) => a - b)[list.length >> 1];

window.bench = {
  /** Session.open against a stub, module loading included. */
  async open() {
    const [milliseconds, session] = await timed(() => Session.open({ ...credentials, fetch: serve(() => opening) }));
    await session.close();
    return milliseconds;
  },

  /** The first query of a page: cold code. The session is open, as it is when a user runs a query. */
  async cold(count) {
    const pages = await loadPages(count);
    const session = await Session.open({ ...credentials, fetch: servePages(pages) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stop = heartbeat();
    const [first] = await timed(() => session.query(`${expression} limit 500`).all());
    await new Promise((resolve) => setTimeout(resolve, 0));
    const block = stop();
    await session.close();
    const other = await Session.open({ ...credentials, fetch: servePages(pages) });
    const [query] = await timed(() => other.query(expression).all());
    await other.close();
    return { firstPage: first, firstPageBlock: block, query };
  },

  /** Warm: each round in a new session, this package and its peers in turn. */
  async warm(count, rounds, peers) {
    const pages = await loadPages(count);
    const all = await bytesOf(`/data/whole/${count}`);
    const times = { ours: [], reads: [], cached: [], block: [], parse: [], theirs: [], theirReads: [] };
    for (let round = 0; round < rounds + 2; round++) {
      const ours = await Session.open({ ...credentials, fetch: servePages(pages) });
      const [query, list] = await timed(() => ours.query(expression).all());
      const [reads] = await timed(() => readOurs(list));
      const [cached] = await timed(() => readOurs(list));
      await ours.close();
      const watched = await Session.open({ ...credentials, fetch: servePages(pages) });
      const stop = heartbeat();
      await watched.query(expression).all();
      const block = stop();
      await watched.close();
      const [parse] = await timed(() => JSON.parse(decoder.decode(all)));
      let theirs = 0;
      let theirReads = 0;
      if (peers) {
        window.fetch = serve(([operation]) => (operation.action === "query" ? all : opening));
        const { Session: Peer } = await import("/peer.js");
        const peer = new Peer(credentials.serverUrl, credentials.apiUser, credentials.apiKey, { autoConnectEventHub: false });
        await peer.initializing;
        const [time, reply] = await timed(() => peer.query(expression));
        const [readTime] = await timed(() => readTheirs(reply.data));
        window.fetch = realFetch;
        theirs = time;
        theirReads = readTime;
      }
      if (round < 2) continue; // warming up
      times.ours.push(query);
      times.reads.push(reads);
      times.cached.push(cached);
      times.block.push(block);
      times.parse.push(parse);
      times.theirs.push(theirs);
      times.theirReads.push(theirReads);
    }
    const result = { bytes: all.length };
    for (const [name, list] of Object.entries(times)) result[name] = median(list);
    result.worstBlock = Math.max(...times.block);
    return result;
  },

  /** What the core holds with all rows loaded, and what a full collection takes then. */
  async memory(count) {
    const pages = await loadPages(count);
    const session = await Session.open({ ...credentials, fetch: servePages(pages) });
    const list = await session.query(expression).all();
    const collections = Array.from({ length: 7 }, () => collectCore(session));
    const statistics = coreStatistics(session);
    await session.close();
    return { rows: list.length, collection: median(collections), ...statistics };
  },
};
window.benchReady = true;
