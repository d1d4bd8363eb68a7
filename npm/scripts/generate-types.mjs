// Writes src/generated/entities.ts: an interface for each entity type of a server's schemas, and DefaultEntities, which
// names them all. Usage: npm run generate [query_schemas.json]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./go.mjs";

const input = process.argv[2] ?? join(packageRoot, "test/fixtures/query_schemas.json");
const parsed = JSON.parse(readFileSync(input, "utf8"));
const schemas = (Array.isArray(parsed[0]) ? parsed[0] : parsed).toSorted((a, b) => (a.id < b.id ? -1 : 1));
const ids = new Set(schemas.map(({ id }) => id));

/** Inheritance stands in no schema: these are the server's base types, and what is derived from each. */
function baseOf({ id, alias_for: alias }) {
  if (id === "Project" || id === "TypedContext") return "Context";
  if (alias?.id === "Task" && alias.classifiers) return "TypedContext";
  if (["FileComponent", "SequenceComponent", "ContainerComponent"].includes(id)) return "Component";
  if (id === "User" || id === "Group") return "Resource";
  for (const base of ["List", "StatusChange", "CustomAttributeValue", "CustomAttributeLinkFrom", "CustomAttributeLink"]) {
    if (id !== base && id.endsWith(base)) return base;
  }
  if (["CustomAttributeConfiguration", "CustomAttributeLinkConfiguration"].includes(id)) return "CustomConfigurationBase";
  return undefined;
}

const bases = new Map(schemas.map((schema) => [schema.id, baseOf(schema)]).filter(([, base]) => ids.has(base)));
const derived = new Map();
for (const [id, base] of bases) derived.set(base, [...(derived.get(base) ?? []), id]);

/** The concrete types that an attribute of a declared type may hold. */
function concrete(id) {
  const below = derived.get(id) ?? [];
  return below.length ? [...(id === "Context" ? [] : [id]), ...below.flatMap(concrete)] : [id];
}

const members = (id) => (derived.has(id) ? `Any${id}` : id);

/** Attributes declared Task that hold any work item. */
const WIDER = { Task: ["items", "task"] };

function typeOf(name, property, schema) {
  const target = property.items?.$ref ?? (property.type ? undefined : property.$ref);
  const wide = target && WIDER[target]?.includes(name) && schema.id !== "Task" ? "AnyTypedContext" : target && members(target);
  switch (property.type) {
    case "array":
      return target ? `Collection<${ids.has(target) ? wide : "Entity"}>` : "unknown";
    case "mapped_array":
      if (target === "Metadata") return "KeyedCollection";
      if (target?.endsWith("CustomAttributeValue")) return "CustomAttributes";
      return target ? `Collection<${ids.has(target) ? wide : "Entity"}>` : "unknown";
    case "boolean":
      return nullable("boolean");
    case "integer":
    case "number":
      return nullable("number");
    case "string":
      if (property.alias_for === "_api_link") return nullable("readonly LinkItem[]");
      if (property.format === "date-time") return nullable("Date");
      if (property.format === "json") return nullable("JsonValue");
      return nullable(property.enum ? property.enum.map((each) => JSON.stringify(each)).join(" | ") : "string");
    case "object":
    case "variable":
      return nullable("JsonValue");
    default:
      return target && ids.has(target) ? nullable(wide) : "unknown";
  }
}

/** Whether an attribute can be assigned to: collections are changed by their own methods. */
function writable(name, property, schema) {
  if (property.type === "array" || property.type === "mapped_array") return false;
  return ![...(schema.immutable ?? []), ...(schema.computed ?? []), ...(schema.primary_key ?? [])].includes(name);
}

/** A date-time is also written as ISO text; nothing is written as `undefined`. */
function writtenType(type) {
  return type.replace(" | undefined", "").replace(/^Date /, "Date | string ");
}

/** The helpers of a type, by the interfaces that describe them; see src/entity-helpers.ts. */
function helpersOf({ id, properties }) {
  const own = { Note: "NoteReplying", AssetVersion: "VersionMedia", Location: "LocationMembers", ProjectSchema: "ProjectSchemaWorkflows", User: "UserActions" }[id];
  const component = id === "Component" || bases.get(id) === "Component";
  return [properties.notes && "NoteCreation", properties.thumbnail_id && "ThumbnailCreation", component && "ComponentPlaces", own].filter(Boolean);
}

const nullable = (type) => `${type} | null | undefined`;

const lines = [
  "// Written by scripts/generate-types.mjs from a server's schemas; `npm run generate` writes it anew.",
  'import type { Collection } from "../collection.js";',
  'import type { CustomAttributes } from "../custom-attributes.js";',
  'import type { KeyedCollection } from "../keyed-collection.js";',
  'import type { Entity } from "../entity.js";',
  'import type { ComponentPlaces, LocationMembers, NoteCreation, NoteReplying, ProjectSchemaWorkflows, ThumbnailCreation, UserActions, VersionMedia } from "../entity-helpers.js";',
  'import type { JsonValue, LinkItem } from "../entity-values.js";',
  "",
];
for (const schema of schemas) {
  if (schema.id !== "Context") {
    lines.push(`export interface ${schema.id} extends ${["Entity", ...helpersOf(schema)].join(", ")} {`, `  readonly entityType: ${JSON.stringify(schema.id)};`);
    for (const [name, property] of Object.entries(schema.properties).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (property.description) lines.push(`  /** ${property.description.replaceAll("*/", "* /")} */`);
      const key = /^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name);
      const type = typeOf(name, property, schema);
      if (!writable(name, property, schema)) lines.push(`  readonly ${key}: ${type};`);
      else lines.push(`  get ${key}(): ${type};`, `  set ${key}(value: ${writtenType(type)});`);
    }
    lines.push("}", "");
  }
  if (derived.has(schema.id)) {
    lines.push(`/** Any type that is a ${schema.id}. */`, `export type ${members(schema.id)} = ${concrete(schema.id).join(" | ")};`, "");
  }
}
lines.push("/** The entity types of a plain ftrack server, by name. Those with derived types name all of these. */", "export interface DefaultEntities {");
for (const { id } of schemas) lines.push(`  ${id}: ${members(id)};`);
lines.push("}", "");
writeFileSync(join(packageRoot, "src/generated/entities.ts"), lines.join("\n"));
