import { idOf } from "./component-data.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { ftql } from "./ftql.js";
import type { ProjectSchema, SchemaStatus, SchemaType, Status, Type } from "./generated/entities.js";

const STATUS = ["id", "name", "color", "sort", "is_active"];
const TYPE = ["id", "name", "color", "sort", "is_billable"];

/** The statuses that a project schema has for an entity type; for tasks of a type, those of an override come before the general ones. */
export async function getStatuses(projectSchema: Entity, schema: string, typeId?: string): Promise<Status[]> {
  const whole = projectSchema as ProjectSchema;
  const { session } = whole;
  if (schema === "AssetVersion") {
    await session.populate(whole, below("_version_workflow.statuses", STATUS));
    return [...(whole._version_workflow?.statuses ?? [])];
  }
  if (schema !== "Task") return (await rows<SchemaStatus>(whole, schema, "SchemaStatus", "task_status", STATUS)).flatMap(({ task_status: status }) => status ?? []);
  await session.populate(whole, [...below("_task_workflow.statuses", STATUS), ...(typeId === undefined ? [] : ["_overrides.type_id", ...below("_overrides.workflow_schema.statuses", STATUS)])]);
  const override = typeId === undefined ? undefined : [...whole._overrides].find((each) => each.type_id === typeId);
  return [...((override?.workflow_schema ?? whole._task_workflow)?.statuses ?? [])];
}

/** The types that a project schema has for an entity type. */
export async function getTypes(projectSchema: Entity, schema: string): Promise<Type[]> {
  const whole = projectSchema as ProjectSchema;
  if (schema !== "Task") return (await rows<SchemaType>(whole, schema, "SchemaType", "task_type", TYPE)).flatMap(({ task_type: type }) => type ?? []);
  await whole.session.populate(whole, below("_task_type_schema.types", TYPE));
  return [...(whole._task_type_schema?.types ?? [])];
}

/** What stands between a schema of an object type and its statuses or types. */
async function rows<Row extends Entity>(whole: ProjectSchema, schema: string, rowType: string, member: string, attributes: readonly string[]): Promise<Row[]> {
  const { session } = whole;
  const described = (session.schemas as { id: string; properties?: { object_type_id?: { default?: string } } }[]).find(({ id }) => id === schema);
  if (!described) throw new InvalidArgumentError(`the server has no entity type ${JSON.stringify(schema)}`);
  const objectType = described.properties?.object_type_id?.default;
  if (!objectType) throw new InvalidArgumentError(`a project schema says nothing of ${schema}`);
  await session.populate(whole, ["_schemas.type_id", "_schemas.object_type_id"]);
  const own = [...whole._schemas].find((each) => each.type_id === objectType);
  if (!own) throw new InvalidArgumentError(`the project schema says nothing of ${schema}`);
  return session.query(`select ${below(member, attributes).join(", ")} from ${rowType} where ${ftql`schema_id is ${idOf(own)}`}`).all() as Promise<Entity[]> as Promise<Row[]>;
}

function below(path: string, attributes: readonly string[]): string[] {
  return attributes.map((name) => `${path}.${name}`);
}
