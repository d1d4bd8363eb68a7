import { readAttribute } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { ftql } from "./ftql.js";
import type { Session } from "./session.js";
import { state } from "./states.js";
import type { ComponentDescription, VersionDescription } from "./structure.js";

/** Percent of a component's files that a location has, by the location's id. */
export type Availability = Readonly<Record<string, number>>;

/** Where a component is registered. */
export interface Registration {
  readonly entity: Entity;
  readonly componentId: string;
  readonly locationId: string;
  readonly resourceIdentifier: string;
}

/** How many ids one query asks for. */
const AT_ONCE = 200;

/** What the server knows of components: asked for anew each time, in few queries. */
export class ComponentData {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Where components are registered. */
  async registrations(componentIds: readonly string[], signal?: AbortSignal): Promise<Registration[]> {
    const rows = await this.#rows(componentIds, (ids) => `select component_id, location_id, resource_identifier from ComponentLocation where ${ftql`component_id in ${ids}`}`, signal);
    return rows.map((entity) => ({ entity, componentId: text(entity, "component_id"), locationId: text(entity, "location_id"), resourceIdentifier: text(entity, "resource_identifier") }));
  }

  /** The members of sequences and containers. */
  async members(containerIds: readonly string[], signal?: AbortSignal): Promise<Entity[]> {
    return this.#rows(containerIds, (ids) => `select name, file_type, size, system_type, container_id from Component where ${ftql`container_id in ${ids}`} order by name`, signal);
  }

  /** Components with all that is in them, those first that hold others; each with its id. */
  async tree(components: readonly Entity[], signal?: AbortSignal): Promise<Map<string, Entity>> {
    const found = new Map(components.map((component) => [idOf(component), component]));
    for (let level = [...components]; level.length; ) {
      const containers = level.filter(holdsOthers).map(idOf);
      level = (await this.members(containers, signal)).filter((member) => !found.has(idOf(member)));
      for (const member of level) found.set(idOf(member), member);
    }
    return found;
  }

  /** How much of each component is where. One with members is there as far as these are. */
  async availabilities(components: readonly Entity[], signal?: AbortSignal): Promise<Availability[]> {
    const tree = await this.tree(components, signal);
    const registered = new Map<string, Registration[]>();
    for (const registration of await this.registrations([...tree.keys()], signal)) {
      registered.set(registration.componentId, [...(registered.get(registration.componentId) ?? []), registration]);
    }
    const members = new Map<string, string[]>();
    for (const [id, component] of tree) {
      const container = readAttribute(component, "container_id");
      if (typeof container === "string" && tree.has(container)) members.set(container, [...(members.get(container) ?? []), id]);
    }
    const known = new Map<string, Record<string, number>>();
    const of = (id: string): Record<string, number> => {
      const before = known.get(id);
      if (before) return before;
      const own: Record<string, number> = {};
      known.set(id, own);
      const below = members.get(id);
      if (!below) for (const { locationId } of registered.get(id) ?? []) own[locationId] = 100;
      for (const member of below ?? []) for (const [location, share] of Object.entries(of(member))) own[location] = (own[location] ?? 0) + share / below!.length;
      for (const [location, share] of Object.entries(own)) own[location] = Math.min(Math.round(share * 1e6) / 1e6, 100);
      return own;
    };
    return components.map((component) => Object.freeze({ ...of(idOf(component)) }));
  }

  /** What structures need to know of a component. */
  async describe(component: Entity, signal?: AbortSignal): Promise<ComponentDescription> {
    const kind = component.entityType as ComponentDescription["kind"];
    const paths = ["name", "file_type", "container_id", "version_id", ...(kind === "SequenceComponent" ? ["padding"] : [])];
    await this.#session.populate(component, paths, { ...(signal && { signal }) });
    const containerId = readAttribute(component, "container_id") as string | null;
    const container = containerId ? await this.#session.get("Component", containerId) : null;
    const above = container ? await this.describe(container, signal) : undefined;
    const versionId = readAttribute(component, "version_id") as string | null;
    const version = versionId ? await this.#session.get("AssetVersion", versionId) : null;
    return {
      id: idOf(component),
      name: text(component, "name"),
      fileType: text(component, "file_type"),
      kind,
      padding: (readAttribute(component, "padding") as number | null | undefined) ?? 0,
      in: above,
      version: version ? await this.version(version, signal) : undefined,
    };
  }

  /** What structures need to know of a version; nothing of one that is not committed. */
  async version(version: Entity, signal?: AbortSignal): Promise<VersionDescription | undefined> {
    if (state(version) === "created") return undefined;
    await this.#session.populate(version, ["version", "link", "asset.name"], { ...(signal && { signal }) });
    const asset = readAttribute(version, "asset") as Entity | null;
    if (!asset || state(asset) === "created") return undefined;
    const link = (readAttribute(version, "link") ?? []) as readonly { id: string; name: string; type: string }[];
    const project = link[0] && (await this.#session.get("Project", link[0].id));
    if (project) await this.#session.populate(project, ["name"], { ...(signal && { signal }) });
    return {
      project: project ? text(project, "name") : "",
      link: link.slice(1, -1).map(({ name }) => name),
      asset: text(asset, "name"),
      number: (readAttribute(version, "version") as number | null) ?? 0,
    };
  }

  async #rows(ids: readonly string[], expression: (ids: readonly string[]) => string, signal: AbortSignal | undefined): Promise<Entity[]> {
    const rows: Entity[] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      rows.push(...(await this.#session.query(expression(ids.slice(at, at + AT_ONCE)), { policy: "network-only", ...(signal && { signal }) }).all()));
    }
    return rows;
  }
}

/** The id of a component, which it has without being loaded. */
export function idOf(component: Entity): string {
  const id = readAttribute(component, "id");
  if (typeof id !== "string") throw new InvalidArgumentError("the component has no id");
  return id;
}

/** Whether a component has others in it. */
export function holdsOthers(component: Entity): boolean {
  return component.entityType === "SequenceComponent" || component.entityType === "ContainerComponent";
}

function text(entity: Entity, name: string): string {
  const value = readAttribute(entity, name);
  return typeof value === "string" ? value : "";
}
