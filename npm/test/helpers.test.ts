import { InvalidArgumentError, InvalidStateError, NoResultFoundError, NotUniqueError, Session, format, state } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import schemas from "./fixtures/query_schemas.json" with { type: "json" };
import { FakeServer, json, uuid } from "./support/fake-server.js";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";
import { openSession } from "./support/session.js";

let server: TestServer;
let session: Session;
let task: DefaultEntities["Task"];
let me: DefaultEntities["User"];

beforeAll(async () => {
  server = await testServer("uploads");
});

afterAll(() => server.close());

beforeEach(async () => {
  session = await Session.open(server.options);
  task = (await session.query<"Task">("select name, thumbnail_id from Task order by id").first())!;
  me = (await session.query<"User">('select username from User where username is "demo"').first())!;
});

afterEach(() => session.close());

/** A picture of two by two pixels. */
const picture = (): File =>
  new File([Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg=="), (c) => c.charCodeAt(0))], "picture.png", { type: "image/png" });

test("notes are recorded in the form that servers take, and read back", async () => {
  const labels = await session.query<"NoteLabel">("select name from NoteLabel limit 2").all();
  const other = (await session.query<"User">('select username from User where username is_not "demo"').first())!;
  const note = task.createNote("Looks great", { author: me, recipients: [me, other, other], labels });
  const reply = note.createReply("Thanks", { author: me });
  const operations = [...session.recordedOperations];
  expect(operations.every(({ operation }) => operation === "create")).toBe(true);
  expect(operations).toHaveLength(3 + labels.length);
  expect(note).toMatchObject({ content: "Looks great", parent_id: task.id, parent_type: "TypedContext", user_id: me.id });
  expect(reply).toMatchObject({ in_reply_to_id: note.id, parent_id: task.id });
  expect(() => reply.createReply("no")).toThrow(InvalidStateError);
  await session.commit();
  const kept = (await session.query<"Note">(`select content, replies.content, recipients.resource_id, note_label_links.label_id from Note where id is "${note.id!}"`, { policy: "network-only" }).first())!;
  expect([...kept.replies].map(({ content }) => content)).toEqual(["Thanks"]);
  expect([...kept.note_label_links].map(({ label_id: label }) => label).sort()).toEqual(labels.map(({ id }) => id).sort());
  const [own] = await session.query<"Task">(`select notes.content from Task where id is "${task.id!}"`).all();
  expect([...own!.notes].map(({ id }) => id)).toContain(note.id);
});

test("notes are for what has notes, with a category or labels", async () => {
  expect((me as unknown as Record<string, unknown>).createNote).toBeUndefined();
  const category = (await session.query<"NoteCategory">("select name from NoteCategory").first())!;
  task.createNote("categorised", { category });
  expect([...session.recordedOperations].map(({ entityType }) => entityType)).toEqual(["Note", "NoteLabelLink"]);
  const label = (await session.query<"NoteLabel">("select name from NoteLabel").first())!;
  expect(() => task.createNote("both", { category, labels: [label] })).toThrow(InvalidArgumentError);
  expect(() => task.createNote(5 as never)).toThrow(InvalidArgumentError);
  session.rollback();
});

test("of a note that is refused nothing is recorded", async () => {
  const label = (await session.query<"NoteLabel">("select name from NoteLabel").first())!;
  for (const options of [{ recipients: ["demo"] }, { recipients: me }, { labels: [label, undefined] }, { labels: label }, { author: "demo" }, { category: "Internal" }, { labels: null }]) {
    expect(() => task.createNote("half", options as never), JSON.stringify(options)).toThrow(InvalidArgumentError);
    expect(() => task.createNote("half", options as never)).toThrow(new RegExp(Object.keys(options)[0]!));
  }
  const other = await Session.open(server.options);
  const theirs = (await other.query<"User">("User").first())!;
  expect(() => task.createNote("half", { recipients: [theirs] })).toThrow("createNote: recipients takes entities of the same session");
  await other.close();
  expect(session.recordedOperations.length).toBe(0);
});

test("options that notes and thumbnails do not have are refused, and so are authors that are no users", () => {
  expect(() => task.createNote("x", { recipient: [me] } as never)).toThrow('createNote: unknown option "recipient"; there are author, recipients, category and labels');
  expect(() => task.createNote("x", { author: task as never })).toThrow("createNote: the author must be a User of the same session");
  const note = task.createNote("x");
  expect(() => note.createReply("y", { autor: me } as never)).toThrow('createReply: unknown option "autor"; there is author');
  expect(() => note.createReply("y", { author: task as never })).toThrow("createReply: the author must be a User");
  session.rollback();
});

test("which thumbnail an entity has is fetched where it is not loaded", async () => {
  const fake = new FakeServer();
  const row = { __entity_type__: "Task", id: uuid(1), name: "comp" };
  fake.rows.set("Task", [row]);
  const asked: string[] = [];
  const fetch = ((input: string, init?: RequestInit) => {
    const { pathname, search } = new URL(input);
    if (pathname !== "/component/thumbnail") return fake.fetch(input, init);
    asked.push(search);
    return Promise.resolve(new Response("a picture", { headers: { "content-type": "image/png" } }));
  }) as typeof globalThis.fetch;
  const { session: own } = await openSession(fake, { fetch });
  const entity = (await own.query<"Task">("select name from Task").first())!;
  expect(entity.thumbnail_id).toBeUndefined();
  fake.rows.set("Task", [{ ...row, thumbnail_id: uuid(7) }]);
  expect((await own.thumbnail(entity)).type).toBe("image/png");
  expect(asked).toEqual([`?id=${uuid(7)}&size=300`]);
  await expect(own.thumbnail(own.create("Task", { name: "bare" }))).rejects.toThrow("thumbnail: the Task has no thumbnail");
});

test("a thumbnail is for what is committed", async () => {
  const made = session.create("Task", { name: "not yet there" });
  await expect(made.createThumbnail(picture())).rejects.toThrow("createThumbnail: the Task is not committed yet: commit it first");
  await expect(task.createThumbnail(picture(), { name: "x" } as never)).rejects.toThrow('createThumbnail: unknown option "name"');
  session.rollback();
});

test("a thumbnail is uploaded, then named; a pending edit stays", async () => {
  task.description = "pending";
  const component = await task.createThumbnail(picture());
  expect(component).toMatchObject({ name: "thumbnail", file_type: ".png" });
  expect(task.thumbnail_id).toBe(component.id);
  expect(state(task)).toBe("modified");
  expect(session.recordedOperations.length).toBe(1);
  const small = await session.thumbnail(task, { size: 100 });
  expect(small.type).toMatch(/^image\//);
  expect(small.size).toBeGreaterThan(0);
  const { apiKey } = server.options;
  if (apiKey) expect(session.thumbnailUrl(task, { size: 64 })).toContain(`/component/thumbnail?id=${component.id!}&size=64&username=demo&apiKey=${apiKey}`);
  else expect(() => session.thumbnailUrl(task), "a token stands in no address").toThrow(InvalidArgumentError);
  await expect(session.thumbnail(me)).rejects.toThrow(InvalidArgumentError);
  expect(() => session.thumbnailUrl(task, { size: 0 })).toThrow(InvalidArgumentError);
  session.rollback();
});

test.each(["refused", "refused for good"])("a thumbnail whose second step is %s leaves nothing, or is named", async (how) => {
  const passing = server.options.fetch ?? globalThis.fetch.bind(globalThis);
  const strict = await Session.open({
    ...server.options,
    fetch: (input, init) => {
      const body = typeof init?.body === "string" ? init.body : init?.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : "";
      const refused = body.includes('"thumbnail_id":"') || (how === "refused for good" && body.includes('"delete"'));
      return refused ? Promise.resolve(json({ exception: "PermissionError", content: "denied" })) : passing(input, init);
    },
  });
  const mine = (await strict.query<"Task">(`select name, thumbnail_id from Task where id is "${task.id!}"`).first())!;
  const before = mine.thumbnail_id;
  mine.description = "pending";
  const name = `withdrawn ${crypto.randomUUID()}`;
  const failure: unknown = await mine.createThumbnail(picture(), { data: { name } }).then(() => undefined, (error: unknown) => error);
  const left = await session.query<"Component">(`select id from Component where name is "${name}"`).all();
  const places = await session.query<"ComponentLocation">(`select id from ComponentLocation where component.name is "${name}"`).all();
  if (how === "refused") {
    expect(failure).toMatchObject({ code: "PERMISSION_DENIED", message: "createThumbnail: PermissionError: denied" });
    expect([...left, ...places]).toEqual([]);
  } else {
    expect(failure).toMatchObject({ code: "LOCATION", left: { [left[0]!.id!]: left[0]!.id! } });
    expect(left).toHaveLength(1);
  }
  expect(mine.thumbnail_id).toBe(before);
  expect(strict.recordedOperations.length).toBe(1);
  strict.rollback();
  await strict.close();
});

test("timers start, stop, and are forced", async () => {
  const user = await session.ensure("User", { username: `timer ${crypto.randomUUID()}` });
  task.description = "pending";
  await expect(user.stopTimer()).rejects.toThrow(NoResultFoundError);
  const timer = await user.startTimer(task, { name: "comp", comment: "roto" });
  expect(timer).toMatchObject({ entityType: "Timer", name: "comp" });
  await expect(user.startTimer(task)).rejects.toThrow(NotUniqueError);
  await user.startTimer(undefined, { force: true, name: "second" });
  const log = await user.stopTimer();
  expect(log).toMatchObject({ entityType: "Timelog", name: "second" });
  const [first] = await session.query<"Timelog">(`select duration, comment, start, context_id from Timelog where name is "comp" and user_id is "${user.id!}"`).all();
  expect(first).toMatchObject({ comment: "roto", context_id: task.id });
  expect(first!.duration).toBeLessThan(60);
  expect(Math.abs(first!.start!.getTime() - Date.now())).toBeLessThan(60_000);
  expect(session.recordedOperations.length).toBe(1);
  session.rollback();
});

test("a server without time zones has local times", async () => {
  const server = new FakeServer();
  const sent: unknown[] = [];
  const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000 - 90_000);
  server.answer = ({ operations }) => {
    if (operations[0]!.action === "query_server_information") return json([{ version: "4.0.0", is_timezone_support_enabled: false }, ...(operations[1] ? [schemas] : [])]);
    if (operations[0]!.action === "query") return json([{ action: "query", data: [{ __entity_type__: "Timer", id: "t", start: { __type__: "datetime", value: local.toISOString().slice(0, 19) } }], metadata: { next: { offset: null } } }]);
    sent.push(...operations);
    return json(operations.map(({ action, entity_data: data }) => ({ action, data: data ?? true })));
  };
  const { session: own } = await openSession(server);
  const user = own.merge(me);
  await user.stopTimer();
  const { duration } = (sent[0] as { entity_data: { duration: number } }).entity_data;
  expect(duration).toBeGreaterThanOrEqual(89);
  expect(duration).toBeLessThanOrEqual(95);
});

test("the server's actions", async () => {
  expect(await session.getWidgetUrl("info", { entity: task, theme: "dark" })).toMatch(/^http/);
  const { data } = await session.search({ expression: "select name from Task", entityType: "Task", terms: [task.name!] });
  expect(data).toContain(task);
  await me.sendInvite();
  await session.sendUserInvites([me, me]);
  const version = (await session.query<"AssetVersion">("select version from AssetVersion").first())!;
  const job = await version.encodeMedia(picture());
  expect(job).toMatchObject({ entityType: "Job" });
  const metadata = await session.getUploadMetadata({ componentId: crypto.randomUUID(), fileName: "a.exr", fileSize: 3 });
  expect(metadata).toMatchObject({ url: expect.stringContaining("/upload/") });
});

test("an action that the server does not have says so, with the server's version", async () => {
  const server = new FakeServer();
  server.answer = ({ operations }) => (operations[0]!.action.startsWith("query") ? undefined : json({ exception: "ServerError", content: `Invalid action "${operations[0]!.action}"` }));
  const { session: own } = await openSession(server);
  const user = own.merge(me);
  for (const act of [
    () => own.getWidgetUrl("info"),
    () => own.encodeMedia(own.create("FileComponent")),
    () => own.getUploadMetadata({ componentId: "a", fileName: "b", fileSize: 1 }),
    () => own.sendUserInvites([user]),
    () => own.sendReviewSessionInvites([user]),
    () => own.resetRemote("api_key", user),
    () => user.resetApiKey(),
    () => own.delayedJob("SYNC_USERS_LDAP"),
    () => own.addUserSecurityRole(user, user),
    () => own.search({ expression: "Task", entityType: "Task" }),
  ]) {
    await expect(act()).rejects.toMatchObject({ code: "SERVER_COMPATIBILITY", message: expect.stringContaining("4.13.2") });
  }
});

test("roles of users are changed by the server's own actions", async () => {
  const server = new FakeServer();
  const sent: unknown[] = [];
  server.answer = ({ operations }) => {
    if (operations[0]!.action.startsWith("query")) return undefined;
    sent.push(...operations);
    return json(operations.map(({ action }) => ({ action, data: { api_key: "new" } })));
  };
  const { session: own } = await openSession(server);
  const [user, role, other] = ["u", "r", "o"].map((id) => own.merge(own.decode(JSON.stringify({ __entity_type__: "SecurityRole", id }))) as DefaultEntities["SecurityRole"]);
  await own.addUserSecurityRole(user!, role!, { allOpenProjects: true });
  await own.removeUserSecurityRole(user!, role!);
  await own.updateUserSecurityRole(user!, role!, other!);
  await own.grantUserSecurityRoleProject(user!, role!, other!);
  await own.revokeUserSecurityRoleProject(user!, role!, other!);
  expect(sent).toEqual([
    { action: "add_user_security_role", user_id: "u", role_id: "r", all_open_projects: true },
    { action: "remove_user_security_role", user_id: "u", role_id: "r" },
    { action: "update_user_security_role", user_id: "u", role_id: "r", new_role_id: "o" },
    { action: "grant_user_security_role_project", user_id: "u", role_id: "r", project_id: "o" },
    { action: "revoke_user_security_role_project", user_id: "u", role_id: "r", project_id: "o" },
  ]);
  expect(await own.merge(me).resetApiKey()).toBe("new");
});

test("project schemas tell statuses and types", async () => {
  const schema = (await session.query<"ProjectSchema">("select name from ProjectSchema").first())!;
  for (const type of ["Task", "AssetVersion", "Shot"]) {
    const statuses = await schema.getStatuses(type);
    expect(statuses.length, type).toBeGreaterThan(0);
    expect(statuses[0]).toMatchObject({ entityType: "Status", name: expect.any(String) });
  }
  expect((await schema.getTypes("Task"))[0]).toMatchObject({ entityType: "Type" });
  await expect(schema.getStatuses("Note")).rejects.toThrow(InvalidArgumentError);
  await expect(schema.getStatuses("Nope")).rejects.toThrow(InvalidArgumentError);
});

test("statuses of a type of task come from its override", async () => {
  const schema = (await session.query<"ProjectSchema">("select name from ProjectSchema").first())!;
  const type = (await session.query<"Type">("select name from Type").first())!;
  const status = (await session.query<"Status">("select name from Status").first())!;
  const workflow = session.create("WorkflowSchema", { name: "override", statuses: [status] });
  const override = session.create("ProjectSchemaOverride", { project_schema_id: schema.id!, type_id: type.id!, workflow_schema: workflow });
  await session.commit();
  expect(await schema.getStatuses("Task", type.id!)).toEqual([status]);
  expect((await schema.getStatuses("Task", "another")).length).toBeGreaterThan(1);
  session.delete(override);
  await session.commit();
});

test("jobs of programs have their own type", () => {
  expect(() => session.create("Job", { type: "other" })).toThrow(InvalidArgumentError);
  expect(session.create("Job", { status: "running" }).type).toBe("api_job");
  session.rollback();
});

test("an entity is printed as text", async () => {
  await task.load("status.name", "assignments.resource.username");
  const text = format(task);
  expect(text).toContain(`Task(${task.id!})\n`);
  expect(text).toContain(`\n  name: ${task.name!}`);
  expect(text).toContain(`\n  status: Status(${task.status!.id!})`);
  expect(text).not.toContain("description");
  expect(format(task, { recursive: true, indent: 4 })).toContain(`\n        name: ${task.status!.name!}`);
});
