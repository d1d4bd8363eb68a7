import { Event, InvalidArgumentError, Session, format } from "ftrack-wasm";
import type { DefaultEntities, SessionOptions } from "ftrack-wasm";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, tasks } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

// What TypeScript refuses plain JavaScript can do: each case calls with arguments of any kind.
type Plain = Record<string, (...given: unknown[]) => unknown>;

let session: Plain & Session;
let task: Plain & DefaultEntities["Task"];
let version: Plain;
let user: Plain;
let location: Plain;
let component: Plain;
let hub: Plain;

beforeEach(async () => {
  const server = new FakeServer();
  server.rows.set("Task", tasks(1));
  ({ session } = (await openSession(server)) as unknown as { session: Plain & Session });
  task = (await session.query<"Task">("select name from Task").first()) as Plain & DefaultEntities["Task"];
  const plain = (type: string): Plain => session.decode(JSON.stringify({ __entity_type__: type, id: type })) as Plain;
  [version, user, location, component] = ["AssetVersion", "User", "Location", "FileComponent"].map(plain) as [Plain, Plain, Plain, Plain];
  hub = session.eventHub as unknown as Plain;
});

/** What a call throws, or its promise rejects with. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

const file = (): File => new File(["x"], "x.exr");
const search = { expression: "Task", entityType: "Task" };
const metadata = { componentId: "a", fileName: "b", fileSize: 1 };

/** What takes options, by the name that errors have for it. */
const withOptions: [string, (options: unknown) => unknown][] = [
  ["query", (options) => session.query("Task", options as never)],
  ["get", (options) => session.get("Task", "x", options as never)],
  ["populate", (options) => session.populate(task, "name", options as never)],
  ["ensure", (options) => session.ensure("Task", { name: "x" }, undefined, options as never)],
  ["commit", (options) => session.commit(options as never)],
  ["reconcile", (options) => session.reconcile(options as never)],
  ["reset", (options) => session.reset(options as never)],
  ["call", (options) => session.call([], options as never)],
  ["load", (options) => task.load("name", options as never)],
  ["createNote", (options) => task.createNote("x", options as never)],
  ["createThumbnail", (options) => task.createThumbnail(file(), options as never)],
  ["createComponent", (options) => session.createComponent(file(), options as never)],
  ["createComponent", (options) => version.createComponent!(file(), options)],
  ["upload", (options) => session.upload(file(), options as never)],
  ["readComponent", (options) => session.readComponent(component as never, options as never)],
  ["thumbnail", (options) => session.thumbnail(component as never, options as never)],
  ["thumbnailUrl", (options) => session.thumbnailUrl(component as never, options as never)],
  ["pickLocation", (options) => session.pickLocation(undefined, options as never)],
  ["pickLocations", (options) => session.pickLocations([], options as never)],
  ["getComponentAvailabilities", (options) => component.getAvailability!(options)],
  ["configureLocation", (options) => session.configureLocation("x", options as never)],
  ["addComponents", (options) => location.addComponent!(component, location, options)],
  ["removeComponents", (options) => location.removeComponents!([component], options)],
  ["search", (options) => session.search(search, options as never)],
  ["getUploadMetadata", (options) => session.getUploadMetadata(metadata, options as never)],
  ["getWidgetUrl", (options) => session.getWidgetUrl("info", options as never)],
  ["getWidgetUrl", (options) => session.getWidgetUrl("info", undefined, options as never)],
  ["encodeMedia", (options) => version.encodeMedia!(component, options)],
  ["sendUserInvites", (options) => session.sendUserInvites([user as never], options as never)],
  ["resetRemote", (options) => session.resetRemote("x", undefined, options as never)],
  ["delayedJob", (options) => session.delayedJob("x", options as never)],
  ["addUserSecurityRole", (options) => session.addUserSecurityRole(user as never, user as never, options as never)],
  ["startTimer", (options) => user.startTimer!(undefined, options)],
  ["format", (options) => format(task, options as never)],
  ["set", (options) => task.metadata.set("a", "b", options as never)],
  ["subscribe", (options) => hub.subscribe!("topic=x", () => undefined, options)],
  ["connect", (options) => hub.connect!(options)],
  ["publish", (options) => hub.publish!({ topic: "x" }, options)],
  ["publishAndWaitForReply", (options) => hub.publishAndWaitForReply!({ topic: "x" }, options)],
  ["publishReply", (options) => hub.publishReply!({ topic: "x" }, {}, options)],
];

test.each(withOptions)("%s takes null for no options", async (_, call) => {
  const [without, withNull] = [await failureOf(() => call(undefined)), await failureOf(() => call(null))];
  expect(String(withNull)).toBe(String(without));
  expect(withNull).not.toBeInstanceOf(TypeError);
});

test.each(withOptions)("%s names an option that it does not know, and those that there are", async (name, call) => {
  const failure = await failureOf(() => call({ singal: 1 }));
  expect(failure).toBeInstanceOf(InvalidArgumentError);
  expect((failure as Error).message).toMatch(new RegExp(`^${name}: unknown option "singal"; there (is|are (\\w+, )*\\w+ and) \\w+(; values of the component stand in data)?$`));
  for (const wrong of [5, "text", [], () => undefined, task]) {
    const other = await failureOf(() => call(wrong));
    expect(other, String(wrong)).toBeInstanceOf(InvalidArgumentError);
    expect((other as Error).message).toMatch(new RegExp(`^${name}: `));
  }
  expect(session.recordedOperations.length).toBe(0);
});

/** Arguments that are wrong, by the error that names them. */
const refused: [string, () => unknown][] = [
  ['create: the data must be an object of values by attribute, such as { name: "comp" }, not null', () => session.create("Task", null as never)],
  ['create: the data must be an object of values by attribute, such as { name: "comp" }, not an array', () => session.create("Task", [] as never)],
  ['create: the data must be an object of values by attribute, such as { name: "comp" }, not an entity of type Task', () => session.create("Task", task as never)],
  ["create: the entity type must be text, not null", () => session.create(null as never, {})],
  ['ensure: the data must be an object of values by attribute, such as { name: "comp" }, not undefined', () => session.ensure("Task", undefined as never)],
  ["ensure: the identifying keys must be a list of attribute names", () => session.ensure("Task", { name: "x" }, "name" as never)],
  ['set: the values must be an object of values by attribute, such as { name: "comp" }, not null', () => task.set(null as never)],
  ["query: the expression must be text, not undefined", () => session.query(undefined as never)],
  ["live: the expression must be text, not null", () => session.live(null as never)],
  ["get: the entity type must be text, not an object", () => session.get({} as never, "x")],
  ["populate: the entities must be an entity, or several, not null", () => session.populate(null as never, "name")],
  ['populate: the projections must be text such as "name, status.name", or a list, not null', () => session.populate(task, null as never)],
  ['populate: each projection must be text such as "status.name"', () => session.populate(task, [5] as never)],
  ["createNote: the content must be text, not null", () => task.createNote(null as never)],
  ['createThumbnail: the option data must be an object of values by attribute, such as { name: "comp" }, not null', () => task.createThumbnail(file(), { data: null as never })],
  ["search: the option entityType is missing", () => session.search({ expression: "Task" } as never)],
  ["search: the option expression is missing", () => session.search(null as never)],
  ["getUploadMetadata: the option fileSize must be a whole number, not text", () => session.getUploadMetadata({ ...metadata, fileSize: "1" as never })],
  ["sendUserInvites: the argument must be a list of entities, not null", () => session.sendUserInvites(null as never)],
  ["sendUserInvites: the members of the list must be a User, not an entity of type Task", () => session.sendUserInvites([task] as never)],
  ["pickLocations: the members of the list must be a Component, not null", () => session.pickLocations([null as never])],
  ["addComponents: the argument must be a list of entities, not undefined", () => location.addComponents!()],
  ["readComponent: the argument must be a Component, not null", () => session.readComponent(null as never)],
  ["grantUserSecurityRoleProject: the project must be an entity, not undefined", () => session.grantUserSecurityRoleProject(user as never, user as never, undefined as never)],
  ["startTimer: the context must be an entity, not text", () => user.startTimer!("x")],
  ["set: the key must be text, not undefined", () => task.metadata.set(undefined as never, "x")],
  ["set: the members must be a list of entities, not null", () => task.assignments.set(null as never)],
  ["has: the argument must be an entity, not null", () => task.assignments.has(null as never)],
  ["format: the first argument must be an entity, not null", () => format(null as never)],
  ["subscribe: the expression must be text, such as topic=ftrack.update, not null", () => hub.subscribe!(null, () => undefined)],
  ["subscribe: the handler must be a function, not null", () => hub.subscribe!("topic=x", null)],
  ["subscribe: the option priority must be a whole number, not text", () => hub.subscribe!("topic=x", () => undefined, { priority: "1" })],
  ["subscribe: the listener must be a function, not undefined", () => task.subscribe(undefined as never)],
  ["subscribe: the listener must be a function, not an object", () => session.live("Task").subscribe({} as never)],
  ["publish: it takes an event with a topic", () => hub.publish!(null)],
  ["publish: it takes an event with a topic", () => hub.publish!(undefined, { synchronous: true })],
  ["publish: the option synchronous must be true or false, not a number", () => hub.publish!({ topic: "x" }, { synchronous: 1 })],
  ["publish: the option onReply must be a function, not an object", () => hub.publish!({ topic: "x" }, { onReply: {} })],
  ["publishReply: it takes an event with a topic", () => hub.publishReply!(5)],
  ["publishAndWaitForReply: it takes an event with a topic", () => hub.publishAndWaitForReply!([])],
  ["wait: the time must be a number of seconds above 0", () => hub.wait!(null)],
  ["Event: the topic must be text, not undefined", () => new Event(undefined as never)],
  ["Session.open: the options must be an object such as { serverUrl, apiKey, apiUser }", () => Session.open(null as never)],
  ["Session.forget: it takes { serverUrl, apiUser }", () => Session.forget(null as never)],
];

test.each(refused)("%s", async (message, call) => {
  const failure = await failureOf(call);
  expect(failure).toBeInstanceOf(InvalidArgumentError);
  expect((failure as Error).message).toBe(message);
  expect(session.recordedOperations.length).toBe(0);
});

test("what a call promises it rejects with, and does not throw", () => {
  for (const call of [() => session.readComponent(null as never), () => session.search(null as never), () => session.getComponentAvailabilities(5 as never), () => hub.publish!(null), () => session.upload(null as never)]) {
    const promise = call() as Promise<unknown>;
    expect(promise).toBeInstanceOf(Promise);
    promise.catch(() => undefined);
  }
});

test("an entity type that the server does not have is no type to extend", async () => {
  const options = (entityTypes: NonNullable<SessionOptions["entityTypes"]>): Promise<unknown> => openSession(new FakeServer(), { entityTypes });
  await expect(options({ Tsk: (Base) => class extends Base {} })).rejects.toThrow(InvalidArgumentError);
  await expect(options({ Tsk: (Base) => class extends Base {} })).rejects.toThrow('Session.open: the option entityTypes: unrecognised entity type "Tsk": did you mean "Task"?');
  await options({ Task: (Base) => class extends Base {} });
});
