// What the benchmark of live entities does in the page.
import { Session } from "/dist/index.js";

let session;
let list;
let requests = 0;

/** Opens a session with its event hub and a live query; gives the ids of its rows. */
export async function open(serverUrl) {
  const counting = (...args) => {
    requests++;
    return fetch(...args);
  };
  session = await Session.open({ serverUrl, apiKey: "demo-key", apiUser: "demo", schemaCachePath: false, cache: null, fetch: counting });
  await session.eventHub.connect();
  list = session.live("select name, bid, status.name from Task where bid >= 0");
  await list.settled();
  return list.getSnapshot().map(({ id }) => id);
}

/**
 * Watches for blocks of the page's thread; what it gives ends that, and gives the longest. "always" looks in a task of its own after each look, and
 * so keeps a core busy. "user" looks each millisecond with the priority of what the user does, which a browser puts before messages that wait.
 */
function watchBlocks(clock = "always") {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  let on = true;
  const again = clock === "always" ? () => port2.postMessage(0) : () => scheduler.postTask(lookForBlocks, { priority: "user-blocking", delay: 1 });
  // A trace finds it by its name: see work.mjs.
  function lookForBlocks() {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (on) again();
  }
  port1.onmessage = lookForBlocks;
  again();
  return () => {
    on = false;
    return longest;
  };
}

let socket;
let seen = 0;
let start = 0;
let counted = () => undefined;

/** Opens a socket of the page's own for the same events. */
export async function openSocket(serverUrl) {
  const answer = await fetch(`${serverUrl}/socket.io/1/`, { headers: { "ftrack-user": "demo", "ftrack-api-key": "demo-key" } });
  const [id] = (await answer.text()).split(":");
  socket = new WebSocket(`${serverUrl.replace("http", "ws")}/socket.io/1/websocket/${id}`);
  await new Promise((resolve) => (socket.onopen = resolve));
  const subscribe = { id: "1", topic: "ftrack.meta.subscribe", data: { subscriber: { id: "counting" }, subscription: "topic=ftrack.update" }, sent: null, source: { id: "bench" }, target: "", inReplyToEvent: null };
  socket.send(`5:1+::${JSON.stringify({ name: "ftrack.event", args: [subscribe] })}`);
  await new Promise((resolve) => (socket.onmessage = ({ data }) => data.startsWith("6:") && resolve()));
  socket.onmessage = ({ data }) => {
    if (data.startsWith("2:")) socket.send("2::");
    if (!data.includes("ftrack.update")) return;
    if (++seen === 1) start = performance.now();
    counted();
  };
}

/** Has a session of a client call a handler with the same events; no entity is loaded. */
export async function subscribe(client, serverUrl) {
  const heard = () => {
    if (++seen === 1) start = performance.now();
    counted();
  };
  if (client === "ftrack-wasm") {
    session = await Session.open({ serverUrl, apiKey: "demo-key", apiUser: "demo", schemaCachePath: false, cache: null });
    session.eventHub.subscribe("topic=ftrack.update", heard);
    return session.eventHub.connect();
  }
  const peer = await import("/peer/peer.js");
  session = new peer.Session(serverUrl, "demo", "demo-key", { autoConnectEventHub: true });
  await session.initializing;
  session.eventHub.subscribe("topic=ftrack.update", heard);
  while (!session.eventHub.isConnected()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Only counts events, from the first to the last: what the browser itself takes for them. */
export async function count(events, clock) {
  const blocks = watchBlocks(clock);
  await new Promise((resolve) => {
    const look = () => seen >= events && resolve();
    counted = look;
    look();
  });
  const milliseconds = performance.now() - start;
  seen = 0;
  return { milliseconds, longest: blocks() };
}

/** From the first change that the list shows until it shows all, and the longest block meanwhile. */
export async function follow(bid, clock) {
  const blocks = watchBlocks(clock);
  requests = 0;
  let begun;
  const first = session.eventHub.subscribe("topic=ftrack.update", () => {
    begun = performance.now();
    session.eventHub.unsubscribe(first);
  });
  await new Promise((resolve) => {
    const stop = list.subscribe(() => {
      if (!list.getSnapshot().every((row) => row.bid === bid)) return;
      stop();
      resolve();
    });
  });
  return { milliseconds: performance.now() - begun, longest: blocks(), requests };
}
