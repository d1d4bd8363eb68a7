import { CommitOutcomeUnknownError, PermissionDeniedError } from "ftrack-wasm";
import type { DefaultEntities, Session } from "ftrack-wasm";
import { expect, test } from "vitest";
import { FakeServer, json, uuid } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

type Call = (session: Session, user: DefaultEntities["User"]) => Promise<unknown>;

/** What is sent at once, by the name that its errors bear. */
const calls: [string, Call][] = [
  ["getWidgetUrl", (session) => session.getWidgetUrl("info")],
  ["startTimer", (_, user) => user.startTimer()],
  ["ensure", (session) => session.ensure("Task", { name: "new" })],
];

/** What a call fails with when the server answers what is no query in one way. */
async function failureOf(call: Call, answer: () => Response | Promise<Response>): Promise<Error> {
  const server = new FakeServer();
  server.answer = ({ operations }) => (operations[0]!.action.startsWith("query") ? undefined : answer());
  const { session } = await openSession(server);
  const user = session.decode(JSON.stringify({ __entity_type__: "User", id: uuid(1) })) as DefaultEntities["User"];
  return call(session, user).then(
    () => expect.unreachable("nothing failed"),
    (error: unknown) => error as Error,
  );
}

test.each(calls)("a refusal of %s begins with its name", async (name, call) => {
  const failure = await failureOf(call, () => json({ exception: "PermissionError", content: "denied" }));
  expect(failure).toBeInstanceOf(PermissionDeniedError);
  expect(failure.message).toBe(`${name}: PermissionError: denied`);
});

test.each(calls)("where no answer to %s comes, the error names it, and speaks of no commit", async (name, call) => {
  const failure = await failureOf(call, () => Promise.reject(new TypeError("gone")));
  expect(failure).toBeInstanceOf(CommitOutcomeUnknownError);
  expect(failure.message).toMatch(new RegExp(`^${name}: sent, but its outcome is unknown \\(${name}: no answer [^()]*\\)$`));
});

test("a search is a question: it is asked again where no answer comes, and its outcome is not in doubt", async () => {
  let answers = 0;
  const search: Call = (session) => session.search({ expression: "select name from Task", entityType: "Task", terms: ["a"] });
  const refused = await failureOf(search, () => json({ exception: "PermissionError", content: "denied" }));
  expect([refused.constructor, refused.message]).toEqual([PermissionDeniedError, "search: PermissionError: denied"]);
  const server = new FakeServer();
  server.answer = ({ operations }) => {
    if (operations[0]!.action !== "search") return undefined;
    if (answers++ === 0) throw new TypeError("gone");
    return json([{ action: "search", data: [{ __entity_type__: "Task", id: uuid(1), name: "found" }], metadata: { next: { offset: null } } }]);
  };
  const { session } = await openSession(server);
  const { data, metadata } = (await search(session, undefined as never)) as { data: DefaultEntities["Task"][]; metadata: unknown };
  expect([answers, data.map(({ name }) => name), metadata]).toEqual([2, ["found"], { next: { offset: null } }]);
});
