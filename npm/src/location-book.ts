import { isObject, optionsOf } from "./arguments.js";
import type { Check, Checks } from "./arguments.js";
import type { Accessor } from "./accessor.js";
import { isEntity } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { REVIEW_LOCATION_ID, SERVER_LOCATION_ID, priorityOf } from "./locations.js";
import { EntityIdStructure } from "./structure.js";
import type { ComponentDescription, Structure } from "./structure.js";

/** Changes identifiers between how a structure makes them and how the server registers them. */
export interface ResourceIdentifierTransformer {
  encode(resourceIdentifier: string, component: ComponentDescription): string;
  decode(resourceIdentifier: string, component: ComponentDescription): string;
}

/** What a program says of a location: the server knows only its id and name. */
export interface LocationSettings {
  /** Reaches the storage; without one this program cannot. */
  readonly accessor?: Accessor | undefined;
  /** Says where components stand; without one nothing can be added. */
  readonly structure?: Structure | undefined;
  readonly transformer?: ResourceIdentifierTransformer | undefined;
  /** The lowest is preferred; by default the location's own. */
  readonly priority?: number | undefined;
}

/** What stands in a session's book of locations. */
export interface ConfiguredLocation extends LocationSettings {
  readonly id: string;
  readonly priority: number;
  /** Whether new components may go there without being told to. */
  readonly pickable: boolean;
}

/** An object with these methods, of which there may be none. */
function having(wanted: string, ...methods: string[]): Check {
  return [wanted, (value: unknown) => !value || (isObject(value) && methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function"))];
}

const LOCATION_SETTINGS: Checks<LocationSettings> = {
  accessor: having("an object with the methods of Accessor", "stat"),
  structure: having("an object with the method resourceIdentifier", "resourceIdentifier"),
  transformer: having("an object with the methods encode and decode", "encode", "decode"),
  priority: ["a number", (value: unknown) => Number.isFinite(value)],
};

/** The locations that a session can reach. What is configured stays so, whatever is rolled back or reset. */
export class LocationBook {
  readonly #locations = new Map<string, ConfiguredLocation>();

  constructor(server: Accessor) {
    const structure = new EntityIdStructure();
    this.#put({ id: SERVER_LOCATION_ID, accessor: server, structure, priority: priorityOf(SERVER_LOCATION_ID), pickable: true });
    // Media of reviews stand in the server's storage too; only they go there.
    this.#put({ id: REVIEW_LOCATION_ID, accessor: server, structure, priority: priorityOf(REVIEW_LOCATION_ID), pickable: false });
  }

  /** Says what a location, by itself or by its id, is. What is not given stays as it was. */
  configure(location: Entity | string, given: LocationSettings): void {
    const id = locationId(location);
    const settings = optionsOf<LocationSettings>("configureLocation", given, LOCATION_SETTINGS);
    const before = this.#locations.get(id) ?? { id, priority: priorityOf(id) };
    const said = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    this.#put({ ...before, ...said, pickable: true });
  }

  of(location: Entity | string): ConfiguredLocation {
    const id = locationId(location);
    return this.#locations.get(id) ?? { id, priority: priorityOf(id), pickable: false };
  }

  /** The locations with an accessor, the preferred ones first. */
  get accessible(): ConfiguredLocation[] {
    return [...this.#locations.values()].filter(({ accessor }) => accessor).sort((a, b) => a.priority - b.priority);
  }

  #put(location: ConfiguredLocation): void {
    this.#locations.set(location.id, Object.freeze(location));
  }
}

/** The id of a location, given itself or by that. */
export function locationId(location: Entity | string): string {
  if (typeof location === "string") return location;
  const id = isEntity(location) && location.isA("Location") ? (location as Entity & { id?: string }).id : undefined;
  if (typeof id !== "string") throw new InvalidArgumentError("the location must be a Location of this session, or its id");
  return id;
}
