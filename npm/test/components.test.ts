import {
  AccessorFilesystemPathError,
  ComponentInLocationError,
  ComponentNotInLocationError,
  EntityIdStructure,
  InvalidArgumentError,
  LocationError,
  MemoryAccessor,
  OriginStructure,
  REVIEW_LOCATION_ID,
  SERVER_LOCATION_ID,
  Session,
  StandardStructure,
  StructureError,
  UNMANAGED_LOCATION_ID,
  value,
} from "ftrack-wasm";
import type { Accessor, DefaultEntities } from "ftrack-wasm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { uncaughtErrors } from "./support/uncaught.js";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";

let server: TestServer;
let session: Session;
let location: DefaultEntities["Location"];
let memory: MemoryAccessor;
let id: string;

beforeAll(async () => {
  server = await testServer("uploads");
});

afterAll(() => server.close());

beforeEach(async () => {
  session = await Session.open(server.options);
  location = await session.ensure("Location", { name: "test.memory" });
  memory = new MemoryAccessor();
  session.configureLocation(location, { accessor: memory, structure: new OriginStructure(), priority: 5 });
  id = crypto.randomUUID();
  session.create("Task", { name: "pending and unrelated" });
});

afterEach(async () => {
  expect(session.recordedOperations.length, "the pending edit survived").toBe(1);
  await session.close();
});

const frames = (...indexes: string[]): File[] => indexes.map((index) => new File([`frame ${index}`], `head.${id}.${index}.exr`));
const version = async (): Promise<DefaultEntities["AssetVersion"]> => (await session.query<"AssetVersion">("select version from AssetVersion where asset.parent.name is_not none").first())!;

async function filesOf(accessor: Accessor, container = ""): Promise<string[]> {
  const below = await Promise.all((await accessor.list!(container)).map(async (each) => ((await accessor.stat(each)).kind === "file" ? [each] : filesOf(accessor, each))));
  return below.flat();
}

test("a component goes where the preferred location is, and is read from there", async () => {
  const component = await session.createComponent(new File(["pixels"], `${id}.exr`), { data: { version: await version() } });
  expect(component).toMatchObject({ entityType: "FileComponent", name: id, file_type: ".exr", size: 6 });
  expect(await filesOf(memory)).toEqual([`${id}.exr`]);
  expect(await (await session.readComponent(component)).text()).toBe("pixels");
  expect(await session.pickLocation(component)).toBe(location);
  expect(await session.pickLocation()).toBe(location);
  expect(await session.getComponentAvailability(component)).toEqual({ [location.id!]: 100 });
  expect(await component.getAvailability()).toEqual({ [location.id!]: 100 });
  expect(await location.getResourceIdentifier(component)).toBe(`${id}.exr`);
  await expect(location.getFilesystemPath(component)).rejects.toThrow(AccessorFilesystemPathError);
});

test("what is configured survives rollback and reset, and takes what is given only", async () => {
  const own = await Session.open(server.options);
  own.configureLocation(UNMANAGED_LOCATION_ID, { accessor: memory, structure: new OriginStructure() });
  own.configureLocation(UNMANAGED_LOCATION_ID, { priority: 1 });
  own.rollback();
  await own.reset();
  expect(await own.pickLocation()).toMatchObject({ id: UNMANAGED_LOCATION_ID });
  expect(own.components.book.of(UNMANAGED_LOCATION_ID)).toMatchObject({ accessor: memory, priority: 1 });
  await own.close();
  expect(() => session.configureLocation(location, { accesor: memory } as object)).toThrow(InvalidArgumentError);
  expect(() => session.configureLocation(session.recordedOperations as never, {})).toThrow(InvalidArgumentError);
  expect(() => session.configureLocation(location, { accessor: {} as Accessor })).toThrow(InvalidArgumentError);
});

test("a list of files is a sequence with members, in the order of their indexes", async () => {
  const sequence = (await session.createComponent(frames("0007", "0001", "0002"))) as DefaultEntities["SequenceComponent"];
  expect(sequence).toMatchObject({ entityType: "SequenceComponent", name: `head.${id}`, file_type: ".exr", padding: 4, size: 30 });
  const members = await session.query<"FileComponent">(`select name, size from FileComponent where container_id is "${sequence.id!}" order by name`).all();
  expect(members.map(({ name }) => name)).toEqual(["0001", "0002", "0007"]);
  expect(await (await session.readComponent(members[2]!)).text()).toBe("frame 0007");
  await location.removeComponent(members[0]!);
  expect((await session.getComponentAvailability(sequence))[location.id!]).toBeCloseTo(66.67, 1);
});

test("a sequence on the server is there in all its members, or not at all", async () => {
  const before = await session.query("select id from SequenceComponent").all();
  const sequence = await session.createComponent(frames("01", "02", "03", "04"), { location: SERVER_LOCATION_ID });
  expect(await session.getComponentAvailability(sequence)).toEqual({ [SERVER_LOCATION_ID]: 100 });
  const abort = new AbortController();
  const failing = session.createComponent(frames("01", "02", "03", "04"), { location: SERVER_LOCATION_ID, signal: abort.signal, onProgress: ({ loaded }) => loaded > 8 && abort.abort("enough") });
  await expect(failing).rejects.toBe("enough");
  expect((await session.query("select id from SequenceComponent").all()).length).toBe(before.length + 1);
});

test("files that are no sequence make a container", async () => {
  const container = await session.createComponent([new File(["1"], "a.txt"), new File(["2"], "b.png")], { name: `bundle ${id}` });
  expect(container).toMatchObject({ entityType: "ContainerComponent", name: `bundle ${id}` });
  expect((await session.components.data.members([container.id!])).map((each) => value(each, "name"))).toEqual(["a", "b"]);
});

test("components go from location to location, under the identifiers of the structure", async () => {
  const component = await session.createComponent(new Blob(["bytes"]), { name: "Größe 1", data: { version: await version(), file_type: ".EXR" }, location: SERVER_LOCATION_ID });
  session.configureLocation(location, { structure: new StandardStructure() });
  await location.addComponent(component, SERVER_LOCATION_ID);
  const identifier = await location.getResourceIdentifier(component);
  expect(identifier).toMatch(/^([\w.-]+\/)+v\d{3}\/groe_1\.exr$|^([\w.-]+\/)+v\d{3}\/gro_e_1\.exr$/);
  expect(await (await memory.read(identifier)).text()).toBe("bytes");
  await expect(location.addComponent(component, SERVER_LOCATION_ID)).rejects.toThrow(ComponentInLocationError);
  await location.removeComponents([component]);
  expect(await filesOf(memory)).toEqual([]);
  await expect(location.removeComponent(component)).rejects.toThrow(ComponentNotInLocationError);
  const elsewhere = await session.createComponent(new File(["1"], `${id}.txt`), { location: SERVER_LOCATION_ID });
  await expect(location.addComponents([elsewhere, component], UNMANAGED_LOCATION_ID)).rejects.toThrow(ComponentNotInLocationError);
  const loose = await session.createComponent(new Blob(["bytes"]), { name: id, location: SERVER_LOCATION_ID });
  const failed: unknown = await location.addComponent(loose, SERVER_LOCATION_ID).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(LocationError);
  expect((failed as LocationError).cause).toBeInstanceOf(StructureError);
  const [first, second] = [await session.createComponent(frames("1")[0]!, { location: SERVER_LOCATION_ID }), await session.createComponent(frames("2")[0]!, { location: SERVER_LOCATION_ID })];
  session.configureLocation(location, { structure: { resourceIdentifier: () => `${id}/same` } });
  const clash: unknown = await location.addComponents([first, second], SERVER_LOCATION_ID).catch((error: unknown) => error);
  expect(clash).toMatchObject({ message: `location ${location.id!}: there is data at "${id}/same" already`, transferred: [first.id], left: {} });
  expect(await filesOf(memory)).toEqual([]);
});

test("an upload whose progress nobody can take is given up, and leaves nothing; whoever listens besides cannot make it fail", async () => {
  const name = `unseen ${id}`;
  const onProgress = (): never => {
    throw new Error("the bar is gone");
  };
  await expect(session.createComponent(new Blob(["pixels"]), { name, location: SERVER_LOCATION_ID, onProgress })).rejects.toThrow("the bar is gone");
  expect(await session.query(`select id from Component where name is "${name}"`).all()).toEqual([]);

  const uncaught = uncaughtErrors();
  const upload = await session.upload(new Blob(["pixels"]), { name });
  upload.subscribe(() => {
    throw new Error(upload.state);
  });
  expect(await upload.done).toMatchObject({ name });
  await vi.waitFor(() => expect(uncaught.at(-1)).toBe("Error: done"));
});

test("a transformer changes what the server registers", async () => {
  session.configureLocation(location, { transformer: { encode: (identifier) => `studio:${identifier}`, decode: (identifier) => identifier.slice(7) } });
  const component = await session.createComponent(new File(["1"], `${id}.exr`));
  const [registered] = await session.components.data.registrations([component.id!]);
  expect(registered!.resourceIdentifier).toBe(`studio:${id}.exr`);
  expect(await (await session.readComponent(component)).text()).toBe("1");
});

test("data that is not registered is removed again, or named", async () => {
  let broken = false;
  const accessor = new (class extends MemoryAccessor {
    override async write(identifier: string, ...rest: [Blob]): Promise<void> {
      if (identifier.includes("0003")) throw new Error("the disk is full");
      return super.write(identifier, ...rest);
    }
    override async remove(identifier: string): Promise<void> {
      if (broken) throw new Error("it is locked");
      return super.remove(identifier);
    }
  })();
  session.configureLocation(location, { accessor });
  await expect(session.createComponent(frames("0001", "0002", "0003"))).rejects.toThrow(/the disk is full/);
  expect(await filesOf(accessor)).toEqual([]);
  broken = true;
  const failed: unknown = await session.createComponent(frames("0001", "0002", "0003")).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(LocationError);
  expect(Object.values((failed as LocationError).left).sort()).toEqual(await filesOf(accessor));
  expect((failed as LocationError).transferred).toHaveLength(2);
  expect(await session.query(`select id from Component where name like "head.${id}%"`).all()).toEqual([]);
});

/** A session whose requests to the API pass through `tamper` where they register components. */
async function tampered(tamper: (forward: () => Promise<Response>) => Promise<Response>): Promise<Session> {
  const own = await Session.open({
    ...server.options,
    fetch: (input, init) => {
      const registers = init?.body instanceof Uint8Array && new TextDecoder().decode(init.body).includes('"entity_type":"ComponentLocation"');
      return registers ? tamper(() => server.fetch(input, init)) : server.fetch(input, init);
    },
  });
  onTestFinished(() => own.close());
  own.configureLocation(location.id!, { accessor: memory, structure: new OriginStructure() });
  return own;
}

test("data of what cannot be registered is removed again", async () => {
  const refusing = await tampered(() => Promise.resolve(new Response(JSON.stringify({ exception: "ValidationError", content: "no more of these" }), { headers: { "content-type": "application/json" } })));
  await expect(refusing.createComponent(frames("0001", "0002"), { location: location.id! })).rejects.toThrow(/no more of these/);
  expect(await filesOf(memory)).toEqual([]);
  const component = await session.createComponent(new Blob(["bytes"]), { name: id, location: SERVER_LOCATION_ID });
  refusing.configureLocation(location.id!, { structure: new EntityIdStructure() });
  const target = (await refusing.get("Location", location.id!))!;
  const failed = (await target.addComponent((await refusing.get("Component", component.id!))!, SERVER_LOCATION_ID).catch((error: unknown) => error)) as LocationError;
  expect(failed).toBeInstanceOf(LocationError);
  expect(failed.transferred).toEqual([component.id]);
  expect(failed.left).toEqual({});
  expect(await filesOf(memory)).toEqual([]);
});

test("data stays where it is registered although no answer came, and where nobody knows", async () => {
  const lost = (): Promise<Response> => Promise.reject(new TypeError("the connection died"));
  const deaf = await tampered(async (forward) => {
    await (await forward()).text();
    return lost();
  });
  const component = await deaf.createComponent(new File(["pixels"], `${id}.exr`), { location: location.id! });
  expect(await (await session.readComponent(component)).text()).toBe("pixels");

  const unheard = await tampered(lost);
  await expect(unheard.createComponent(new File(["2"], `${id} unheard.exr`), { location: location.id! })).rejects.toMatchObject({ code: "NETWORK_ERROR" });
  expect(await filesOf(memory)).toEqual([`${id}.exr`]);

  let gone = false;
  const away = await Session.open({
    ...server.options, timeout: 1,
    fetch: (input, init) => {
      gone ||= init?.body instanceof Uint8Array && new TextDecoder().decode(init.body).includes('"entity_type":"ComponentLocation"');
      return gone ? lost() : server.fetch(input, init);
    },
  });
  onTestFinished(() => away.close());
  away.configureLocation(location.id!, { accessor: memory, structure: new OriginStructure() });
  const failed = (await away.createComponent(new File(["3"], `${id} away.exr`), { location: location.id! }).catch((error: unknown) => error)) as LocationError;
  expect(failed).toBeInstanceOf(LocationError);
  expect(Object.values(failed.left)).toEqual([`${id} away.exr`]);
  expect(await filesOf(memory)).toContain(`${id} away.exr`);
});

test("options that no component has are refused", async () => {
  const file = new File(["x"], `${id}.mov`);
  const misplaced = { version: await version() } as never;
  await expect(session.createComponent(file, misplaced)).rejects.toThrow(/^createComponent: unknown option "version"; there are .*; values of the component stand in data$/);
  await expect(session.upload(file, misplaced)).rejects.toThrow('upload: unknown option "version"');
  await expect(session.encodeMedia(file, { versionId: "1" } as never)).rejects.toThrow('encodeMedia: unknown option "versionId"');
  expect(await session.query(`Component where name is "${id}"`).all()).toHaveLength(0);
});

test("a component of a version that is not committed is refused: it would be there before the version; and of what is none", async () => {
  const made = session.create("AssetVersion", { asset_id: (await (await version()).load("asset_id"))! });
  const file = new File(["x"], `${id}.mov`);
  await expect(made.createComponent(file)).rejects.toThrow("createComponent: the AssetVersion is not committed yet: commit it first");
  await expect(session.upload(file, { data: { version: made } })).rejects.toThrow("not committed yet");
  await expect(made.encodeMedia(file)).rejects.toThrow("encodeMedia: the AssetVersion is not committed yet: commit it first");
  const task = (await session.query("select id from Task").first())!;
  await expect(session.createComponent(file, { data: { version: task }, location: null })).rejects.toThrow("createComponent: data.version must be of type AssetVersion, not Task");
  expect(await session.query(`Component where name is "${id}"`).all()).toHaveLength(0);
  session.recordedOperations.pop();
});

test("a Blob is called what the option fileName says", async () => {
  const component = await session.createComponent(new Blob(["x"]), { fileName: `${id}.png` });
  expect(component).toMatchObject({ name: id, file_type: ".png" });
  await expect(session.createComponent(frames("1", "2"), { fileName: "x.png" })).rejects.toThrow(InvalidArgumentError);
});

test("what holds other components is not read by itself", async () => {
  const sequence = await session.createComponent(frames("01", "02"), { location: SERVER_LOCATION_ID });
  await expect(session.readComponent(sequence)).rejects.toThrow("readComponent: a SequenceComponent has no data of its own: read its members");
});

test("a component is made of a stream, and of the handle of a file", async () => {
  const streamed = await session.createComponent(new Blob(["from a ", "stream"]).stream(), { name: id, data: { file_type: ".txt" }, location: SERVER_LOCATION_ID });
  expect(await (await session.readComponent(streamed)).text()).toBe("from a stream");
  expect(streamed).toMatchObject({ name: id, size: 13 });
  const handle = { kind: "file", name: `${id}.mov`, getFile: () => Promise.resolve(new File(["film"], `${id}.mov`)) } as unknown as FileSystemFileHandle;
  const handled = (await session.createComponent(handle)) as DefaultEntities["FileComponent"];
  expect([handled.name, handled.file_type]).toEqual([id, ".mov"]);
  expect(await (await session.readComponent(handled)).text()).toBe("film");
});

test("a stream that was read before is refused, and nothing is made of the rest", async () => {
  const stream = new Blob(["all of it"]).stream();
  const reader = stream.getReader();
  await reader.read();
  await expect(session.createComponent(stream, { name: id })).rejects.toThrow("something else reads it");
  reader.releaseLock();
  await expect(session.createComponent(stream, { name: id })).rejects.toThrow("the stream was read already");
  await expect(memory.write(id, stream)).rejects.toThrow("the stream was read already");
  expect(await session.query(`Component where name is "${id}"`).all()).toHaveLength(0);
});

test("a component of a version that the server does not have is refused", async () => {
  await expect(session.createComponent(new File(["1"], `${id}.exr`), { data: { version_id: "nowhere" } })).rejects.toThrow("the server has no AssetVersion nowhere: was its creation rolled back");
  expect(await session.query(`Component where name is "${id}"`).all()).toHaveLength(0);
});

test("data that is there is not replaced", async () => {
  await memory.write(`${id}.exr`, new Blob(["old"]));
  await expect(session.createComponent(new File(["new"], `${id}.exr`))).rejects.toThrow(LocationError);
  expect(await (await memory.read(`${id}.exr`)).text()).toBe("old");
});

test("media of reviews go to their own location, and a component may go nowhere", async () => {
  const media = await session.createComponent(new Blob(["film"]), { name: "ftrackreview-mp4", data: { file_type: ".mp4" } });
  expect(await session.getComponentAvailability(media)).toEqual({ [REVIEW_LOCATION_ID]: 100 });
  expect(await (await session.readComponent(media)).text()).toBe("film");
  const nowhere = await session.createComponent(new File(["1"], "a.exr"), { location: null });
  expect(await session.getComponentAvailability(nowhere)).toEqual({});
  await expect(session.readComponent(nowhere)).rejects.toMatchObject({ code: "COMPONENT_NOT_IN_ANY_LOCATION" });
  await expect(session.createComponent(new Blob([]), { location: UNMANAGED_LOCATION_ID })).rejects.toThrow(LocationError);
  await expect(session.createComponent(42 as never)).rejects.toThrow(InvalidArgumentError);
});
