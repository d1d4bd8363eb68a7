import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/go.mjs";

const script = `
  import { Session, ftql, rawValue } from "ftrack-wasm";
  const schemas = [{ id: "Task", type: "object", properties: { id: { type: "string" }, start_date: { type: "string", format: "date-time" } }, primary_key: ["id"], default_projections: ["id"] }];
  const row = { __entity_type__: "Task", id: "1", start_date: { __type__: "datetime", value: "2024-10-29T22:00:00" } };
  const fetch = async (_url, init) => new Response(JSON.stringify(JSON.parse(new TextDecoder().decode(init.body)).map(({ action }) =>
    action === "query" ? { action, data: [row], metadata: { next: { offset: null } } } : action === "query_schemas" ? schemas : { version: "4.13.0" })));
  const session = await Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch });
  const task = await session.query("select start_date from Task").first();
  console.log(JSON.stringify([task.start_date.getTime(), rawValue(task, "start_date"), task.snapshot().start_date, ftql\`\${task.start_date}\`]));
  await session.close();`;

test.each(["UTC", "America/New_York", "Asia/Kolkata"])("dates are the same instants under TZ=%s", (TZ) => {
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: join(repositoryRoot, "npm"), encoding: "utf8", env: { ...process.env, TZ } });
  expect(JSON.parse(output)).toEqual([Date.UTC(2024, 9, 29, 22), "2024-10-29T22:00:00", "2024-10-29T22:00:00Z", '"2024-10-29T22:00:00"']);
});
