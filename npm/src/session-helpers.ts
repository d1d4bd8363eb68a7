import type { Components, ComponentOptions, UploadStartOptions } from "./components.js";
import { checkNames } from "./call-options.js";
import type { Availability } from "./component-data.js";
import { idOf } from "./component-data.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import type { AnyComponent, Job } from "./generated/entities.js";
import type { LocationSettings } from "./location-book.js";
import { SERVER_LOCATION_ID } from "./locations.js";
import { checkCommitted } from "./states.js";
import type { TransferOptions } from "./accessor.js";
import type { ThumbnailOptions } from "./thumbnails.js";
import type { ComponentFile } from "./source-file.js";
import type { Upload } from "./upload.js";
import type { UnfinishedUpload } from "./unfinished-upload.js";
import { ServerActions } from "./server-actions.js";
import type { SearchOptions, SearchResult, UploadMetadataOptions } from "./server-actions.js";

/** What a call takes. */
interface Signalled {
  signal?: AbortSignal | undefined;
}

/** What is done with a session beside entities: components and their files, and actions of the server. */
export abstract class SessionHelpers {
  /** @internal */
  abstract readonly components: Components;

  /**
   * Makes a component of a file and puts its data into a location. A list of files, or in Node a pattern of paths such as
   * `head.%04d.exr [1-5, 7]`, makes a SequenceComponent with its members; files that are no sequence make a ContainerComponent. It
   * sends its own operations at once: what is recorded stays recorded. When it fails or is aborted, nothing is left.
   *
   * @throws {LocationError} {@link AccessorError} {@link StructureError} {@link ServerError} {@link NetworkError}
   */
  async createComponent(file: ComponentFile | readonly ComponentFile[], options: ComponentOptions = {}): Promise<AnyComponent> {
    return (await this.components.create(file, options)) as AnyComponent;
  }

  /** Starts an upload of one file to the server, which can be paused, resumed and, after a reload, found again; see {@link Upload}. */
  upload(file: ComponentFile, options: UploadStartOptions = {}): Promise<Upload> {
    return this.components.upload(file, options);
  }

  /** The uploads of this user that earlier visits left half done. */
  unfinishedUploads(): Promise<UnfinishedUpload[]> {
    return this.components.unfinished();
  }

  /**
   * The data of a component, from the preferred location that has it and can be reached.
   * @throws {ComponentNotInAnyLocationError} {@link AccessorError}
   */
  readComponent(component: Entity, options: TransferOptions = {}): Promise<Blob> {
    return this.components.read(checked(component, "Component", "readComponent"), options);
  }

  /**
   * A small picture of a component, or of an entity that has a thumbnail, as the server makes it. Which one an entity has is fetched where it is
   * not loaded. No key stands in an address.
   */
  async thumbnail(of: Entity, options: ThumbnailOptions = {}): Promise<Blob> {
    if (thumbnailId(of, "thumbnail") === undefined && stateOf(of).type.attributes.has("thumbnail_id")) await of.load("thumbnail_id", options.signal ? { signal: options.signal } : {});
    const id = thumbnailId(of, "thumbnail");
    if (typeof id !== "string") throw new InvalidArgumentError(`thumbnail: the ${of.entityType} has no thumbnail${id === undefined ? " that is loaded" : ""}`);
    return this.components.thumbnails.blob(id, options);
  }

  /**
   * The address of a thumbnail, for an `<img>`: **it carries the API key**. Whoever sees the address can do what the user can, and
   * it may end up in logs and histories: prefer `thumbnail`.
   */
  thumbnailUrl(of: Entity, options: ThumbnailOptions = {}): string {
    return this.components.thumbnails.url(thumbnailId(of, "thumbnailUrl") ?? null, options);
  }

  /** Says how a location is reached; it stays so whatever is rolled back or reset. What is not given stays as it was. */
  configureLocation(location: Entity | string, settings: LocationSettings): void {
    this.components.book.configure(location, settings);
  }

  /** The preferred location of a component that can be reached and has all of it; without a component the one where new ones go. `null` for none. */
  async pickLocation(component?: Entity, options: Signalled = {}): Promise<Entity | null> {
    const { book, sender } = this.components;
    const id = component ? (await this.components.pick([checked(component, "Component", "pickLocation")], options.signal))[0]?.id : book.accessible.find(({ pickable }) => pickable)?.id;
    return id === undefined ? null : sender.session.get("Location", id, { ...(options.signal && { signal: options.signal }) });
  }

  /** `pickLocation` for several components, in few requests. */
  async pickLocations(components: readonly Entity[], options: Signalled = {}): Promise<(Entity | null)[]> {
    const picked = await this.components.pick(components.map((each) => checked(each, "Component", "pickLocations")), options.signal);
    return Promise.all(picked.map((place) => (place ? this.components.sender.session.get("Location", place.id) : Promise.resolve(null))));
  }

  /** How much of a component each location has, in percent, by the locations' ids; those that have nothing are left out. */
  async getComponentAvailability(component: Entity, options: Signalled = {}): Promise<Availability> {
    return (await this.getComponentAvailabilities([component], options))[0]!;
  }

  /** `getComponentAvailability` for several components, in few requests. */
  getComponentAvailabilities(components: readonly Entity[], { signal }: Signalled = {}): Promise<Availability[]> {
    return this.components.data.availabilities(components.map((each) => checked(each, "Component", "getComponentAvailability")), signal);
  }

  /** Searches by words rather than by an expression; the rows are entities of this session. */
  search(options: SearchOptions, call: Signalled = {}): Promise<SearchResult> {
    return this.#actions.search(options, call.signal);
  }

  /** Asks where the bytes of a component go; `createComponent` does this by itself. */
  getUploadMetadata(options: UploadMetadataOptions, call: Signalled = {}): Promise<Record<string, unknown>> {
    return this.#actions.one("get_upload_metadata", { component_id: options.componentId, file_name: options.fileName, file_size: options.fileSize, checksum: options.checksum, parts: options.parts }, call.signal);
  }

  /** The address of a widget of the web interface for an entity. It lets its bearer in, for some minutes. */
  async getWidgetUrl(name: string, { entity, theme }: { entity?: Entity | undefined; theme?: string | undefined } = {}, call: Signalled = {}): Promise<string> {
    const of = entity && { entity_type: entity.entityType, entity_key: ServerActions.keyOf(entity) };
    return String((await this.#actions.one("get_widget_url", { name, theme, ...of }, call.signal)).widget_url);
  }

  /**
   * Has the server make media for reviews of a component, or of a file that is uploaded first, and gives the job that does it. A
   * version, where given, gets the media as its review components and its thumbnail.
   */
  async encodeMedia(
    media: ComponentFile | Entity,
    given: { version?: Entity | string | undefined; keepOriginal?: boolean | undefined } & TransferOptions = {},
  ): Promise<Job> {
    checkNames("encodeMedia", given, ["version", "keepOriginal", "fileName", "onProgress", "signal"]);
    const { version, keepOriginal, ...options } = given;
    if (isEntity(version)) checkCommitted("encodeMedia", version);
    const versionId = isEntity(version) ? idOf(version) : version;
    const component = isEntity(media) ? checked(media, "Component", "encodeMedia") : await this.createComponent(media, { ...options, location: SERVER_LOCATION_ID, data: { version_id: versionId } });
    const keep = keepOriginal ?? isEntity(media);
    const reply = await this.#actions.one("encode_media", { component_id: idOf(component), version_id: versionId ?? null, keep_original: keep }, options.signal);
    return (await this.components.sender.session.get("Job", String(reply.job_id)))!;
  }

  /** Mails users their invitation. */
  async sendUserInvites(users: readonly Entity[], call: Signalled = {}): Promise<void> {
    await this.#actions.all("send_user_invite", users.map((user) => ({ user_id: idOf(user) })), call.signal);
  }

  /** Mails invitees of review sessions their invitation. */
  async sendReviewSessionInvites(invitees: readonly Entity[], call: Signalled = {}): Promise<void> {
    await this.#actions.all("send_review_session_invite", invitees.map((invitee) => ({ review_session_invitee_id: idOf(invitee) })), call.signal);
  }

  /** Has the server reset something of an entity, such as its `api_key`, and gives what it says. */
  async resetRemote(resetType: string, entity?: Entity, call: Signalled = {}): Promise<unknown> {
    return (await this.#actions.one("reset_remote", { reset_type: resetType, ...(entity && { entity_type: entity.entityType, entity_key: idOf(entity) }) }, call.signal)).data;
  }

  /** Has the server do a job of its own, such as `SYNC_USERS_LDAP`, later. */
  delayedJob(jobType: string, call: Signalled = {}): Promise<Record<string, unknown>> {
    return this.#actions.one("delayed_job", { job_type: jobType }, call.signal);
  }

  /** Gives a user a security role: in all open projects, in one, or in those that are granted one by one. */
  async addUserSecurityRole(user: Entity, role: Entity, { project, allOpenProjects }: { project?: Entity; allOpenProjects?: boolean } = {}, call: Signalled = {}): Promise<void> {
    await this.#actions.one("add_user_security_role", { ...roleOf(user, role, project), all_open_projects: allOpenProjects }, call.signal);
  }

  /** Takes a security role from a user. */
  async removeUserSecurityRole(user: Entity, role: Entity, call: Signalled = {}): Promise<void> {
    await this.#actions.one("remove_user_security_role", roleOf(user, role), call.signal);
  }

  /** Gives a user another security role in place of one. */
  async updateUserSecurityRole(user: Entity, role: Entity, newRole: Entity, call: Signalled = {}): Promise<void> {
    await this.#actions.one("update_user_security_role", { ...roleOf(user, role), new_role_id: idOf(newRole) }, call.signal);
  }

  /** Lets a security role of a user count in a project. */
  async grantUserSecurityRoleProject(user: Entity, role: Entity, project: Entity, call: Signalled = {}): Promise<void> {
    await this.#actions.one("grant_user_security_role_project", roleOf(user, role, project), call.signal);
  }

  /** Lets a security role of a user count in a project no more. */
  async revokeUserSecurityRoleProject(user: Entity, role: Entity, project: Entity, call: Signalled = {}): Promise<void> {
    await this.#actions.one("revoke_user_security_role_project", roleOf(user, role, project), call.signal);
  }

  get #actions(): ServerActions {
    return new ServerActions(this.components.sender);
  }
}

function roleOf(user: Entity, role: Entity, project?: Entity): Record<string, unknown> {
  return { user_id: idOf(user), role_id: idOf(role), ...(project && { project_id: idOf(project) }) };
}

function checked(entity: Entity, type: string, caller: string): Entity {
  if (!isEntity(entity) || !entity.isA(type)) throw new InvalidArgumentError(`${caller}: the argument must be a ${type}`);
  return entity;
}

/** The component whose picture is meant: the entity itself, or its thumbnail; `null` where it has none, `undefined` where that is not loaded. */
function thumbnailId(of: Entity, caller: string): string | null | undefined {
  if (!isEntity(of)) throw new InvalidArgumentError(`${caller}: the argument must be a Component, or an entity with a thumbnail`);
  if (of.isA("Component")) return idOf(of);
  return readAttribute(of, "thumbnail_id") as string | null | undefined;
}
