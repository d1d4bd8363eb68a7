import { CALL_OPTIONS, checkArgument, entitiesOf, entity as anEntity, entityOf, flag, optionsOf, text } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { MEDIA_OPTIONS } from "./component-options.js";
import type { ComponentOptions, MediaOptions } from "./component-options.js";
import type { Components, UploadStartOptions } from "./components.js";
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
import { THUMBNAIL_OPTIONS } from "./thumbnails.js";
import type { ThumbnailOptions } from "./thumbnails.js";
import type { ComponentFile } from "./source-file.js";
import type { Upload } from "./upload.js";
import type { UnfinishedUpload } from "./unfinished-upload.js";
import { SEARCH_OPTIONS, ServerActions, UPLOAD_METADATA_OPTIONS, actionOf } from "./server-actions.js";
import type { SearchOptions, SearchResult, UploadMetadataOptions } from "./server-actions.js";

/** What a call takes. */
interface Signalled {
  signal?: AbortSignal | undefined;
}

/** What a widget is shown for, and how. */
interface WidgetUrlOptions {
  entity?: Entity | undefined;
  theme?: string | undefined;
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
  async readComponent(component: Entity, options: TransferOptions = {}): Promise<Blob> {
    return this.components.read(entityOf("readComponent", "argument", component, "Component"), options);
  }

  /**
   * A small picture of a component, or of an entity that has a thumbnail, as the server makes it. Which one an entity has is fetched where it is
   * not loaded. No key stands in an address.
   */
  async thumbnail(of: Entity, options: ThumbnailOptions = {}): Promise<Blob> {
    const { signal } = optionsOf<ThumbnailOptions>("thumbnail", options, THUMBNAIL_OPTIONS);
    if (thumbnailId(of, "thumbnail") === undefined && stateOf(of).type.attributes.has("thumbnail_id")) await of.load("thumbnail_id", signal ? { signal } : {});
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
    const { signal } = optionsOf("pickLocation", options, CALL_OPTIONS);
    const id = component ? (await this.components.pick([entityOf("pickLocation", "argument", component, "Component")], signal))[0]?.id : book.accessible.find(({ pickable }) => pickable)?.id;
    return id === undefined ? null : sender.session.get("Location", id, { ...(signal && { signal }) });
  }

  /** `pickLocation` for several components, in few requests. */
  async pickLocations(components: readonly Entity[], options: Signalled = {}): Promise<(Entity | null)[]> {
    const picked = await this.components.pick(entitiesOf("pickLocations", components, "Component"), optionsOf("pickLocations", options, CALL_OPTIONS).signal);
    return Promise.all(picked.map((place) => (place ? this.components.sender.session.get("Location", place.id) : Promise.resolve(null))));
  }

  /** How much of a component each location has, in percent, by the locations' ids; those that have nothing are left out. */
  async getComponentAvailability(component: Entity, options: Signalled = {}): Promise<Availability> {
    return (await this.getComponentAvailabilities([entityOf("getComponentAvailability", "argument", component, "Component")], options))[0]!;
  }

  /** `getComponentAvailability` for several components, in few requests. */
  async getComponentAvailabilities(components: readonly Entity[], options: Signalled = {}): Promise<Availability[]> {
    const { signal } = optionsOf("getComponentAvailabilities", options, CALL_OPTIONS);
    return this.components.data.availabilities(entitiesOf("getComponentAvailabilities", components, "Component"), signal);
  }

  /** Searches by words rather than by an expression; the rows are entities of this session. */
  async search(options: SearchOptions, call: Signalled = {}): Promise<SearchResult> {
    return this.#actions.search(given("search", options, SEARCH_OPTIONS, ["expression", "entityType"]), optionsOf("search", call, CALL_OPTIONS).signal);
  }

  /** Asks where the bytes of a component go; `createComponent` does this by itself. */
  async getUploadMetadata(options: UploadMetadataOptions, call: Signalled = {}): Promise<Record<string, unknown>> {
    const { componentId, fileName, fileSize, checksum, parts } = given("getUploadMetadata", options, UPLOAD_METADATA_OPTIONS, ["componentId", "fileName", "fileSize"]);
    const parameters = { component_id: componentId, file_name: fileName, file_size: fileSize, checksum, parts };
    return this.#actions.one("get_upload_metadata", parameters, optionsOf("getUploadMetadata", call, CALL_OPTIONS).signal);
  }

  /** The address of a widget of the web interface for an entity. It lets its bearer in, for some minutes. */
  async getWidgetUrl(name: string, options: WidgetUrlOptions = {}, call: Signalled = {}): Promise<string> {
    checkArgument("getWidgetUrl", "name", name, text);
    const { entity, theme } = optionsOf("getWidgetUrl", options, { entity: anEntity, theme: text });
    const { signal } = optionsOf("getWidgetUrl", call, CALL_OPTIONS);
    const of = entity && { entity_type: entity.entityType, entity_key: ServerActions.keyOf(entity) };
    return String((await this.#actions.one("get_widget_url", { name, theme, ...of }, signal)).widget_url);
  }

  /**
   * Has the server make media for reviews of a component, or of a file that is uploaded first, and gives the job that does it. A
   * version, where given, gets the media as its review components and its thumbnail.
   */
  async encodeMedia(media: ComponentFile | Entity, given: MediaOptions = {}): Promise<Job> {
    const { version, keepOriginal, ...options } = optionsOf("encodeMedia", given, MEDIA_OPTIONS);
    if (isEntity(version)) checkCommitted("encodeMedia", version);
    const versionId = isEntity(version) ? idOf(version) : version;
    const component = isEntity(media) ? entityOf("encodeMedia", "argument", media, "Component") : await this.createComponent(media, { ...options, location: SERVER_LOCATION_ID, data: { version_id: versionId } });
    const keep = keepOriginal ?? isEntity(media);
    const reply = await this.#actions.one("encode_media", { component_id: idOf(component), version_id: versionId ?? null, keep_original: keep }, options.signal);
    return (await this.components.sender.session.get("Job", String(reply.job_id)))!;
  }

  /** Mails users their invitation. */
  async sendUserInvites(users: readonly Entity[], call: Signalled = {}): Promise<void> {
    await this.#actions.all("send_user_invite", entitiesOf("sendUserInvites", users, "User").map((user) => ({ user_id: idOf(user) })), optionsOf("sendUserInvites", call, CALL_OPTIONS).signal);
  }

  /** Mails invitees of review sessions their invitation. */
  async sendReviewSessionInvites(invitees: readonly Entity[], call: Signalled = {}): Promise<void> {
    const several = entitiesOf("sendReviewSessionInvites", invitees).map((invitee) => ({ review_session_invitee_id: idOf(invitee) }));
    await this.#actions.all("send_review_session_invite", several, optionsOf("sendReviewSessionInvites", call, CALL_OPTIONS).signal);
  }

  /** Has the server reset something of an entity, such as its `api_key`, and gives what it says. */
  async resetRemote(resetType: string, entity?: Entity, call: Signalled = {}): Promise<unknown> {
    checkArgument("resetRemote", "type", resetType, text);
    const of = entity && { entity_type: entityOf("resetRemote", "second argument", entity).entityType, entity_key: idOf(entity) };
    return (await this.#actions.one("reset_remote", { reset_type: resetType, ...of }, optionsOf("resetRemote", call, CALL_OPTIONS).signal)).data;
  }

  /** Has the server do a job of its own, such as `SYNC_USERS_LDAP`, later. */
  async delayedJob(jobType: string, call: Signalled = {}): Promise<Record<string, unknown>> {
    checkArgument("delayedJob", "type", jobType, text);
    return this.#actions.one("delayed_job", { job_type: jobType }, optionsOf("delayedJob", call, CALL_OPTIONS).signal);
  }

  /** Gives a user a security role: in all open projects, in one, or in those that are granted one by one. */
  async addUserSecurityRole(user: Entity, role: Entity, options: { project?: Entity; allOpenProjects?: boolean } = {}, call: Signalled = {}): Promise<void> {
    const { project, allOpenProjects } = optionsOf("addUserSecurityRole", options, { project: anEntity, allOpenProjects: flag });
    await this.#role("addUserSecurityRole", { user, role, ...(project && { project }) }, call, { all_open_projects: allOpenProjects });
  }

  /** Takes a security role from a user. */
  async removeUserSecurityRole(user: Entity, role: Entity, call: Signalled = {}): Promise<void> {
    await this.#role("removeUserSecurityRole", { user, role }, call);
  }

  /** Gives a user another security role in place of one. */
  async updateUserSecurityRole(user: Entity, role: Entity, newRole: Entity, call: Signalled = {}): Promise<void> {
    await this.#role("updateUserSecurityRole", { user, role, newRole }, call);
  }

  /** Lets a security role of a user count in a project. */
  async grantUserSecurityRoleProject(user: Entity, role: Entity, project: Entity, call: Signalled = {}): Promise<void> {
    await this.#role("grantUserSecurityRoleProject", { user, role, project }, call);
  }

  /** Lets a security role of a user count in a project no more. */
  async revokeUserSecurityRoleProject(user: Entity, role: Entity, project: Entity, call: Signalled = {}): Promise<void> {
    await this.#role("revokeUserSecurityRoleProject", { user, role, project }, call);
  }

  /** Does an action on a security role, in which entities go by their ids. */
  async #role(caller: string, of: Readonly<Record<string, Entity>>, call: Signalled, more: object = {}): Promise<void> {
    const ids = Object.entries(of).map(([name, part]) => [`${actionOf(name)}_id`, idOf(entityOf(caller, name, part))]);
    await this.#actions.one(actionOf(caller), { ...(Object.fromEntries(ids) as Record<string, string>), ...more }, optionsOf(caller, call, CALL_OPTIONS).signal);
  }

  get #actions(): ServerActions {
    return new ServerActions(this.components.sender);
  }
}

/** Options of which some must be given. */
function given<T extends object>(caller: string, options: T, checks: Checks<T>, needed: readonly (keyof T & string)[]): T {
  const found = optionsOf(caller, options, checks);
  for (const name of needed) if (found[name] === undefined) throw new InvalidArgumentError(`${caller}: the option ${name} is missing`);
  return found;
}

/** The component whose picture is meant: the entity itself, or its thumbnail; `null` where it has none, `undefined` where that is not loaded. */
function thumbnailId(of: Entity, caller: string): string | null | undefined {
  if (!isEntity(of)) throw new InvalidArgumentError(`${caller}: the argument must be a Component, or an entity with a thumbnail`);
  if (of.isA("Component")) return idOf(of);
  return readAttribute(of, "thumbnail_id") as string | null | undefined;
}
