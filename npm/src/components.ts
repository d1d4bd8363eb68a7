import { TRANSFER_OPTIONS } from "./accessor.js";
import type { Accessor, TransferOptions } from "./accessor.js";
import { accessorFault } from "./accessor-faults.js";
import { ServerAccessor } from "./accessor-server.js";
import { optionsOf, text, values } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { ComponentCreation } from "./component-creation.js";
import { ComponentData, holdsOthers, idOf } from "./component-data.js";
import { COMPONENT_OPTIONS, IN_DATA } from "./component-options.js";
import type { ComponentOptions } from "./component-options.js";
import { ComponentTransfers } from "./component-transfers.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { LocationBook, locationId } from "./location-book.js";
import type { ConfiguredLocation } from "./location-book.js";
import { ComponentNotInAnyLocationError, LocationError } from "./location-errors.js";
import { REVIEW_LOCATION_ID, SERVER_LOCATION_ID } from "./locations.js";
import type { Sender } from "./sender.js";
import { openSource, openSources } from "./source-file.js";
import type { ComponentFile } from "./source-file.js";
import { Thumbnails } from "./thumbnails.js";
import type { Transfers } from "./transfers.js";
import { UPLOAD_OPTIONS, Upload } from "./upload.js";
import type { UploadOptions } from "./upload.js";
import { UploadServer } from "./upload-server.js";
import type { UnfinishedUpload} from "./unfinished-upload.js";
import { unfinishedUploads } from "./unfinished-upload.js";

/** What an upload is started with. */
export interface UploadStartOptions extends UploadOptions, Pick<ComponentOptions, "name" | "data" | "fileName"> {}

const UPLOAD_START_OPTIONS: Checks<UploadStartOptions> = { name: text, data: values, fileName: text, ...UPLOAD_OPTIONS };

const REVIEW_NAMES = new Set(["ftrackreview-mp4", "ftrackreview-webm", "ftrackreview-image"]);

/** The components of a session: how they are made, where they are, how their data is reached. */
export class Components {
  readonly book: LocationBook;
  readonly data: ComponentData;
  readonly thumbnails: Thumbnails;
  readonly sender: Sender;
  readonly transfers: ComponentTransfers;
  readonly #creation: ComponentCreation;
  readonly #ways: Transfers;

  constructor(sender: Sender, ways: Transfers) {
    this.sender = sender;
    this.#ways = ways;
    this.data = new ComponentData(sender.session);
    this.thumbnails = new Thumbnails(ways);
    this.#creation = new ComponentCreation(sender, ways, this.data);
    const store = async (id: string, blob: Blob, { fileName = "", onProgress, signal }: TransferOptions): Promise<void> => {
      const server = new UploadServer(sender, { id, register: false }, SERVER_LOCATION_ID);
      await new Upload(server, ways, { blob, fileName: fileName || id }, { onProgress, signal }).done;
    };
    this.book = new LocationBook(new ServerAccessor(ways, store));
    this.transfers = new ComponentTransfers(sender, this.data, this.book);
  }

  async create(file: ComponentFile | readonly ComponentFile[], options: ComponentOptions | null | undefined): Promise<Entity> {
    const { name, data = {}, location = "auto", fileName, onProgress, signal } = optionsOf<ComponentOptions>("createComponent", options, COMPONENT_OPTIONS, IN_DATA);
    signal?.throwIfAborted();
    const target = location === null ? null : this.#target(location, name ?? data.name);
    const several = await openSources(file, signal);
    if (several && fileName !== undefined) throw new InvalidArgumentError("createComponent: the option fileName is of one file: give Files, which have names");
    const planned = several
      ? await this.#creation.planFiles(several.files, several.pattern, name, data)
      : [await this.#creation.planFile(await openSource(file as ComponentFile, signal, fileName), name, data)];
    return target ? this.#creation.make(planned, target, { onProgress, signal }) : this.#creation.register(planned, signal);
  }

  async upload(file: ComponentFile, given: UploadStartOptions | null | undefined): Promise<Upload> {
    const { name, data = {}, fileName, ...options } = optionsOf<UploadStartOptions>("upload", given, UPLOAD_START_OPTIONS, IN_DATA);
    const target = this.#target("auto", name ?? data.name, SERVER_LOCATION_ID);
    const planned = await this.#creation.planFile(await openSource(file, options.signal, fileName), name, data);
    return this.#creation.upload(planned, target, options);
  }

  async unfinished(): Promise<UnfinishedUpload[]> {
    return unfinishedUploads(this.sender, this.#ways);
  }

  /** The data of a component, from the preferred location that has it and can be reached. */
  async read(component: Entity, given: TransferOptions | null | undefined): Promise<Blob> {
    const options = optionsOf<TransferOptions>("readComponent", given, TRANSFER_OPTIONS);
    options.signal?.throwIfAborted();
    if (holdsOthers(component)) throw new InvalidArgumentError(`readComponent: a ${component.entityType} has no data of its own: read its members`);
    const [place] = await this.pick([component], options.signal);
    if (!place?.accessor) throw new ComponentNotInAnyLocationError(`readComponent: the component ${idOf(component)} is in no location that can be reached`);
    const [identifier] = await this.transfers.identifiers([component], place.id, options.signal);
    return place.accessor.read(identifier!, options);
  }

  /** Where a component stands in the file system of a location. */
  async filesystemPath(component: Entity, location: Entity | string): Promise<string> {
    const { accessor, id } = this.#reachable(location);
    const [identifier] = await this.transfers.identifiers([component], id);
    if (!accessor.filesystemPath) throw accessorFault("ACCESSOR_FILESYSTEM_PATH", "path", identifier!);
    return accessor.filesystemPath(identifier!);
  }

  /** The address of a component's data in a location. */
  async url(component: Entity, location: Entity | string): Promise<string> {
    const { accessor, id } = this.#reachable(location);
    const [identifier] = await this.transfers.identifiers([component], id);
    if (!accessor.url) throw accessorFault("ACCESSOR_UNSUPPORTED_OPERATION", "url", identifier!);
    return accessor.url(identifier!);
  }

  /** The preferred reachable location of each component; the preferred one at all for nothing. */
  async pick(components: readonly Entity[], signal?: AbortSignal): Promise<(ConfiguredLocation | null)[]> {
    const availabilities = await this.data.availabilities(components, signal);
    return availabilities.map((availability) => this.book.accessible.find(({ id }) => availability[id] === 100) ?? null);
  }

  /** Where a new component goes. */
  #target(location: Entity | string, name: unknown, preferred?: string): ConfiguredLocation {
    if (location !== "auto") return this.#reachable(location);
    if (typeof name === "string" && REVIEW_NAMES.has(name)) return this.book.of(REVIEW_LOCATION_ID);
    if (preferred !== undefined) return this.book.of(preferred);
    const target = this.book.accessible.find(({ pickable }) => pickable);
    if (!target) throw new InvalidArgumentError("createComponent: there is no location that can be reached");
    return target;
  }

  #reachable(location: Entity | string): ConfiguredLocation & { readonly accessor: Accessor } {
    const { accessor, ...rest } = this.book.of(location);
    if (!accessor) throw new LocationError(`location ${locationId(location)}: it has no accessor: configureLocation gives it one`);
    return { ...rest, accessor };
  }
}
