import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskAccessor, InvalidArgumentError, Session, StandardStructure } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";
import { afterEach, beforeEach, expect, inject, test } from "vitest";

let session: Session;
let folder: string;

beforeEach(async () => {
  session = await Session.open({ serverUrl: inject("uploadSandbox"), apiKey: "demo-key", apiUser: "demo" });
  folder = await mkdtemp(join(tmpdir(), "ftrack-wasm-components-"));
});

afterEach(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

test("a path is a file, and a pattern of paths a sequence; both go to the disk in their order", async () => {
  const location = await session.ensure("Location", { name: "test.disk" });
  const name = `head ${crypto.randomUUID()}`;
  for (const index of ["0001", "0002", "0003", "0007"]) await writeFile(join(folder, `${name}.${index}.ext`), `frame ${index}`);
  session.configureLocation(location, { accessor: new DiskAccessor(join(folder, "studio")), structure: new StandardStructure() });
  const version = (await session.query<"AssetVersion">("select version from AssetVersion where asset.parent.name is_not none").first())!;

  const file = (await session.createComponent(join(folder, `${name}.0001.ext`), { location: null })) as DefaultEntities["FileComponent"];
  expect([file.name, file.file_type, file.size]).toEqual([`${name}.0001`, ".ext", 10]);

  const sequence = (await session.createComponent(join(folder, `${name}.%04d.ext [1-3, 7]`), { location, data: { version } })) as DefaultEntities["SequenceComponent"];
  expect([sequence.entityType, sequence.name, sequence.file_type, sequence.padding, sequence.size]).toEqual(["SequenceComponent", name, ".ext", 4, 40]);
  const path = await location.getFilesystemPath(sequence);
  expect(path.startsWith(join(folder, "studio"))).toBe(true);
  expect(path.endsWith(`/${name.replaceAll(" ", "_")}.%04d.ext`)).toBe(true);
  const members = await session.query<"FileComponent">(`select name from FileComponent where container_id is "${sequence.id!}" order by name`).all();
  expect(members.map((member) => member.name)).toEqual(["0001", "0002", "0003", "0007"]);
  expect(await location.getFilesystemPath(members[3]!)).toBe(path.replace("%04d", "0007"));
  expect(await (await session.readComponent(members[3]!)).text()).toBe("frame 0007");

  await expect(session.createComponent(join(folder, "nothing.exr"))).rejects.toThrow(InvalidArgumentError);
  await expect(session.createComponent(folder)).rejects.toThrow(/cannot be read: it is a folder/);
  await location.removeComponent(sequence);
});
