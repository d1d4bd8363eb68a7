import { TRANSFER_OPTIONS } from "./accessor.js";
import type { TransferOptions, TransferProgress } from "./accessor.js";
import { entitiesOf, flag, optionsOf } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { ServerAccessor } from "./accessor-server.js";
import { holdsOthers, idOf } from "./component-data.js";
import type { ComponentData, Registration } from "./component-data.js";
import { registration, unknownOutcome } from "./component-creation.js";
import { readAttribute } from "./entity.js";
import type { Entity } from "./entity.js";
import { CommitOutcomeUnknownError } from "./errors.js";
import type { ConfiguredLocation, LocationBook } from "./location-book.js";
import { ComponentInLocationError, ComponentNotInLocationError, LocationError } from "./location-errors.js";
import type { OwnOperation, Sender } from "./sender.js";

/** How components get into a location and out of it. */
export interface ComponentTransferOptions extends TransferOptions {
  /** Whether the members of sequences and containers go along; true by default. */
  recursive?: boolean | undefined;
}

const COMPONENT_TRANSFER_OPTIONS: Checks<ComponentTransferOptions> = { recursive: flag, ...TRANSFER_OPTIONS };

/** Moves the data of components between locations, and tells the server where they are. */
export class ComponentTransfers {
  readonly #sender: Sender;
  readonly #data: ComponentData;
  readonly #book: LocationBook;

  constructor(sender: Sender, data: ComponentData, book: LocationBook) {
    this.#sender = sender;
    this.#data = data;
    this.#book = book;
  }

  /**
   * Copies components from a location that has them. All data is copied first, then the components are registered in one request.
   *
   * @throws {ComponentInLocationError} {@link ComponentNotInLocationError}
   * @throws {LocationError} that says what was transferred; data that is not registered is removed again, or named
   */
  async add(given: readonly Entity[], source: Entity | string, location: Entity | string, transferring?: ComponentTransferOptions): Promise<void> {
    const components = entitiesOf("addComponents", given, "Component");
    const options = optionsOf<ComponentTransferOptions>("addComponents", transferring, COMPONENT_TRANSFER_OPTIONS);
    const { signal, recursive = true } = options;
    const target = this.#usable(location);
    const from = this.#book.of(source);
    const tree = recursive ? await this.#data.tree(components, signal) : new Map(components.map((component) => [idOf(component), component]));
    const registered = await this.#data.registrations([...tree.keys()], signal);
    const there = registered.find(({ locationId }) => locationId === target.id);
    if (there) throw new ComponentInLocationError(`location ${target.id}: the component ${there.componentId} is in it already`);
    const origin = new Map(registered.filter(({ locationId }) => locationId === from.id).map((each) => [each.componentId, each]));
    const away = [...tree].find(([id, component]) => !origin.has(id) && !holdsOthers(component)); // of what holds others only the members have data
    if (away) throw new ComponentNotInLocationError(`location ${from.id}: the component ${away[0]} is not in it`);
    const total = [...tree.values()].reduce((sum, component) => sum + sizeOf(component), 0);
    const written = new Map<string, string>();
    const operations: OwnOperation[] = [];
    let registrationId = "";
    let done = 0;
    try {
      for (const [id, component] of tree) {
        signal?.throwIfAborted();
        const description = await this.#data.describe(component, signal);
        const sourceIdentifier = this.#sourceIdentifier(origin.get(id), from, description);
        const identifier = target.structure.resourceIdentifier(description, sourceIdentifier);
        if (!holdsOthers(component)) {
          if (!from.accessor) throw new LocationError(`location ${from.id}: it has no accessor: configureLocation gives it one`);
          if ((await target.accessor.stat(identifier, { signal })).kind !== "nothing") throw new LocationError(`location ${target.id}: there is data at ${JSON.stringify(identifier)} already`);
          // What goes up to the server is parted, so it must be whole; everything else passes through piece by piece.
          const data = await (target.accessor instanceof ServerAccessor ? from.accessor.read(sourceIdentifier!, { signal }) : from.accessor.stream(sourceIdentifier!, { signal }));
          const before = done;
          const onProgress = ({ loaded }: TransferProgress): void => {
            done = before + loaded;
            options.onProgress?.({ loaded: done, total: Math.max(total, done) });
          };
          await target.accessor.write(identifier, data, { signal, fileName: description.name + description.fileType, onProgress });
          written.set(id, identifier);
        }
        registrationId = this.#sender.newId();
        operations.push(registration(registrationId, id, target.transformer ? target.transformer.encode(identifier, description) : identifier, target.id));
      }
      signal?.throwIfAborted();
      await this.#sender.register("addComponents", operations, registrationId);
    } catch (error) {
      if (error instanceof CommitOutcomeUnknownError) throw unknownOutcome(target.id, error, Object.fromEntries(written));
      const left = await this.#takeBack(target, written);
      if (signal?.aborted && !Object.keys(left).length) throw signal.reason;
      throw new LocationError(faultText(`location ${target.id}`, error, left), { cause: error, transferred: [...written.keys()], left });
    }
    for (const id of tree.keys()) this.#sender.published("ftrack.location.component-added", { component_id: id, location_id: target.id });
  }

  /** Takes the data of components out of a location, where it can be reached, and then the components. */
  async remove(given: readonly Entity[], location: Entity | string, options?: ComponentTransferOptions): Promise<void> {
    const components = entitiesOf("removeComponents", given, "Component");
    const { signal, recursive = true } = optionsOf<ComponentTransferOptions>("removeComponents", options, COMPONENT_TRANSFER_OPTIONS);
    const from = this.#book.of(location);
    const tree = recursive ? await this.#data.tree(components, signal) : new Map(components.map((component) => [idOf(component), component]));
    const registered = new Map((await this.#data.registrations([...tree.keys()], signal)).filter(({ locationId }) => locationId === from.id).map((each) => [each.componentId, each]));
    const missing = components.find((component) => !registered.has(idOf(component)));
    if (missing) throw new ComponentNotInLocationError(`location ${from.id}: the component ${idOf(missing)} is not in it`);
    const removed: string[] = [];
    try {
      // What holds others comes last.
      for (const [id, component] of [...tree].reverse()) {
        signal?.throwIfAborted();
        const found = registered.get(id);
        if (!found) continue;
        const { resourceIdentifier, entity } = found;
        if (from.accessor && !holdsOthers(component)) {
          const identifier = from.transformer ? from.transformer.decode(resourceIdentifier, await this.#data.describe(component, signal)) : resourceIdentifier;
          // Data that somebody took away already does not keep the component there.
          if ((await from.accessor.stat(identifier, { signal })).kind === "file") await from.accessor.remove(identifier);
        }
        await this.#sender.send("removeComponents", [{ delete: entity }], signal);
        removed.push(id);
        this.#sender.published("ftrack.location.component-removed", { component_id: id, location_id: from.id });
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw new LocationError(faultText(`location ${from.id}`, error), { cause: error, transferred: removed });
    }
  }

  /** The identifiers of components in a location, as its accessor takes them. */
  async identifiers(given: readonly Entity[], location: Entity | string, signal?: AbortSignal): Promise<string[]> {
    const components = entitiesOf("getResourceIdentifiers", given, "Component");
    const { id, transformer } = this.#book.of(location);
    const registered = await this.#data.registrations(components.map(idOf), signal);
    return Promise.all(
      components.map(async (component) => {
        const found = registered.find(({ componentId, locationId }) => locationId === id && componentId === idOf(component));
        if (!found) throw new ComponentNotInLocationError(`location ${id}: the component ${idOf(component)} is not in it`);
        return transformer ? transformer.decode(found.resourceIdentifier, await this.#data.describe(component, signal)) : found.resourceIdentifier;
      }),
    );
  }

  #sourceIdentifier(found: Registration | undefined, from: ConfiguredLocation, description: Parameters<NonNullable<ConfiguredLocation["transformer"]>["decode"]>[1]): string | undefined {
    return found && from.transformer ? from.transformer.decode(found.resourceIdentifier, description) : found?.resourceIdentifier;
  }

  #usable(location: Entity | string): ConfiguredLocation & Required<Pick<ConfiguredLocation, "accessor" | "structure">> & { accessor: NonNullable<ConfiguredLocation["accessor"]>; structure: NonNullable<ConfiguredLocation["structure"]> } {
    const { accessor, structure, ...rest } = this.#book.of(location);
    if (!accessor) throw new LocationError(`location ${rest.id}: it has no accessor: configureLocation gives it one`);
    if (!structure) throw new LocationError(`location ${rest.id}: it has no structure: configureLocation gives it one`);
    return { ...rest, accessor, structure };
  }

  /** Removes what was written; gives what could not be. */
  async #takeBack({ accessor }: { accessor: NonNullable<ConfiguredLocation["accessor"]> }, written: ReadonlyMap<string, string>): Promise<Record<string, string>> {
    const left: Record<string, string> = {};
    for (const [id, identifier] of written) {
      try {
        await accessor.remove(identifier);
      } catch {
        left[id] = identifier;
      }
    }
    return left;
  }
}

function sizeOf(component: Entity): number {
  const size = readAttribute(component, "size");
  return typeof size === "number" && !holdsOthers(component) ? size : 0;
}

function faultText(place: string, error: unknown, left: Readonly<Record<string, string>> = {}): string {
  const text = error instanceof Error ? error.message : String(error);
  const said = text.startsWith(`${place}: `) ? text.slice(place.length + 2) : text; // errors of locations name theirs
  const rest = Object.keys(left).length ? `; data is left at ${Object.values(left).join(", ")}` : "";
  return `${place}: ${said}${rest}`;
}
