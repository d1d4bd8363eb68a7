import { Session } from "ftrack-wasm";
import { createSandbox, forgetSandbox } from "ftrack-wasm/sandbox";
import type { SandboxOptions } from "ftrack-wasm/sandbox";
import { expect, onTestFinished, test } from "vitest";
import { sandboxOf, sessionOn } from "./support/page-sandbox.js";

test("what is changed survives a reload, as it was", async () => {
  await forgetSandbox("spec");
  onTestFinished(() => forgetSandbox("spec"));
  const options = { persist: "spec" };
  const dump = async (session: Session): Promise<unknown> =>
    session.call([
      { action: "query", expression: "select id, name, status_id, created_at, created_by_id from Task order by id" },
      { action: "query", expression: "select id, content, date, user_id from Note order by id" },
      { action: "query", expression: "select id, date, status_id from StatusChange order by id" },
    ]);
  const first = await createSandbox({ tasks: 60, ...options });
  const session = await sessionOn(first);
  const before = await dump(session);
  const [task, gone] = await session.query<"Task">("select name, status.name from Task order by id limit 2").all();
  const [status] = await session.query<"Status">(`select name from Status where id is_not "${(await task!.load("status_id"))!}" limit 1`).all();
  task!.name = "kept";
  task!.status = status!;
  session.create("Note", { content: "kept too", parent_id: task!.id!, parent_type: "TypedContext" });
  await session.commit();
  session.delete(gone!);
  await session.commit();
  const after = await dump(session);
  expect(after).not.toEqual(before);
  await session.close();
  first.close();

  const again = await sessionOn(await sandboxOf(options));
  expect(await dump(again)).toEqual(after);
  expect(await (await sessionOn(await sandboxOf({ persist: "spec of nobody" }))).query('select id from Task where name is "kept"').all()).toEqual([]);
  await forgetSandbox("spec of nobody");
});

test("what a session keeps of one sandbox is not shown as the rows of another", async () => {
  const names = async (options: SandboxOptions): Promise<number> => {
    const sandbox = await createSandbox(options);
    const session = await Session.open({ ...sandbox, policy: "cache-and-network", logger: { warn: () => undefined } });
    const rows = (await session.query("select name from Task").all()).length;
    await session.kept?.written();
    await session.close();
    sandbox.close();
    return rows;
  };
  const persist = "spec of several";
  await forgetSandbox(persist);
  const kept = async (): Promise<string[]> => (await indexedDB.databases()).map(({ name }) => name!).filter((name) => /replies.*sandbox\.invalid/.test(name));
  const others = await kept();
  for (const more of [{}, { persist }]) {
    expect(await names({ tasks: 60, ...more })).toBe(60);
    expect(await names({ production: "empty", ...more })).toBe(0);
    expect(await names({ tasks: 60, ...more })).toBe(60);
  }
  expect(await kept()).toHaveLength(others.length + 2);
  await forgetSandbox(persist);
  expect(await kept()).toEqual(others);
});
