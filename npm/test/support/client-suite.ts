import { InvalidArgumentError, ServerError, Session, ftql, identity } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServer } from "./server.js";

/**
 * What a client can count on with any ftrack server; `serving` gives one with the demo production. A server
 * that allows other origins no header of strict mode cannot be asked for it by a page.
 */
export function describeClient(serving: () => TestServer | Promise<TestServer>, { strictMode = true } = {}): void {
  let server: TestServer;
  let session: Session;
  let project: DefaultEntities["Project"];

  beforeAll(async () => {
    server = await serving();
    session = await Session.open(server.options);
    project = (await session.query<"Project">("select name, full_name from Project order by name").first())!;
  });

  afterAll(async () => {
    await session.close();
    server.close();
  });

  test("tasks of a project come with what was selected", async () => {
    const seen: number[] = [];
    const tasks = await session
      .query<"Task">(ftql`select name, status.name, type.name, parent.name, start_date, link from Task where project.name is ${project.name!} order by id limit 400`, {
        pageSize: 150,
        onProgress: ({ loaded }) => seen.push(loaded),
      })
      .all();
    expect(tasks).toHaveLength(400);
    expect(seen).toEqual([150, 300, 400]);
    expect(new Set(tasks).size).toBe(400);
    for (const task of tasks) {
      expect(task.name).toBeTypeOf("string");
      expect(task.status?.name).toBeTypeOf("string");
      expect(task.parent?.name).toBeTypeOf("string");
      expect(task.link?.[0]).toMatchObject({ id: identity(project)[1][0], type: "Project" });
      expect(task.project_id).toBe(project.id);
    }
    expect(tasks.some((task) => task.start_date instanceof Date)).toBe(true);
    expect(tasks[0]!.description).toBeUndefined();
  });

  test("rows of a base type are of their own types", async () => {
    const rows = await session.query<"TypedContext">(ftql`select name from TypedContext where project_id is ${project.id!} order by id limit 300`).all();
    const types = new Set(rows.map((row) => row.entityType));
    expect(types.size).toBeGreaterThan(1);
    expect(rows.every((row) => row.isA("TypedContext") && row instanceof session.types.TypedContext!)).toBe(true);
  });

  test("what is missing is fetched, for a page at once", async () => {
    const tasks = await session.query<"Task">("select name from Task limit 20").all();
    const before = performance.now();
    for (const task of tasks) {
      const [parent, status, names] = await task.load("parent.name", "status.name", "assignments.resource.username");
      expect(parent).toBeTypeOf("string");
      expect(status).toBeTypeOf("string");
      expect(Array.isArray(names)).toBe(true);
    }
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await tasks[0]!.load("parent.status.name")).not.toBeUndefined();
  });

  test("custom attributes and metadata are mappings", async () => {
    const task = (await session.query<"Task">("select name from Task").first())!;
    const [attributes, metadata] = await task.load("custom_attributes", "metadata");
    expect(attributes.loaded).toBe(true);
    expect(metadata.loaded).toBe(true);
    for (const [key, value] of attributes) {
      expect(key).toBeTypeOf("string");
      expect(attributes.get(key)).toBe(value);
    }
  });

  test("aggregates are plain rows", async () => {
    const rows = await session.query<{ count_id: number }>(ftql`select count(id), status_id from Task where project_id is ${project.id!} group by status_id`).all();
    const all = await session.query(ftql`select id from Task where project_id is ${project.id!}`).all();
    expect(rows.reduce((sum, row) => sum + row.count_id, 0)).toBe(all.length);
  });

  test("get finds by key, and null says that there is none", async () => {
    expect(await session.get("Project", project.id!)).toBe(project);
    expect(await session.get("Project", "00000000-0000-0000-0000-000000000000")).toBeNull();
    await expect(session.get("Metadata", ["only one"])).rejects.toThrow(InvalidArgumentError);
  });

  test("the server's refusals are errors", async () => {
    const failing = session.query("select nope from Task").all();
    await expect(failing).rejects.toThrow(ServerError);
    for (const strictApi of strictMode ? [false, true] : [false]) {
      const opening = Session.open({ ...server.options, ...server.wrong, strictApi });
      await expect(opening).rejects.toMatchObject({ exception: "InvalidCredentialsError" });
      await expect(opening).rejects.not.toThrow(/wrong-secret/);
    }
  });

  test("raw operations come back as they are", async () => {
    const [reply] = await session.call([{ action: "query", expression: "select id from Project limit 1" }]);
    expect(reply).toMatchObject({ action: "query", data: [{ __entity_type__: "Project" }] });
  });

  test("text of a user breaks nothing", async () => {
    for (const text of [`it's`, `say "hi"`, `C:\\path\\`, `\\" or 1 = 1`, `%`, `limit 1`, `Größe 🎬`]) {
      expect(await session.query(ftql`select id from Task where name is ${text}`).all()).toEqual([]);
    }
  });
}
