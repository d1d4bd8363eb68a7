import type { TransferOptions, TransferProgress } from "./accessor.js";
import { ServerAccessor } from "./accessor-server.js";
import type { ComponentData } from "./component-data.js";
import { isEntity, readAttribute } from "./entity.js";
import type { Entity } from "./entity.js";
import { CommitOutcomeUnknownError, InvalidArgumentError, OperationError } from "./errors.js";
import type { ConfiguredLocation } from "./location-book.js";
import { LocationError } from "./location-errors.js";
import type { OwnOperation, Sender } from "./sender.js";
import { fileTypeOf } from "./sequence-pattern.js";
import type { SequencePattern } from "./sequence-pattern.js";
import { stemOf } from "./source-file.js";
import type { SourceFile } from "./source-file.js";
import { checkCommitted } from "./states.js";
import type { ComponentDescription, VersionDescription } from "./structure.js";
import type { Transfers } from "./transfers.js";
import { Upload } from "./upload.js";
import type { UploadOptions } from "./upload.js";
import { UploadServer } from "./upload-server.js";

/** A component that is about to be made, and the file of it if it has one. */
interface Planned {
  readonly type: ComponentDescription["kind"];
  readonly values: Record<string, unknown> & { id: string };
  readonly description: ComponentDescription;
  readonly file?: SourceFile;
  /** What it comes from, as one name. */
  readonly source: string;
}

/** How many members of a sequence go up at once. */
const AT_ONCE = 3;

/** Makes components of files. The data is stored first, then the component is registered: when that fails nothing is left. */
export class ComponentCreation {
  readonly #sender: Sender;
  readonly #transfers: Transfers;
  readonly #data: ComponentData;

  constructor(sender: Sender, transfers: Transfers, data: ComponentData) {
    this.#sender = sender;
    this.#transfers = transfers;
    this.#data = data;
  }

  /** Plans a component of one file. */
  async planFile(file: SourceFile, name: string | undefined, data: Readonly<Record<string, unknown>>): Promise<Planned> {
    const fileType = this.#fileType(file.fileName);
    const values = { id: this.#sender.newId(), name: name ?? (stemOf(file.fileName, fileType) || "main"), file_type: fileType, size: file.blob.size, ...keyed(data) };
    return { type: "FileComponent", values, description: await this.#describe("FileComponent", values), file, source: file.fileName };
  }

  /** Plans a sequence, or a container where the files make none, with its members. */
  async planFiles(files: readonly SourceFile[], pattern: SequencePattern | undefined, name: string | undefined, data: Readonly<Record<string, unknown>>): Promise<Planned[]> {
    const type = pattern ? "SequenceComponent" : "ContainerComponent";
    const types = files.map(({ fileName }) => this.#fileType(fileName));
    const stem = (pattern ? pattern.head.slice(Math.max(pattern.head.lastIndexOf("/"), pattern.head.lastIndexOf("\\")) + 1).replace(/[._-]+$/, "") : stemOf(files[0]!.fileName, types[0]!)) || "main";
    const size = files.reduce((sum, { blob }) => sum + blob.size, 0);
    const values = { id: this.#sender.newId(), name: name ?? stem, size, ...(pattern && { file_type: types[0]!, padding: pattern.padding }), ...keyed(data) };
    const whole: Planned = { type, values, description: await this.#describe(type, values), source: pattern?.expression ?? String((values as { name?: unknown }).name) };
    const members = files.map((file, i): Planned => {
      const label = pattern ? pattern.index(pattern.indexes[i]!) : stemOf(file.fileName, types[i]!) || `file${i + 1}`;
      const own = { id: this.#sender.newId(), name: label, file_type: types[i]!, size: file.blob.size, container_id: values.id };
      return { type: "FileComponent", values: own, description: { ...describe("FileComponent", own), in: whole.description }, file, source: file.fileName };
    });
    return [whole, ...members];
  }

  /** Starts an upload of a planned file to the server's storage. */
  upload({ type, values, file }: Planned, location: ConfiguredLocation, options: UploadOptions): Upload {
    const server = new UploadServer(this.#sender, { id: values.id, create: { create: type, values } }, location.id);
    const fileName = `${String(values.name)}${String(values.file_type ?? "")}`;
    return new Upload(server, this.#transfers, { blob: file!.blob, fileName, handle: file!.handle }, options);
  }

  /** Makes planned components, the first of which holds the others, without putting them anywhere. */
  async register(planned: readonly Planned[], signal: AbortSignal | undefined): Promise<Entity> {
    const { entities } = await this.#sender.send("createComponent", planned.map(({ type, values }) => ({ create: type, values })), signal);
    return entities[0]!;
  }

  /** Makes planned components and puts their data into a location. */
  async make(planned: readonly Planned[], location: ConfiguredLocation, options: TransferOptions): Promise<Entity> {
    const total = planned.reduce((sum, { file }) => sum + (file?.blob.size ?? 0), 0);
    const progress = progressOf(total, options.onProgress);
    const toServer = location.accessor instanceof ServerAccessor;
    return toServer ? this.#makeOnServer(planned, location, progress, options) : this.#makeElsewhere(planned, location, progress, options);
  }

  async #makeOnServer(planned: readonly Planned[], location: ConfiguredLocation, progress: (id: string) => TransferOptions["onProgress"], { signal }: TransferOptions): Promise<Entity> {
    const [whole, ...members] = planned as [Planned, ...Planned[]];
    if (whole.file) return (await this.upload(whole, location, { onProgress: progress(whole.values.id), signal }).done)!;
    const { entities } = await this.#sender.send("createComponent", [{ create: whole.type, values: whole.values }], signal);
    const made: Entity[] = [];
    const abort = new AbortController();
    const both = AbortSignal.any([abort.signal, ...(signal ? [signal] : [])]);
    try {
      await pooled(members, AT_ONCE, async (member) => void made.push((await this.upload(member, location, { onProgress: progress(member.values.id), signal: both }).done)!), abort);
      signal?.throwIfAborted();
      const registrationId = this.#sender.newId();
      await this.#sender.register("createComponent", [registration(registrationId, whole.values.id, whole.values.id, location.id)], registrationId);
    } catch (error) {
      if (error instanceof CommitOutcomeUnknownError) throw unknownOutcome(location.id, error, { [whole.values.id]: whole.values.id });
      const operations: OwnOperation[] = [...made, entities[0]!].map((entity) => ({ delete: entity }));
      await this.#undo(error, location, { [whole.values.id]: whole.values.id }, () => this.#sender.send("createComponent", operations));
      throw error;
    }
    this.#added(whole.values.id, location);
    return entities[0]!;
  }

  async #makeElsewhere(planned: readonly Planned[], location: ConfiguredLocation, progress: (id: string) => TransferOptions["onProgress"], options: TransferOptions): Promise<Entity> {
    const { accessor, structure } = location;
    if (!accessor) throw new LocationError(`location ${location.id}: it has no accessor: configureLocation gives it one`);
    if (!structure) throw new LocationError(`location ${location.id}: it has no structure: configureLocation gives it one`);
    const written: Record<string, string> = {};
    try {
      const operations: OwnOperation[] = [];
      let registrationId = "";
      for (const { type, values, description, file, source } of planned) {
        const identifier = structure.resourceIdentifier(description, source);
        if (file) {
          if ((await accessor.stat(identifier)).kind !== "nothing") throw new LocationError(`location ${location.id}: there is data at ${JSON.stringify(identifier)} already`);
          await accessor.write(identifier, file.blob, { ...options, onProgress: progress(values.id), fileName: file.fileName });
          written[values.id] = identifier;
        }
        const registered = location.transformer ? location.transformer.encode(identifier, description) : identifier;
        registrationId = this.#sender.newId();
        operations.push({ create: type, values }, registration(registrationId, values.id, registered, location.id));
      }
      options.signal?.throwIfAborted();
      const entities = await this.#sender.register("createComponent", operations, registrationId);
      for (const { values } of planned) this.#added(values.id, location);
      return entities?.[0] ?? (await this.#sender.entity("Component", planned[0]!.values.id))!;
    } catch (error) {
      if (error instanceof CommitOutcomeUnknownError) throw unknownOutcome(location.id, error, written);
      await this.#undo(error, location, written, async () => {
        for (const [id, identifier] of Object.entries(written)) {
          await accessor.remove(identifier);
          Reflect.deleteProperty(written, id);
        }
      });
      throw error;
    }
  }

  /** Takes back what was done; what cannot be is named. */
  async #undo(cause: unknown, location: ConfiguredLocation, left: Readonly<Record<string, string>>, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw new LocationError(`location ${location.id}: ${String(cause)}; what was written could not be removed: ${String(error)}`, { cause, left, transferred: Object.keys(left) });
    }
  }

  #added(componentId: string, { id }: ConfiguredLocation): void {
    this.#sender.published("ftrack.location.component-added", { component_id: componentId, location_id: id });
  }

  async #describe(kind: ComponentDescription["kind"], values: Readonly<Record<string, unknown>>): Promise<ComponentDescription> {
    const id = values.version_id;
    const version = typeof id === "string" ? await this.#sender.session.get("AssetVersion", id) : null;
    if (version) checkCommitted("createComponent", version);
    else if (typeof id === "string") throw new OperationError(`createComponent: the server has no AssetVersion ${id}: was its creation rolled back, or was it deleted?`);
    return describe(kind, values, version ? await this.#data.version(version) : undefined);
  }

  #fileType(fileName: string): string {
    if (!fileName) return "";
    const told = this.#sender.asked("ftrack.api.session.get-file-type-from-string", { file_path: fileName }).find((answer) => typeof answer === "string");
    return told ?? fileTypeOf(fileName);
  }
}

function describe(kind: ComponentDescription["kind"], values: Readonly<Record<string, unknown>>, version?: VersionDescription): ComponentDescription {
  const { id, name, file_type: fileType = "", padding = 0 } = values as { id: string; name: string; file_type?: string; padding?: number };
  return { id, name, fileType, kind, padding, version };
}

/** Registers a component in a location. */
export function registration(id: string, componentId: string, resourceIdentifier: string, locationId: string): OwnOperation {
  return { create: "ComponentLocation", values: { id, component_id: componentId, location_id: locationId, resource_identifier: resourceIdentifier } };
}

/** For data that is written, of which nobody knows whether it is registered: it stays. */
export function unknownOutcome(locationId: string, cause: CommitOutcomeUnknownError, left: Readonly<Record<string, string>>): LocationError {
  return new LocationError(`location ${locationId}: ${cause.message}; the data may be registered, and stays`, { cause, left, transferred: Object.keys(left) });
}

/** What a component may be given an entity for, and of which type. */
const REFERENCES: ReadonlyMap<string, string> = new Map([["version", "AssetVersion"], ["container", "Component"]]);

/** Values with references as foreign keys, which is how the component is described too. */
function keyed(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        if (!isEntity(value)) return [name, value];
        const type = REFERENCES.get(name);
        if (!type) throw new InvalidArgumentError(`createComponent: data.${name} cannot be an entity`);
        if (!value.isA(type)) throw new InvalidArgumentError(`createComponent: data.${name} must be of type ${type}, not ${value.entityType}`);
        return [`${name}_id`, readAttribute(value, "id")];
      }),
  );
}

function progressOf(total: number, onProgress: TransferOptions["onProgress"]): (id: string) => ((progress: TransferProgress) => void) | undefined {
  if (!onProgress) return () => undefined;
  const loaded = new Map<string, number>();
  return (id) => (progress) => {
    loaded.set(id, progress.loaded);
    onProgress({ loaded: [...loaded.values()].reduce((sum, bytes) => sum + bytes, 0), total });
  };
}

/** Works on several items at once; after a failure no other is begun, and those under way are ended. */
async function pooled<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>, abort: AbortController): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && !abort.signal.aborted; item = waiting.shift()) await work(item);
  };
  const workers = Array.from({ length: Math.min(width, items.length) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    abort.abort(error);
    await Promise.allSettled(workers);
    throw error;
  }
}
