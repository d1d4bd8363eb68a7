import { Session, VERSION, ftql } from "ftrack-wasm";

const schemas = [{ id: "Task", type: "object", properties: { id: { type: "string" }, name: { type: "string" } }, primary_key: ["id"], default_projections: ["id", "name"], required: [], immutable: [] }];

/** A server of one task. */
async function server(_url, init) {
  const operations = JSON.parse(new TextDecoder().decode(init.body));
  const answers = {
    query_server_information: () => ({ version: "4.13.0" }),
    query_schemas: () => schemas,
    query: () => ({ action: "query", data: [{ __entity_type__: "Task", id: "1", name: "packed" }], metadata: { next: { offset: null } } }),
  };
  return new Response(JSON.stringify(operations.map(({ action }) => answers[action]())));
}

/** Does what a user of the package does first; gives the name of the one task, or the error's text. */
export async function run(options = {}) {
  try {
    const session = await Session.open({ serverUrl: "https://studio.example", apiKey: "k", apiUser: "u", fetch: server, ...options });
    const task = await session.query(ftql`select name from Task where name is_not ${"x"}`).one();
    const { name } = task;
    await session.close();
    return `${name} ${VERSION}`;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}
