// Compiled, never run: what writes, and (by @ts-expect-error) the lines that must not compile. The types are those of the
// built package.
import { NOT_SET, Session, UpdateEntityOperation, state } from "ftrack-wasm";
import type { DefaultEntities, Verdict } from "ftrack-wasm";

type Task = DefaultEntities["Task"];

export async function writes(session: Session, task: Task, done: DefaultEntities["Status"], scope: DefaultEntities["Scope"]): Promise<void> {
  task.name = "x";
  task.description = null;
  task.bid = 7.5;
  task.status = done;
  task.status_id = "id";
  task.start_date = new Date();
  task.start_date = "2026-03-04T05:06:07Z";
  task.set({ name: "x", status: done, scopes: [scope], description: NOT_SET }).unset("bid").revert("status");
  task.scopes.add(scope).remove(scope).set([scope]);
  task.metadata.set("key", "value").delete("key");

  // @ts-expect-error an unknown attribute
  task.nmae = "x";
  // @ts-expect-error a value of the wrong type
  task.name = 7;
  // @ts-expect-error a value of the wrong type
  task.bid = "7";
  // @ts-expect-error an entity of the wrong type
  task.status = task;
  // @ts-expect-error a date is no number
  task.start_date = 7;
  // @ts-expect-error undefined is no value: null empties, unset takes back
  task.name = undefined;
  // @ts-expect-error a read-only attribute
  task.id = "x";
  // @ts-expect-error a read-only attribute
  task.link = [];
  // @ts-expect-error the server computes it
  task.time_logged = 1;
  // @ts-expect-error a collection is changed by its own methods
  task.scopes = [scope];
  // @ts-expect-error a member of the wrong type
  task.scopes.add(done);
  // @ts-expect-error an unknown attribute
  task.set({ nmae: "x" });
  // @ts-expect-error a value of the wrong type
  task.set({ bid: "7" });
  // @ts-expect-error a read-only attribute
  task.set({ id: "x" });
  // @ts-expect-error undefined is no value
  task.set({ name: undefined });
  // @ts-expect-error an unknown attribute
  task.unset("nmae");

  const created: Task = session.create("Task", { name: "x", parent: null, status: done, id: "own" });
  void created;
  // @ts-expect-error an unknown attribute
  session.create("Task", { nmae: "x" });
  // @ts-expect-error a value of the wrong type
  session.create("Task", { name: 7 });
  // @ts-expect-error an unknown type
  session.create("Taks", {});
  // @ts-expect-error undefined is no value
  session.create("Task", { name: undefined });
  // @ts-expect-error no entity
  session.delete("id");

  const user: DefaultEntities["User"] = await session.ensure("User", { username: "ada", email: "a@b.c" }, ["username"]);
  void user;
  // @ts-expect-error an identifying key that is no attribute
  void session.ensure("User", { username: "ada" }, ["usernmae"]);

  await session.commit({ onTooLarge: "split" });
  // @ts-expect-error no such choice
  await session.commit({ onTooLarge: "maybe" });
  const verdicts: Verdict[] = await session.reconcile();
  void verdicts;
  session.recordedOperations.push(new UpdateEntityOperation("Task", ["id"], "name", null, "x"));
  for (const operation of session.recordedOperations) if (operation.operation === "update") void operation.attributeName;
  const is: "created" | "modified" | "deleted" | null = state(task);
  void is;
}
