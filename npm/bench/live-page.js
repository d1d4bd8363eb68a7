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

/** From the first change that the list shows until it shows all, and the longest block meanwhile. */
export async function follow(bid) {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  let on = true;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (on) port2.postMessage(0);
  };
  port2.postMessage(0);
  requests = 0;
  let start;
  const first = session.eventHub.subscribe("topic=ftrack.update", () => {
    start = performance.now();
    session.eventHub.unsubscribe(first);
  });
  await new Promise((resolve) => {
    const stop = list.subscribe(() => {
      if (!list.getSnapshot().every((row) => row.bid === bid)) return;
      stop();
      resolve();
    });
  });
  const milliseconds = performance.now() - start;
  on = false;
  return { milliseconds, longest, requests };
}
