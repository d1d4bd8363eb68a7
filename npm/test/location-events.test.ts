import { MemoryAccessor, OriginStructure, SERVER_LOCATION_ID, Session, StandardStructure } from "ftrack-wasm";
import type { DefaultEntities, SessionOptions } from "ftrack-wasm";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import schemas from "./fixtures/query_schemas.json" with { type: "json" };
import { FakeServer, json } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

async function open(options: SessionOptions = {}): Promise<Session> {
  const session = await Session.open({ serverUrl: inject("uploadSandbox"), apiKey: "demo-key", apiUser: "demo", ...options });
  onTestFinished(() => session.close());
  return session;
}

test("another session hears of components that come into a location and leave it", async () => {
  const [session, other] = [await open(), await open()];
  const heard: [topic: string, component: string, location: string][] = [];
  other.eventHub.subscribe("topic=ftrack.location.*", (event) => {
    const { component_id: component, location_id: place } = event.data as { component_id: string; location_id: string };
    heard.push([event.topic.slice("ftrack.location.".length), component, place]);
  });
  await Promise.all([session.eventHub.connect(), other.eventHub.connect()]);
  const location = await session.ensure("Location", { name: "test.events" });
  session.configureLocation(location, { accessor: new MemoryAccessor(), structure: new OriginStructure() });
  const id = crypto.randomUUID();

  const component = await session.createComponent(new File(["1"], `${id}.exr`), { location: SERVER_LOCATION_ID });
  await vi.waitFor(() => expect(heard).toEqual([["component-added", component.id, SERVER_LOCATION_ID]]));
  const sequence = await session.createComponent([new File(["1"], `${id}.1.exr`), new File(["2"], `${id}.2.exr`)], { location });
  await vi.waitFor(() => expect(heard).toHaveLength(4));
  expect(heard.slice(1)).toContainEqual(["component-added", sequence.id, location.id]);
  expect(heard.slice(1).every(([topic, , place]) => topic === "component-added" && place === location.id)).toBe(true);
  await location.removeComponent(sequence);
  await vi.waitFor(() => expect(heard).toHaveLength(7));
  expect(heard.at(-1)).toEqual(["component-removed", sequence.id, location.id]);

  // What is not connected tells nobody, and does its work all the same.
  await session.eventHub.disconnect();
  const silent = await session.createComponent(new File(["1"], `${id} silent.exr`), { location: SERVER_LOCATION_ID });
  await session.eventHub.connect();
  const last = await session.createComponent(new File(["1"], `${id} last.exr`), { location: SERVER_LOCATION_ID });
  await vi.waitFor(() => expect(heard.at(-1)).toEqual(["component-added", last.id, SERVER_LOCATION_ID]));
  expect(heard.map(([, component]) => component)).not.toContain(silent.id);
});

test("handlers tell the type of a file by its name", async () => {
  const session = await open();
  const asked: unknown[] = [];
  const subscription = session.eventHub.subscription("topic=ftrack.api.session.get-file-type-from-string", (event) => {
    const { file_path: path } = event.data as { file_path: string };
    asked.push(path);
    return path.endsWith(".tar.gz") ? ".tar.gz" : undefined;
  });
  const made = async (fileName: string): Promise<unknown> => {
    const component = (await session.createComponent(new File(["1"], fileName), { location: null })) as DefaultEntities["FileComponent"];
    return [component.name, component.file_type];
  };
  expect(await made("scene.tar.gz")).toEqual(["scene", ".tar.gz"]);
  expect(await made("plate.exr")).toEqual(["plate", ".exr"]);
  expect(asked).toEqual(["scene.tar.gz", "plate.exr"]);
  const bundle = await session.createComponent([new File(["1"], "a.tar.gz"), new File(["2"], "b.png")], { location: null });
  const members = await session.query<"FileComponent">(`select name, file_type from FileComponent where container_id is "${bundle.id!}" order by name`).all();
  expect(members.map(({ name, file_type: type }) => [name, type])).toEqual([["a", ".tar.gz"], ["b", ".png"]]);
  subscription.unsubscribe();
  expect(await made("scene.tar.gz")).toEqual(["scene.tar", ".gz"]);
});

/** A server with a storage scenario. */
function scenarioServer(scenario: unknown): FakeServer {
  const server = new FakeServer();
  server.answer = ({ operations }) =>
    operations[0]!.action === "query_server_information" ? json([{ version: "4.13.2", storage_scenario: scenario }, ...(operations[1] ? [schemas] : [])]) : undefined;
  return server;
}

test("centralised storage is the studio's location, where there are disks", async () => {
  const inNode = typeof process !== "undefined";
  const mount = inNode ? await (await import("node:fs/promises")).mkdtemp(`${(await import("node:os")).tmpdir()}/ftrack-wasm-studio-`) : "/mnt/studio";
  if (inNode) onTestFinished(async () => (await import("node:fs/promises")).rm(mount, { recursive: true }));
  const centralised = (folder: string): object => ({ scenario: "ftrack.centralized-storage", data: { location_id: "studio", location_name: "studio", accessor: { mount_points: { linux: folder, osx: folder, windows: folder } } } });
  const scenario = centralised(mount);
  const heard: unknown[] = [];
  const listening = (opened: { eventHub: Session["eventHub"] }): void => {
    opened.eventHub.subscribe("topic=ftrack.storage-scenario.*", (event) => void heard.push(event.topic, (event.data as { storage_scenario: unknown }).storage_scenario));
  };
  const { session } = await openSession(scenarioServer(scenario), { plugins: [listening] });
  expect(heard).toEqual(["ftrack.storage-scenario.activate", scenario]);
  const studio = session.components.book.of("studio");
  if (!inNode) {
    expect(studio.accessor).toBeUndefined();
    return;
  }
  expect(studio.accessor!.filesystemPath!("a/b.exr")).toBe(`${mount}/a/b.exr`);
  expect(studio.structure).toBeInstanceOf(StandardStructure);
  expect(studio.priority).toBe(1);
  session.rollback();
  await session.reset();
  expect(session.components.book.accessible[0]).toMatchObject({ id: "studio" });
  const warnings: string[] = [];
  const { session: elsewhere } = await openSession(scenarioServer(centralised(`${mount}/not mounted`)), { logger: { warn: (text) => void warnings.push(text) } });
  expect(elsewhere.components.book.of("studio").accessor).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("not mounted")]);
});

test("handlers do other storage scenarios, and nothing is activated where there is none", async () => {
  const accessor = new MemoryAccessor();
  const doing = (opened: Session): void => {
    opened.eventHub.subscribe("topic=ftrack.storage-scenario.activate", () => opened.configureLocation("own", { accessor, structure: new OriginStructure(), priority: 2 }));
  };
  const { session } = await openSession(scenarioServer({ scenario: "studio.own", data: {} }), { plugins: [doing] });
  expect(session.components.book.accessible[0]).toMatchObject({ id: "own", accessor });
  for (const none of [null, {}, { scenario: "" }]) {
    const { session: plain } = await openSession(scenarioServer(none), { plugins: [doing] });
    expect(plain.components.book.of("own").accessor).toBeUndefined();
  }
});
