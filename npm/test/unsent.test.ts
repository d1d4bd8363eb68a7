import { Session, state } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";
import { describe, expect, onTestFinished, test } from "vitest";
import { testServer } from "./support/server.js";

/** What stands in the place of the server for writes; nothing for the server itself. */
let instead: (() => Promise<Response>) | undefined;

/** A session, with a task of it that has a change. */
async function changed(): Promise<{ session: Session; task: DefaultEntities["Task"] }> {
  instead = undefined;
  const server = await testServer();
  const send: typeof fetch = async (url, init) => {
    const body = new TextDecoder().decode(init?.body as Uint8Array);
    return instead && body.includes('"action":"update"') ? instead() : server.fetch(url, init);
  };
  const session = await Session.open({ ...server.options, fetch: send });
  onTestFinished(async () => {
    await session.close();
    server.close();
  });
  const task = session.create("Task", { name: "before", parent: (await session.query<"Shot">("Shot").first())! });
  await session.commit();
  task.name = "after";
  return { session, task };
}

describe("a commit", () => {
  test("without a connection has changed nothing, and can be sent again", async () => {
    const { session, task } = await changed();
    const refused = Object.assign(new Error("connect ECONNREFUSED ::1:443"), { syscall: "connect" });
    for (const cause of [refused, new AggregateError([refused, refused])]) {
      instead = () => Promise.reject(new TypeError("fetch failed", { cause }));
      await expect(session.commit()).rejects.toMatchObject({ code: "NETWORK_ERROR", name: "NetworkError" });
      expect([task.name, session.recordedOperations.length]).toEqual(["after", 1]);
    }
    instead = undefined;
    await session.commit();
    expect(state(task)).toBeNull();
  });

  test("whose connection broke has an unknown outcome", async () => {
    const { session } = await changed();
    const broken = Object.assign(new Error("read ECONNRESET"), { syscall: "read" });
    instead = () => Promise.reject(new TypeError("fetch failed", { cause: broken }));
    await expect(session.commit()).rejects.toMatchObject({ code: "COMMIT_OUTCOME_UNKNOWN" });
  });

  test("that the server has no time for tells how long to wait", async () => {
    const { session, task } = await changed();
    instead = () => Promise.resolve(new Response("slow down", { status: 429, headers: { "retry-after": "7" } }));
    await expect(session.commit()).rejects.toMatchObject({ code: "SERVER_ERROR", status: 429, retryAfter: 7 });
    instead = undefined;
    await session.commit();
    expect(state(task)).toBeNull();
  });
});
