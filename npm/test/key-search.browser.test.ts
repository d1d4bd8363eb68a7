// The API key of the server is nowhere in a page that works through the gateway.
import { AuthenticationError, SERVER_LOCATION_ID, Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { EverythingSeen } from "./support/everything-seen.js";
import { serverAt } from "./support/server.js";

// Turned round, so that the search does not find the test itself.
const key = (): string => [..."yek-omed"].reverse().join("");

function watching(): EverythingSeen {
  const seen = new EverythingSeen();
  onTestFinished(() => seen.stop());
  return seen;
}

function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

test("the search finds a key that was planted, wherever it is", { timeout: 30_000 }, async () => {
  const seen = watching();
  expect(await seen.find(key())).toEqual([]);
  // A copy of the package, with a module of its own.
  const path = "/dist/index.js?planted";
  const { Session: Direct } = (await import(/* @vite-ignore */ path)) as { Session: typeof Session };
  const session = await Direct.open({ serverUrl: inject("sandbox"), apiUser: "demo", apiKey: key(), policy: "cache-and-network" });
  onTestFinished(() => session.close());
  await session.query("select url from ComponentLocation where location.name is \"ftrack.server\" limit 5").all();
  expect(await seen.find(key())).toEqual(expect.arrayContaining(["module memory", "reply body", "request"]));

  localStorage.setItem("planted", `x${key()}x`);
  sessionStorage.setItem("planted", encodeURIComponent(key()));
  document.cookie = `planted=${key()}`;
  document.body.dataset.planted = key();
  console.debug(key());
  await (await caches.open("planted")).put("/planted", new Response(key()));
  const opening = indexedDB.open("planted");
  opening.onupgradeneeded = () => opening.result.createObjectStore("s");
  const database = await requested(opening);
  await requested(database.transaction("s", "readwrite").objectStore("s").put({ deep: [new TextEncoder().encode(key())] }, 1));
  database.close();
  const { addresses: { demo: address }, token } = inject("gateway");
  const sid = (await (await fetch(`${address}/socket.io/1/`, { headers: { authorization: `Bearer ${token}` } })).text()).split(":")[0]!;
  const socket = new WebSocket(`${address.replace("http", "ws")}/socket.io/1/websocket/${sid}`);
  await new Promise((resolve) => (socket.onopen = resolve));
  socket.send(`3:::${key()}`);
  socket.close();
  const server = serverAt(inject("sandbox"));
  const asked = await fetch(`${server.options.serverUrl}/socket.io/1/?planted=${key()}`, { headers: { "ftrack-user": "demo", "ftrack-api-key": key() } });
  const told = new WebSocket(`${server.options.serverUrl.replace("http", "ws")}/socket.io/1/websocket/${(await asked.text()).split(":")[0]!}?planted=${key()}`);
  const hears = (text: string): Promise<void> => new Promise((resolve) => told.addEventListener("message", ({ data }) => String(data).includes(text) && resolve()));
  const [greeted, received] = [hears("1::"), hears(key())];
  await greeted; // an open socket is not yet one of those that the server sends to
  await server.steer("/events/send", "POST", { frame: `3:::${key()}`, binary: false });
  await received;
  told.close();
  const transfer = new XMLHttpRequest();
  transfer.open("PUT", `/nothing?transfer=${key()}`);
  await new Promise((resolve) => {
    transfer.onloadend = resolve;
    transfer.send(key());
  });
  await fetch(`/nothing?${encodeURIComponent(key())}`, { method: "POST", body: key() });
  expect(await seen.find(key())).toEqual(
    ["Cache", "IndexedDB", "console", "cookie", "document", "frame received", "frame sent", "localStorage", "module memory", "reply", "reply body", "request", "request body", "resource timing", "sessionStorage", "socket", "transfer"].sort(),
  );
  localStorage.clear();
  sessionStorage.clear();
  document.cookie = "planted=; max-age=0";
  delete document.body.dataset.planted;
  performance.clearResourceTimings();
  await caches.delete("planted");
  await requested(indexedDB.deleteDatabase("planted"));
});

test("nothing that the page can see holds the key", { timeout: 60_000 }, async () => {
  for (const { name } of await indexedDB.databases()) await requested(indexedDB.deleteDatabase(name!));
  const seen = watching();
  const { addresses: { demo: address }, token, readToken } = inject("gateway");
  const options: SessionOptions = { serverUrl: address, apiUser: "demo", policy: "cache-and-network" };
  const session = await Session.open({ ...options, token });
  const listener = await Session.open({ ...options, token: () => Promise.resolve(readToken), clientToken: "the listener" });

  // It listens,
  const heard: string[] = [];
  listener.eventHub.subscribe("topic=ftrack.update", (event) => void heard.push(JSON.stringify(event.data)));
  await listener.eventHub.connect();
  await session.eventHub.connect();

  // reads what bears the key where there is no gateway,
  const places = await session.query("select component_id, url, component.name from ComponentLocation where location.name is \"ftrack.server\" limit 5").all();
  expect(places.length).toBeGreaterThan(0);
  await session.query("select thumbnail_url, asset.name from AssetVersion limit 20").all();
  await session.query("select thumbnail_url, username from User").all();
  await session.query('select name from Task where name is "no such task"').all();

  // writes,
  const [task] = await session.query<"Task">("select name from Task limit 1").all();
  task!.description = `seen at ${Date.now()}`;
  await session.commit();
  await vi.waitFor(() => expect(heard.some((text) => text.includes(task!.id!))).toBe(true), 40_000);

  // uploads,
  const component = await session.createComponent(new File(["a file of the session's"], "seen.txt"), { location: SERVER_LOCATION_ID });
  await session.commit();
  expect(await (await session.readComponent(component)).text()).toBe("a file of the session's");
  const id = crypto.randomUUID();
  const bytes = new TextEncoder().encode("a file of the page's");
  const [, metadata] = (await session.call([
    { action: "create", entity_type: "FileComponent", entity_key: [id], entity_data: { __entity_type__: "FileComponent", id, name: "upload", file_type: ".txt", size: bytes.length } },
    { action: "get_upload_metadata", component_id: id, file_name: "upload.txt", file_size: bytes.length },
  ])) as [unknown, { url: string; headers: Record<string, string> }];
  expect(metadata.url.startsWith(`${address}/upload/`)).toBe(true);
  const headers = Object.fromEntries(Object.entries(metadata.headers).filter(([name]) => !/^content-length$/i.test(name)));
  const put = await fetch(metadata.url, { method: "PUT", body: bytes, headers });
  expect(put.status, await put.clone().text()).toBe(200);
  await session.call([
    { action: "create", entity_type: "ComponentLocation", entity_data: { __entity_type__: "ComponentLocation", component_id: id, location_id: "3a372bde-05bc-11e4-8908-20c9d081909b", resource_identifier: id } },
  ]);
  expect(await (await fetch(`${address}/component/get?id=${id}`, { headers: { authorization: `Bearer ${readToken}` } })).text()).toBe("a file of the page's");

  // shows thumbnails, by the addresses that replies hold and by ones that it asks for,
  const asked = await fetch(`${address}/ticket`, { method: "POST", headers: { authorization: `Bearer ${readToken}` }, body: JSON.stringify([`component/thumbnail?id=${await thumbnailOf(session)}&size=64`]) });
  const own = ((await asked.json()) as { urls: string[] }).urls;
  const told = [...seen.text("reply body").matchAll(/"(http[^"\\]*\/component\/thumbnail\?[^"\\]*)"/g)].map(([, url]) => url!);
  expect(told.length).toBeGreaterThan(3);
  for (const url of [...own, ...new Set(told)].slice(0, 8)) {
    const image = new Image();
    image.src = url;
    document.body.append(image);
    await image.decode();
    expect(image.naturalWidth).toBeGreaterThan(0);
    await fetch(url); // what <img> got
  }

  // and is refused. A session that shows what is kept first would open, and be refused a moment later.
  const forged: SessionOptions = { ...options, token: "forged", policy: "network-first" };
  for (const failing of [
    () => session.query("select nope from Task").all(),
    () => listener.call([{ action: "create", entity_type: "Task", entity_data: {} }]),
    () => session.call([{ action: "reset_remote", reset_type: "api_key", entity_type: "User", entity_key: "demo" }]),
    () => Session.open(forged),
  ]) {
    const error = await (failing() as Promise<unknown>).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error, String(failing)).toBeInstanceOf(Error);
    seen.note("error", `${String(error)} ${error!.stack ?? ""} ${JSON.stringify(error)}`);
  }
  await expect(Session.open(forged)).rejects.toThrow(AuthenticationError);

  const { sizes } = seen;
  for (const place of ["request", "request body", "reply", "reply body", "transfer", "socket", "frame sent", "frame received", "module memory"]) expect(sizes[place], place).toBeGreaterThan(0);
  expect(await seen.find(key())).toEqual([]);
  await session.close();
  await listener.close();
  expect(await seen.find(key())).toEqual([]);
});

async function thumbnailOf(session: Session): Promise<string> {
  const version = await session.query("select thumbnail_id from AssetVersion where thumbnail_id is_not none").first();
  return (version as unknown as { thumbnail_id: string }).thumbnail_id;
}
