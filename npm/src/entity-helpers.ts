import type { TransferOptions } from "./accessor.js";
import { optionsOf } from "./arguments.js";
import type { Availability } from "./component-data.js";
import { idOf } from "./component-data.js";
import type { ComponentTransferOptions } from "./component-transfers.js";
import { COMPONENT_OPTIONS, IN_DATA, MEDIA_OPTIONS } from "./component-options.js";
import type { ComponentOptions, MediaOptions } from "./component-options.js";
import type { Entity } from "./entity.js";
import type { AnyComponent, AnyResource, Job, Note, NoteCategory, NoteLabel, Status, Timelog, Timer, Type, User } from "./generated/entities.js";
import { createNote, createReply } from "./notes.js";
import { getStatuses, getTypes } from "./project-schemas.js";
import type { EntityType } from "./schema.js";
import type { ComponentFile } from "./source-file.js";
import { createThumbnail } from "./thumbnail-creation.js";
import { startTimer, stopTimer } from "./timers.js";
import type { TimerOptions } from "./timers.js";

/** What a note is made with. */
export interface NoteOptions {
  /** By default whoever the session is for. */
  author?: User | undefined;
  /** Users and groups that are told. */
  recipients?: readonly AnyResource[] | undefined;
  category?: NoteCategory | undefined;
  labels?: readonly NoteLabel[] | undefined;
}

/** Of entities that have notes. */
export interface NoteCreation {
  /** Records a note; the next commit sends it. The notes that are there are not fetched for it. */
  createNote(content: string, options?: NoteOptions): Note;
}

/** Of notes. */
export interface NoteReplying {
  /** Records a reply; the next commit sends it. */
  createReply(content: string, options?: { author?: User | undefined }): Note;
}

/** Of entities that have a thumbnail. */
export interface ThumbnailCreation {
  /** Uploads a picture, and makes it the thumbnail once it is there. It sends its own operations at once. */
  createThumbnail(file: ComponentFile, options?: Pick<ComponentOptions, "data"> & TransferOptions): Promise<AnyComponent>;
}

/** Of versions. */
export interface VersionMedia {
  /** `session.createComponent` for a component of this version. */
  createComponent(file: ComponentFile | readonly ComponentFile[], options?: ComponentOptions): Promise<AnyComponent>;
  /** `session.encodeMedia` for review media of this version. */
  encodeMedia(media: ComponentFile | Entity, options?: { keepOriginal?: boolean | undefined } & TransferOptions): Promise<Job>;
}

/** Of components. */
export interface ComponentPlaces {
  /** `session.getComponentAvailability` of this component. */
  getAvailability(options?: { signal?: AbortSignal | undefined }): Promise<Availability>;
}

/** Of locations. */
export interface LocationMembers {
  /** Copies a component from a location that has it, and registers it here. */
  addComponent(component: Entity, source: Entity | string, options?: ComponentTransferOptions): Promise<void>;
  /** Copies components; all data first, then they are registered in one request. */
  addComponents(components: readonly Entity[], source: Entity | string, options?: ComponentTransferOptions): Promise<void>;
  /** Takes a component's data away, where it can be reached, and then the component. */
  removeComponent(component: Entity, options?: ComponentTransferOptions): Promise<void>;
  removeComponents(components: readonly Entity[], options?: ComponentTransferOptions): Promise<void>;
  /** The identifier under which a component stands here. */
  getResourceIdentifier(component: Entity): Promise<string>;
  getResourceIdentifiers(components: readonly Entity[]): Promise<string[]>;
  /** Where a component stands in a file system. @throws {AccessorFilesystemPathError} */
  getFilesystemPath(component: Entity): Promise<string>;
  /** The address of a component's data. @throws {AccessorUnsupportedOperationError} */
  getUrl(component: Entity): Promise<string>;
}

/** Of project schemas. */
export interface ProjectSchemaWorkflows {
  /** The statuses of an entity type, for a type of task those that override them. */
  getStatuses(schema: string, typeId?: string): Promise<Status[]>;
  /** The types of an entity type. */
  getTypes(schema: string): Promise<Type[]>;
}

/** Of users. */
export interface UserActions {
  /** Starts a timer at once. @throws {NotUniqueError} while another runs, unless `force` stops it */
  startTimer(context?: Entity, options?: TimerOptions): Promise<Timer>;
  /** Stops the running timer, and logs its time. @throws {NoResultFoundError} when none runs */
  stopTimer(): Promise<Timelog>;
  sendInvite(): Promise<void>;
  /** Makes the user a new API key and gives it; the old one is good no more. */
  resetApiKey(): Promise<string>;
}

/** The names of all helpers: they are no attributes. */
export type HelperName = keyof (NoteCreation & NoteReplying & ThumbnailCreation & VersionMedia & ComponentPlaces & LocationMembers & ProjectSchemaWorkflows & UserActions);

type Methods = Record<string, (this: Entity, ...args: never[]) => unknown>;

const noteCreation: Methods = {
  createNote(content: string, options?: NoteOptions) {
    return createNote(this, content, options);
  },
};

const thumbnailCreation: Methods = {
  createThumbnail(file: ComponentFile, options?: Pick<ComponentOptions, "data"> & TransferOptions) {
    return createThumbnail(this, file, options);
  },
};

const byType: Readonly<Record<string, Methods>> = {
  Note: {
    createReply(content: string, options?: { author?: User | undefined }) {
      return createReply(this, content, options);
    },
  },
  AssetVersion: {
    async createComponent(file: ComponentFile | readonly ComponentFile[], options?: ComponentOptions | null) {
      return this.session.createComponent(file, { ...optionsOf("createComponent", options, COMPONENT_OPTIONS, IN_DATA), data: { ...options?.data, version_id: idOf(this) } });
    },
    async encodeMedia(media: ComponentFile | Entity, options?: { keepOriginal?: boolean | undefined } & TransferOptions) {
      return this.session.encodeMedia(media, { ...optionsOf<MediaOptions>("encodeMedia", options, MEDIA_OPTIONS), version: this });
    },
  },
  Component: {
    getAvailability(options?: { signal?: AbortSignal | undefined }) {
      return this.session.getComponentAvailability(this, options);
    },
  },
  Location: {
    addComponent(component: Entity, source: Entity | string, options?: ComponentTransferOptions) {
      return this.session.components.transfers.add([component], source, this, options);
    },
    addComponents(components: readonly Entity[], source: Entity | string, options?: ComponentTransferOptions) {
      return this.session.components.transfers.add(components, source, this, options);
    },
    removeComponent(component: Entity, options?: ComponentTransferOptions) {
      return this.session.components.transfers.remove([component], this, options);
    },
    removeComponents(components: readonly Entity[], options?: ComponentTransferOptions) {
      return this.session.components.transfers.remove(components, this, options);
    },
    async getResourceIdentifier(component: Entity) {
      return (await this.session.components.transfers.identifiers([component], this))[0]!;
    },
    getResourceIdentifiers(components: readonly Entity[]) {
      return this.session.components.transfers.identifiers(components, this);
    },
    getFilesystemPath(component: Entity) {
      return this.session.components.filesystemPath(component, this);
    },
    getUrl(component: Entity) {
      return this.session.components.url(component, this);
    },
  },
  ProjectSchema: {
    getStatuses(schema: string, typeId?: string) {
      return getStatuses(this, schema, typeId);
    },
    getTypes(schema: string) {
      return getTypes(this, schema);
    },
  },
  User: {
    startTimer(context?: Entity, options?: TimerOptions) {
      return startTimer(this, context, options);
    },
    stopTimer() {
      return stopTimer(this);
    },
    sendInvite() {
      return this.session.sendUserInvites([this]);
    },
    async resetApiKey() {
      const data = await this.session.resetRemote("api_key", this);
      return typeof data === "string" ? data : String((data as { api_key: unknown }).api_key);
    },
  },
};

/** The methods of an entity type beside those of all entities. */
export function helpersOf(type: EntityType): Methods {
  return {
    ...(type.attributes.has("notes") && noteCreation),
    ...(type.attributes.has("thumbnail_id") && thumbnailCreation),
    ...(Object.hasOwn(byType, type.name) && byType[type.name]),
  };
}
