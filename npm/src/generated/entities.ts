// Written by scripts/generate-types.mjs from a server's schemas; `npm run generate` writes it anew.
import type { Collection } from "../collection.js";
import type { CustomAttributes } from "../custom-attributes.js";
import type { KeyedCollection } from "../keyed-collection.js";
import type { Entity } from "../entity.js";
import type { ComponentPlaces, LocationMembers, NoteCreation, NoteReplying, ProjectSchemaWorkflows, ThumbnailCreation, UserActions, VersionMedia } from "../entity-helpers.js";
import type { JsonValue, LinkItem } from "../entity-values.js";

export interface Appointment extends Entity {
  readonly entityType: "Appointment";
  get context(): AnyContext | null | undefined;
  set context(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get context_id(): string | null | undefined;
  set context_id(value: string | null);
  readonly id: string | null | undefined;
  get resource(): AnyResource | null | undefined;
  set resource(value: AnyResource | null);
  /** Foreign key(s): Resource.id */
  get resource_id(): string | null | undefined;
  set resource_id(value: string | null);
  get type(): string | null | undefined;
  set type(value: string | null);
}

export interface Asset extends Entity {
  readonly entityType: "Asset";
  /** Foreign key(s): Context.id */
  get context_id(): string | null | undefined;
  set context_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly id: string | null | undefined;
  readonly latest_version: AssetVersion | null | undefined;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  get type(): AssetType | null | undefined;
  set type(value: AssetType | null);
  /** Foreign key(s): AssetType.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
  readonly versions: Collection<AssetVersion>;
}

export interface AssetBuild extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "AssetBuild";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  readonly bid: number | null | undefined;
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly start_date: Date | null | undefined;
  get status(): Status | null | undefined;
  set status(value: Status | null);
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  get type(): Type | null | undefined;
  set type(value: Type | null);
  /** Foreign key(s): Type.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
}

export interface AssetCustomAttributeLink extends Entity {
  readonly entityType: "AssetCustomAttributeLink";
  get asset(): Asset | null | undefined;
  set asset(value: Asset | null);
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface AssetCustomAttributeLinkFrom extends Entity {
  readonly entityType: "AssetCustomAttributeLinkFrom";
  get asset(): Asset | null | undefined;
  set asset(value: Asset | null);
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface AssetCustomAttributeValue extends Entity {
  readonly entityType: "AssetCustomAttributeValue";
  get configuration(): CustomAttributeConfiguration | null | undefined;
  set configuration(value: CustomAttributeConfiguration | null);
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): Asset.id */
  readonly entity_id: string | null | undefined;
  get key(): string | null | undefined;
  set key(value: string | null);
  get value(): JsonValue | null | undefined;
  set value(value: JsonValue | null);
}

export interface AssetType extends Entity {
  readonly entityType: "AssetType";
  readonly assets: Collection<Asset>;
  get component(): string | null | undefined;
  set component(value: string | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get short(): string | null | undefined;
  set short(value: string | null);
}

export interface AssetVersion extends Entity, NoteCreation, ThumbnailCreation, VersionMedia {
  readonly entityType: "AssetVersion";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  get asset(): Asset | null | undefined;
  set asset(value: Asset | null);
  /** Foreign key(s): Asset.id */
  get asset_id(): string | null | undefined;
  set asset_id(value: string | null);
  get comment(): string | null | undefined;
  set comment(value: string | null);
  readonly components: Collection<AnyComponent>;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<AssetVersionLink>;
  readonly is_latest_version: boolean | null | undefined;
  get is_published(): boolean | null | undefined;
  set is_published(value: boolean | null);
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<AssetVersionList>;
  readonly metadata: KeyedCollection;
  readonly notes: Collection<Note>;
  readonly outgoing_links: Collection<AssetVersionLink>;
  readonly review_session_objects: Collection<ReviewSessionObject>;
  get status(): Status | null | undefined;
  set status(value: Status | null);
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get task(): AnyTypedContext | null | undefined;
  set task(value: AnyTypedContext | null);
  /** Foreign key(s): Task.id */
  get task_id(): string | null | undefined;
  set task_id(value: string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly used_in_versions: Collection<AssetVersion>;
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
  readonly uses_versions: Collection<AssetVersion>;
  get version(): number | null | undefined;
  set version(value: number | null);
}

export interface AssetVersionCustomAttributeLink extends Entity {
  readonly entityType: "AssetVersionCustomAttributeLink";
  get asset_version(): AssetVersion | null | undefined;
  set asset_version(value: AssetVersion | null);
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface AssetVersionCustomAttributeLinkFrom extends Entity {
  readonly entityType: "AssetVersionCustomAttributeLinkFrom";
  get asset_version(): AssetVersion | null | undefined;
  set asset_version(value: AssetVersion | null);
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface AssetVersionCustomAttributeValue extends Entity {
  readonly entityType: "AssetVersionCustomAttributeValue";
  get configuration(): CustomAttributeConfiguration | null | undefined;
  set configuration(value: CustomAttributeConfiguration | null);
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly entity_id: string | null | undefined;
  get key(): string | null | undefined;
  set key(value: string | null);
  get value(): JsonValue | null | undefined;
  set value(value: JsonValue | null);
}

export interface AssetVersionLink extends Entity {
  readonly entityType: "AssetVersionLink";
  get from(): AssetVersion | null | undefined;
  set from(value: AssetVersion | null);
  /** Foreign key(s): AssetVersion.id */
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  get to(): AssetVersion | null | undefined;
  set to(value: AssetVersion | null);
  /** Foreign key(s): AssetVersion.id */
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface AssetVersionList extends Entity {
  readonly entityType: "AssetVersionList";
  get category(): ListCategory | null | undefined;
  set category(value: ListCategory | null);
  /** Foreign key(s): ListCategory.id */
  get category_id(): string | null | undefined;
  set category_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  readonly id: string | null | undefined;
  get is_open(): boolean | null | undefined;
  set is_open(value: boolean | null);
  readonly items: Collection<AssetVersion>;
  get name(): string | null | undefined;
  set name(value: string | null);
  get owner(): User | null | undefined;
  set owner(value: User | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  /** Defines the type of the items this list accepts. */
  get system_type(): string | null | undefined;
  set system_type(value: string | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface AssetVersionStatusChange extends Entity {
  readonly entityType: "AssetVersionStatusChange";
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  get from_status(): Status | null | undefined;
  set from_status(value: Status | null);
  /** Foreign key(s): Status.id */
  get from_status_id(): string | null | undefined;
  set from_status_id(value: string | null);
  readonly id: string | null | undefined;
  get parent(): AssetVersion | null | undefined;
  set parent(value: AssetVersion | null);
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get parent_type(): string | null | undefined;
  set parent_type(value: string | null);
  get status(): Status | null | undefined;
  set status(value: Status | null);
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface CalendarEvent extends Entity {
  readonly entityType: "CalendarEvent";
  readonly calendar_event_resources: Collection<CalendarEventResource>;
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get created_by(): User | null | undefined;
  set created_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get created_by_id(): string | null | undefined;
  set created_by_id(value: string | null);
  get effort(): number | null | undefined;
  set effort(value: number | null);
  get end(): Date | null | undefined;
  set end(value: Date | string | null);
  get estimate(): number | null | undefined;
  set estimate(value: number | null);
  get everyone(): boolean | null | undefined;
  set everyone(value: boolean | null);
  get forecast(): boolean | null | undefined;
  set forecast(value: boolean | null);
  readonly id: string | null | undefined;
  get leave(): boolean | null | undefined;
  set leave(value: boolean | null);
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  get start(): Date | null | undefined;
  set start(value: Date | string | null);
  get type(): Type | null | undefined;
  set type(value: Type | null);
  /** Foreign key(s): Type.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
}

export interface CalendarEventResource extends Entity {
  readonly entityType: "CalendarEventResource";
  get calendar_event(): CalendarEvent | null | undefined;
  set calendar_event(value: CalendarEvent | null);
  /** Foreign key(s): CalendarEvent.id */
  get calendar_event_id(): string | null | undefined;
  set calendar_event_id(value: string | null);
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get created_by(): User | null | undefined;
  set created_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get created_by_id(): string | null | undefined;
  set created_by_id(value: string | null);
  readonly id: string | null | undefined;
  get resource(): AnyResource | null | undefined;
  set resource(value: AnyResource | null);
  /** Foreign key(s): Resource.id */
  get resource_id(): string | null | undefined;
  set resource_id(value: string | null);
}

export interface Component extends Entity, ComponentPlaces {
  readonly entityType: "Component";
  readonly component_locations: Collection<ComponentLocation>;
  get container(): ContainerComponent | null | undefined;
  set container(value: ContainerComponent | null);
  /** Foreign key(s): ContainerComponent.id */
  get container_id(): string | null | undefined;
  set container_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  get file_type(): string | null | undefined;
  set file_type(value: string | null);
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  get size(): number | null | undefined;
  set size(value: number | null);
  get system_type(): string | null | undefined;
  set system_type(value: string | null);
  get version(): AssetVersion | null | undefined;
  set version(value: AssetVersion | null);
  /** Foreign key(s): AssetVersion.id */
  get version_id(): string | null | undefined;
  set version_id(value: string | null);
}

/** Any type that is a Component. */
export type AnyComponent = Component | ContainerComponent | FileComponent | SequenceComponent;

export interface ComponentCustomAttributeLink extends Entity {
  readonly entityType: "ComponentCustomAttributeLink";
  get component(): AnyComponent | null | undefined;
  set component(value: AnyComponent | null);
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface ComponentCustomAttributeLinkFrom extends Entity {
  readonly entityType: "ComponentCustomAttributeLinkFrom";
  get component(): AnyComponent | null | undefined;
  set component(value: AnyComponent | null);
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface ComponentLocation extends Entity {
  readonly entityType: "ComponentLocation";
  get component(): AnyComponent | null | undefined;
  set component(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get component_id(): string | null | undefined;
  set component_id(value: string | null);
  readonly id: string | null | undefined;
  get location(): Location | null | undefined;
  set location(value: Location | null);
  /** Foreign key(s): Location.id */
  get location_id(): string | null | undefined;
  set location_id(value: string | null);
  get resource_identifier(): string | null | undefined;
  set resource_identifier(value: string | null);
  readonly url: JsonValue | null | undefined;
}

export interface ContainerComponent extends Entity, ComponentPlaces {
  readonly entityType: "ContainerComponent";
  readonly component_locations: Collection<ComponentLocation>;
  get container(): ContainerComponent | null | undefined;
  set container(value: ContainerComponent | null);
  /** Foreign key(s): ContainerComponent.id */
  get container_id(): string | null | undefined;
  set container_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  get file_type(): string | null | undefined;
  set file_type(value: string | null);
  /** Foreign key(s): Component.id */
  readonly id: string | null | undefined;
  readonly members: Collection<AnyComponent>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  get size(): number | null | undefined;
  set size(value: number | null);
  get system_type(): string | null | undefined;
  set system_type(value: string | null);
  get version(): AssetVersion | null | undefined;
  set version(value: AssetVersion | null);
  /** Foreign key(s): AssetVersion.id */
  get version_id(): string | null | undefined;
  set version_id(value: string | null);
}

/** Any type that is a Context. */
export type AnyContext = Project | TypedContext | AssetBuild | Episode | Folder | Milestone | Sequence | Shot | Task;

export interface ContextCustomAttributeLink extends Entity {
  readonly entityType: "ContextCustomAttributeLink";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get context(): AnyContext | null | undefined;
  set context(value: AnyContext | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface ContextCustomAttributeLinkFrom extends Entity {
  readonly entityType: "ContextCustomAttributeLinkFrom";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get context(): AnyContext | null | undefined;
  set context(value: AnyContext | null);
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface ContextCustomAttributeValue extends Entity {
  readonly entityType: "ContextCustomAttributeValue";
  get configuration(): CustomAttributeConfiguration | null | undefined;
  set configuration(value: CustomAttributeConfiguration | null);
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): Context.id */
  readonly entity_id: string | null | undefined;
  get key(): string | null | undefined;
  set key(value: string | null);
  get value(): JsonValue | null | undefined;
  set value(value: JsonValue | null);
}

export interface Conversation extends Entity {
  readonly entityType: "Conversation";
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get created_by(): User | null | undefined;
  set created_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get created_by_id(): string | null | undefined;
  set created_by_id(value: string | null);
  readonly id: string | null | undefined;
  readonly messages: Collection<Message>;
  readonly participants: Collection<Participant>;
}

export interface CustomAttributeConfiguration extends Entity {
  readonly entityType: "CustomAttributeConfiguration";
  /** JSON blob of relevant menu options. */
  get config(): string | null | undefined;
  set config(value: string | null);
  /** Whether a non-alterable builtin. */
  get core(): boolean | null | undefined;
  set core(value: boolean | null);
  /** Default value to use when no specific attribute value set on an instance. */
  get default(): JsonValue | null | undefined;
  set default(value: JsonValue | null);
  /** The entity type (table name). */
  get entity_type(): string | null | undefined;
  set entity_type(value: string | null);
  get group(): CustomAttributeGroup | null | undefined;
  set group(value: CustomAttributeGroup | null);
  /** Foreign key(s): CustomAttributeGroup.id */
  get group_id(): string | null | undefined;
  set group_id(value: string | null);
  readonly id: string | null | undefined;
  /** Whether overridable at different levels. */
  get is_hierarchical(): boolean | null | undefined;
  set is_hierarchical(value: boolean | null);
  /** Attribute name unique to entity type. */
  get key(): string | null | undefined;
  set key(value: string | null);
  /** Display name for attribute. */
  get label(): string | null | undefined;
  set label(value: string | null);
  get object_type(): ObjectType | null | undefined;
  set object_type(value: ObjectType | null);
  /** Id of object type attribute applies to. */
  get object_type_id(): string | null | undefined;
  set object_type_id(value: string | null);
  /** Id of project attribute is configured for. */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly read_security_roles: Collection<SecurityRole>;
  /** Graphical interface sort order. */
  get sort(): number | null | undefined;
  set sort(value: number | null);
  get type(): CustomAttributeType | null | undefined;
  set type(value: CustomAttributeType | null);
  /** Foreign key(s): CustomAttributeType.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
  readonly values: Collection<AnyCustomAttributeValue>;
  readonly write_security_roles: Collection<SecurityRole>;
}

export interface CustomAttributeGroup extends Entity {
  readonly entityType: "CustomAttributeGroup";
  readonly custom_attribute_configurations: Collection<CustomAttributeConfiguration>;
  readonly id: string | null | undefined;
  /** Name of custom attribute group */
  get name(): string | null | undefined;
  set name(value: string | null);
}

export interface CustomAttributeLink extends Entity {
  readonly entityType: "CustomAttributeLink";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

/** Any type that is a CustomAttributeLink. */
export type AnyCustomAttributeLink = CustomAttributeLink | AssetCustomAttributeLink | AssetVersionCustomAttributeLink | ComponentCustomAttributeLink | ContextCustomAttributeLink | GroupCustomAttributeLink | ListCustomAttributeLink | UserCustomAttributeLink;

export interface CustomAttributeLinkConfiguration extends Entity {
  readonly entityType: "CustomAttributeLinkConfiguration";
  /** JSON blob of relevant menu options. */
  get config(): string | null | undefined;
  set config(value: string | null);
  /** Whether a non-alterable builtin. */
  get core(): boolean | null | undefined;
  set core(value: boolean | null);
  /** The entity type (table name). */
  get entity_type(): string | null | undefined;
  set entity_type(value: string | null);
  /** The entity type (table name). */
  readonly entity_type_to: string | null | undefined;
  get group(): CustomAttributeGroup | null | undefined;
  set group(value: CustomAttributeGroup | null);
  /** Foreign key(s): CustomAttributeGroup.id */
  get group_id(): string | null | undefined;
  set group_id(value: string | null);
  readonly id: string | null | undefined;
  /** Attribute name unique to entity type. */
  get key(): string | null | undefined;
  set key(value: string | null);
  /** Display name for attribute. */
  get label(): string | null | undefined;
  set label(value: string | null);
  get object_type(): ObjectType | null | undefined;
  set object_type(value: ObjectType | null);
  /** Id of object type attribute applies to. */
  get object_type_id(): string | null | undefined;
  set object_type_id(value: string | null);
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id_to: string | null | undefined;
  get object_type_to(): ObjectType | null | undefined;
  set object_type_to(value: ObjectType | null);
  get one_to_one(): boolean | null | undefined;
  set one_to_one(value: boolean | null);
  /** Id of project attribute is configured for. */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly read_security_roles: Collection<SecurityRole>;
  /** Graphical interface sort order. */
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly write_security_roles: Collection<SecurityRole>;
}

export interface CustomAttributeLinkFrom extends Entity {
  readonly entityType: "CustomAttributeLinkFrom";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

/** Any type that is a CustomAttributeLinkFrom. */
export type AnyCustomAttributeLinkFrom = CustomAttributeLinkFrom | AssetCustomAttributeLinkFrom | AssetVersionCustomAttributeLinkFrom | ComponentCustomAttributeLinkFrom | ContextCustomAttributeLinkFrom | GroupCustomAttributeLinkFrom | ListCustomAttributeLinkFrom | UserCustomAttributeLinkFrom;

export interface CustomAttributeType extends Entity {
  readonly entityType: "CustomAttributeType";
  /** Whether a non-alterable builtin. */
  get core(): boolean | null | undefined;
  set core(value: boolean | null);
  readonly custom_attribute_configurations: Collection<CustomAttributeConfiguration>;
  get form_config(): string | null | undefined;
  set form_config(value: string | null);
  readonly id: string | null | undefined;
  /** Name of custom attribute type */
  get name(): string | null | undefined;
  set name(value: string | null);
}

export interface CustomAttributeValue extends Entity {
  readonly entityType: "CustomAttributeValue";
  get configuration(): CustomAttributeConfiguration | null | undefined;
  set configuration(value: CustomAttributeConfiguration | null);
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly entity_id: string | null | undefined;
  get value(): JsonValue | null | undefined;
  set value(value: JsonValue | null);
}

/** Any type that is a CustomAttributeValue. */
export type AnyCustomAttributeValue = CustomAttributeValue | AssetCustomAttributeValue | AssetVersionCustomAttributeValue | ContextCustomAttributeValue | ListCustomAttributeValue | ListObjectCustomAttributeValue | UserCustomAttributeValue;

export interface CustomConfigurationBase extends Entity {
  readonly entityType: "CustomConfigurationBase";
  /** JSON blob of relevant menu options. */
  get config(): string | null | undefined;
  set config(value: string | null);
  /** Whether a non-alterable builtin. */
  get core(): boolean | null | undefined;
  set core(value: boolean | null);
  /** The entity type (table name). */
  get entity_type(): string | null | undefined;
  set entity_type(value: string | null);
  get group(): CustomAttributeGroup | null | undefined;
  set group(value: CustomAttributeGroup | null);
  /** Foreign key(s): CustomAttributeGroup.id */
  get group_id(): string | null | undefined;
  set group_id(value: string | null);
  readonly id: string | null | undefined;
  /** Attribute name unique to entity type. */
  get key(): string | null | undefined;
  set key(value: string | null);
  /** Display name for attribute. */
  get label(): string | null | undefined;
  set label(value: string | null);
  get object_type(): ObjectType | null | undefined;
  set object_type(value: ObjectType | null);
  /** Id of object type attribute applies to. */
  get object_type_id(): string | null | undefined;
  set object_type_id(value: string | null);
  /** Id of project attribute is configured for. */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly read_security_roles: Collection<SecurityRole>;
  /** Graphical interface sort order. */
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly write_security_roles: Collection<SecurityRole>;
}

/** Any type that is a CustomConfigurationBase. */
export type AnyCustomConfigurationBase = CustomConfigurationBase | CustomAttributeConfiguration | CustomAttributeLinkConfiguration;

export interface Dashboard extends Entity {
  readonly entityType: "Dashboard";
  get created_by(): User | null | undefined;
  set created_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get created_by_id(): string | null | undefined;
  set created_by_id(value: string | null);
  readonly dashboard_resources: Collection<DashboardResource>;
  readonly id: string | null | undefined;
  get is_shared_with_everyone(): boolean | null | undefined;
  set is_shared_with_everyone(value: boolean | null);
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly widgets: Collection<DashboardWidget>;
}

export interface DashboardResource extends Entity {
  readonly entityType: "DashboardResource";
  get dashboard(): Dashboard | null | undefined;
  set dashboard(value: Dashboard | null);
  /** Foreign key(s): Dashboard.id */
  readonly dashboard_id: string | null | undefined;
  get is_shared_with_everyone(): boolean | null | undefined;
  set is_shared_with_everyone(value: boolean | null);
  get resource(): AnyResource | null | undefined;
  set resource(value: AnyResource | null);
  /** Foreign key(s): Resource.id */
  readonly resource_id: string | null | undefined;
}

export interface DashboardWidget extends Entity {
  readonly entityType: "DashboardWidget";
  /** JSON blob of relevant widget options. */
  get config(): string | null | undefined;
  set config(value: string | null);
  get dashboard(): Dashboard | null | undefined;
  set dashboard(value: Dashboard | null);
  /** Foreign key(s): Dashboard.id */
  get dashboard_id(): string | null | undefined;
  set dashboard_id(value: string | null);
  readonly id: string | null | undefined;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  get type(): string | null | undefined;
  set type(value: string | null);
}

export interface Disk extends Entity {
  readonly entityType: "Disk";
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly projects: Collection<Project>;
  get unix(): string | null | undefined;
  set unix(value: string | null);
  get windows(): string | null | undefined;
  set windows(value: string | null);
}

export interface EntitySetting extends Entity {
  readonly entityType: "EntitySetting";
  readonly group: string | null | undefined;
  readonly name: string | null | undefined;
  readonly parent_id: string | null | undefined;
  get parent_type(): string | null | undefined;
  set parent_type(value: string | null);
  get value(): string | null | undefined;
  set value(value: string | null);
}

export interface Episode extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "Episode";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  readonly bid: number | null | undefined;
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface Event extends Entity {
  readonly entityType: "Event";
  get action(): string | null | undefined;
  set action(value: string | null);
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get data(): string | null | undefined;
  set data(value: string | null);
  readonly feeds: Collection<Feed>;
  readonly id: number | null | undefined;
  get insert(): string | null | undefined;
  set insert(value: string | null);
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get parent_type(): string | null | undefined;
  set parent_type(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface Feed extends Entity {
  readonly entityType: "Feed";
  get cluster_id(): string | null | undefined;
  set cluster_id(value: string | null);
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get distance(): number | null | undefined;
  set distance(value: number | null);
  get event(): Event | null | undefined;
  set event(value: Event | null);
  readonly id: string | null | undefined;
  get owner_id(): string | null | undefined;
  set owner_id(value: string | null);
  get relation(): string | null | undefined;
  set relation(value: string | null);
  /** Foreign key(s): Event.social_id */
  get social_id(): number | null | undefined;
  set social_id(value: number | null);
}

export interface FileComponent extends Entity, ComponentPlaces {
  readonly entityType: "FileComponent";
  readonly component_locations: Collection<ComponentLocation>;
  get container(): ContainerComponent | null | undefined;
  set container(value: ContainerComponent | null);
  /** Foreign key(s): ContainerComponent.id */
  get container_id(): string | null | undefined;
  set container_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  get file_type(): string | null | undefined;
  set file_type(value: string | null);
  /** Foreign key(s): Component.id */
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  get size(): number | null | undefined;
  set size(value: number | null);
  get system_type(): string | null | undefined;
  set system_type(value: string | null);
  get version(): AssetVersion | null | undefined;
  set version(value: AssetVersion | null);
  /** Foreign key(s): AssetVersion.id */
  get version_id(): string | null | undefined;
  set version_id(value: string | null);
}

export interface Folder extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "Folder";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  readonly bid: number | null | undefined;
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface Group extends Entity {
  readonly entityType: "Group";
  readonly allocations: Collection<Appointment>;
  readonly appointments: Collection<Appointment>;
  readonly assignments: Collection<Appointment>;
  readonly children: Collection<Group>;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly dashboard_resources: Collection<DashboardResource>;
  readonly id: string | null | undefined;
  readonly link: string | null | undefined;
  get local(): boolean | null | undefined;
  set local(value: boolean | null);
  readonly memberships: Collection<Membership>;
  get name(): string | null | undefined;
  set name(value: string | null);
  get parent(): Group | null | undefined;
  set parent(value: Group | null);
  /** Foreign key(s): Group.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  readonly resource_type: string | null | undefined;
}

export interface GroupCustomAttributeLink extends Entity {
  readonly entityType: "GroupCustomAttributeLink";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  get group(): Group | null | undefined;
  set group(value: Group | null);
  readonly id: string | null | undefined;
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface GroupCustomAttributeLinkFrom extends Entity {
  readonly entityType: "GroupCustomAttributeLinkFrom";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  get group(): Group | null | undefined;
  set group(value: Group | null);
  readonly id: string | null | undefined;
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface Job extends Entity {
  readonly entityType: "Job";
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get data(): JsonValue | null | undefined;
  set data(value: JsonValue | null);
  get finished_at(): Date | null | undefined;
  set finished_at(value: Date | string | null);
  readonly id: string | null | undefined;
  readonly job_components: Collection<JobComponent>;
  get status(): "queued" | "running" | "done" | "failed" | null | undefined;
  set status(value: "queued" | "running" | "done" | "failed" | null);
  readonly type: string | null | undefined;
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface JobComponent extends Entity {
  readonly entityType: "JobComponent";
  get component(): AnyComponent | null | undefined;
  set component(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  readonly component_id: string | null | undefined;
  get job(): Job | null | undefined;
  set job(value: Job | null);
  /** Foreign key(s): Job.id */
  readonly job_id: string | null | undefined;
  readonly url: JsonValue | null | undefined;
}

export interface List extends Entity {
  readonly entityType: "List";
  get category(): ListCategory | null | undefined;
  set category(value: ListCategory | null);
  /** Foreign key(s): ListCategory.id */
  get category_id(): string | null | undefined;
  set category_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  readonly id: string | null | undefined;
  get is_open(): boolean | null | undefined;
  set is_open(value: boolean | null);
  get name(): string | null | undefined;
  set name(value: string | null);
  get owner(): User | null | undefined;
  set owner(value: User | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  /** Defines the type of the items this list accepts. */
  get system_type(): string | null | undefined;
  set system_type(value: string | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

/** Any type that is a List. */
export type AnyList = List | AssetVersionList | TypedContextList;

export interface ListCategory extends Entity {
  readonly entityType: "ListCategory";
  readonly id: string | null | undefined;
  readonly lists: Collection<AnyList>;
  get name(): string | null | undefined;
  set name(value: string | null);
}

export interface ListCustomAttributeLink extends Entity {
  readonly entityType: "ListCustomAttributeLink";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get list(): AnyList | null | undefined;
  set list(value: AnyList | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface ListCustomAttributeLinkFrom extends Entity {
  readonly entityType: "ListCustomAttributeLinkFrom";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get list(): AnyList | null | undefined;
  set list(value: AnyList | null);
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface ListCustomAttributeValue extends Entity {
  readonly entityType: "ListCustomAttributeValue";
  get configuration(): CustomAttributeConfiguration | null | undefined;
  set configuration(value: CustomAttributeConfiguration | null);
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): List.id */
  readonly entity_id: string | null | undefined;
  get key(): string | null | undefined;
  set key(value: string | null);
  get value(): JsonValue | null | undefined;
  set value(value: JsonValue | null);
}

export interface ListObject extends Entity {
  readonly entityType: "ListObject";
  readonly custom_attributes: CustomAttributes;
  get entity_id(): string | null | undefined;
  set entity_id(value: string | null);
  readonly id: string | null | undefined;
  get list(): AnyList | null | undefined;
  set list(value: AnyList | null);
  /** Foreign key(s): List.id */
  get list_id(): string | null | undefined;
  set list_id(value: string | null);
}

export interface ListObjectCustomAttributeValue extends Entity {
  readonly entityType: "ListObjectCustomAttributeValue";
  get configuration(): CustomAttributeConfiguration | null | undefined;
  set configuration(value: CustomAttributeConfiguration | null);
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): ListObject.id */
  readonly entity_id: string | null | undefined;
  get key(): string | null | undefined;
  set key(value: string | null);
  get value(): JsonValue | null | undefined;
  set value(value: JsonValue | null);
}

export interface Location extends Entity, LocationMembers {
  readonly entityType: "Location";
  get description(): string | null | undefined;
  set description(value: string | null);
  readonly id: string | null | undefined;
  get label(): string | null | undefined;
  set label(value: string | null);
  readonly location_components: Collection<ComponentLocation>;
  get name(): string | null | undefined;
  set name(value: string | null);
}

export interface Manager extends Entity {
  readonly entityType: "Manager";
  get context(): AnyContext | null | undefined;
  set context(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get context_id(): string | null | undefined;
  set context_id(value: string | null);
  readonly id: string | null | undefined;
  get type(): ManagerType | null | undefined;
  set type(value: ManagerType | null);
  /** Foreign key(s): ManagerType.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface ManagerType extends Entity {
  readonly entityType: "ManagerType";
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
}

export interface Membership extends Entity {
  readonly entityType: "Membership";
  get group(): Group | null | undefined;
  set group(value: Group | null);
  /** Foreign key(s): Group.id */
  get group_id(): string | null | undefined;
  set group_id(value: string | null);
  readonly id: string | null | undefined;
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface Message extends Entity {
  readonly entityType: "Message";
  get conversation(): Conversation | null | undefined;
  set conversation(value: Conversation | null);
  /** Foreign key(s): Conversation.id */
  get conversation_id(): string | null | undefined;
  set conversation_id(value: string | null);
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get created_by(): User | null | undefined;
  set created_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get created_by_id(): string | null | undefined;
  set created_by_id(value: string | null);
  readonly id: string | null | undefined;
  get text(): string | null | undefined;
  set text(value: string | null);
}

export interface Metadata extends Entity {
  readonly entityType: "Metadata";
  readonly key: string | null | undefined;
  readonly parent_id: string | null | undefined;
  get parent_type(): string | null | undefined;
  set parent_type(value: string | null);
  get value(): string | null | undefined;
  set value(value: string | null);
}

export interface Milestone extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "Milestone";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  get bid(): number | null | undefined;
  set bid(value: number | null);
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  get end_date(): Date | null | undefined;
  set end_date(value: Date | string | null);
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly start_date: Date | null | undefined;
  get status(): Status | null | undefined;
  set status(value: Status | null);
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  get type(): Type | null | undefined;
  set type(value: Type | null);
  /** Foreign key(s): Type.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
}

export interface Note extends Entity, NoteReplying {
  readonly entityType: "Note";
  get author(): User | null | undefined;
  set author(value: User | null);
  get category(): NoteCategory | null | undefined;
  set category(value: NoteCategory | null);
  /** Foreign key(s): NoteCategory.id */
  get category_id(): string | null | undefined;
  set category_id(value: string | null);
  get completed_at(): Date | null | undefined;
  set completed_at(value: Date | string | null);
  get completed_by(): User | null | undefined;
  set completed_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get completed_by_id(): string | null | undefined;
  set completed_by_id(value: string | null);
  get content(): string | null | undefined;
  set content(value: string | null);
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  readonly id: string | null | undefined;
  get in_reply_to(): Note | null | undefined;
  set in_reply_to(value: Note | null);
  /** Foreign key(s): Note.id */
  get in_reply_to_id(): string | null | undefined;
  set in_reply_to_id(value: string | null);
  get is_todo(): boolean | null | undefined;
  set is_todo(value: boolean | null);
  readonly metadata: KeyedCollection;
  readonly note_components: Collection<NoteComponent>;
  readonly note_label_links: Collection<NoteLabelLink>;
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get parent_type(): string | null | undefined;
  set parent_type(value: string | null);
  readonly recipients: Collection<Recipient>;
  readonly replies: Collection<Note>;
  get thread_activity(): Date | null | undefined;
  set thread_activity(value: Date | string | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface NoteCategory extends Entity {
  readonly entityType: "NoteCategory";
  get color(): string | null | undefined;
  set color(value: string | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get sort(): number | null | undefined;
  set sort(value: number | null);
}

export interface NoteComponent extends Entity {
  readonly entityType: "NoteComponent";
  get component(): AnyComponent | null | undefined;
  set component(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  readonly component_id: string | null | undefined;
  get note(): Note | null | undefined;
  set note(value: Note | null);
  /** Foreign key(s): Note.id */
  readonly note_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly url: JsonValue | null | undefined;
}

export interface NoteLabel extends Entity {
  readonly entityType: "NoteLabel";
  get color(): string | null | undefined;
  set color(value: string | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get sort(): number | null | undefined;
  set sort(value: number | null);
}

export interface NoteLabelLink extends Entity {
  readonly entityType: "NoteLabelLink";
  get label(): NoteLabel | null | undefined;
  set label(value: NoteLabel | null);
  /** Foreign key(s): NoteLabel.id */
  readonly label_id: string | null | undefined;
  get note(): Note | null | undefined;
  set note(value: Note | null);
  /** Foreign key(s): Note.id */
  readonly note_id: string | null | undefined;
}

export interface ObjectType extends Entity {
  readonly entityType: "ObjectType";
  get icon(): string | null | undefined;
  set icon(value: string | null);
  readonly id: string | null | undefined;
  get is_leaf(): boolean | null | undefined;
  set is_leaf(value: boolean | null);
  get is_schedulable(): boolean | null | undefined;
  set is_schedulable(value: boolean | null);
  get is_statusable(): boolean | null | undefined;
  set is_statusable(value: boolean | null);
  get is_taskable(): boolean | null | undefined;
  set is_taskable(value: boolean | null);
  get is_time_reportable(): boolean | null | undefined;
  set is_time_reportable(value: boolean | null);
  get is_typeable(): boolean | null | undefined;
  set is_typeable(value: boolean | null);
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly project_schemas: Collection<ProjectSchema>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly tasks: Collection<Task>;
}

export interface Participant extends Entity {
  readonly entityType: "Participant";
  get conversation(): Conversation | null | undefined;
  set conversation(value: Conversation | null);
  /** Foreign key(s): Conversation.id */
  get conversation_id(): string | null | undefined;
  set conversation_id(value: string | null);
  readonly id: string | null | undefined;
  get last_visit(): Date | null | undefined;
  set last_visit(value: Date | string | null);
  get resource(): AnyResource | null | undefined;
  set resource(value: AnyResource | null);
  /** Foreign key(s): Resource.id */
  get resource_id(): string | null | undefined;
  set resource_id(value: string | null);
}

export interface Priority extends Entity {
  readonly entityType: "Priority";
  get color(): string | null | undefined;
  set color(value: string | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly tasks: Collection<Task>;
  get value(): number | null | undefined;
  set value(value: number | null);
}

export interface Project extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "Project";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  readonly calendar_events: Collection<CalendarEvent>;
  readonly children: Collection<AnyContext>;
  get color(): string | null | undefined;
  set color(value: string | null);
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get disk(): Disk | null | undefined;
  set disk(value: Disk | null);
  /** Foreign key(s): Disk.id */
  get disk_id(): string | null | undefined;
  set disk_id(value: string | null);
  get end_date(): Date | null | undefined;
  set end_date(value: Date | string | null);
  get full_name(): string | null | undefined;
  set full_name(value: string | null);
  readonly id: string | null | undefined;
  get is_global(): boolean | null | undefined;
  set is_global(value: boolean | null);
  get is_private(): boolean | null | undefined;
  set is_private(value: boolean | null);
  readonly link: readonly LinkItem[] | null | undefined;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  get project_schema(): ProjectSchema | null | undefined;
  set project_schema(value: ProjectSchema | null);
  /** Foreign key(s): ProjectSchema.id */
  get project_schema_id(): string | null | undefined;
  set project_schema_id(value: string | null);
  readonly review_sessions: Collection<ReviewSession>;
  get root(): string | null | undefined;
  set root(value: string | null);
  readonly scopes: Collection<Scope>;
  get start_date(): Date | null | undefined;
  set start_date(value: Date | string | null);
  get status(): string | null | undefined;
  set status(value: string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly user_security_role_projects: Collection<UserSecurityRoleProject>;
}

export interface ProjectSchema extends Entity, ProjectSchemaWorkflows {
  readonly entityType: "ProjectSchema";
  readonly _overrides: Collection<ProjectSchemaOverride>;
  readonly _schemas: Collection<Schema>;
  get _task_type_schema(): TaskTypeSchema | null | undefined;
  set _task_type_schema(value: TaskTypeSchema | null);
  get _task_workflow(): WorkflowSchema | null | undefined;
  set _task_workflow(value: WorkflowSchema | null);
  get _version_workflow(): WorkflowSchema | null | undefined;
  set _version_workflow(value: WorkflowSchema | null);
  get asset_version_workflow_schema(): WorkflowSchema | null | undefined;
  set asset_version_workflow_schema(value: WorkflowSchema | null);
  /** Foreign key(s): WorkflowSchema.id */
  get asset_version_workflow_schema_id(): string | null | undefined;
  set asset_version_workflow_schema_id(value: string | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly object_type_schemas: Collection<Schema>;
  readonly object_types: Collection<ObjectType>;
  readonly task_templates: Collection<TaskTemplate>;
  get task_type_schema(): TaskTypeSchema | null | undefined;
  set task_type_schema(value: TaskTypeSchema | null);
  /** Foreign key(s): TaskTypeSchema.id */
  get task_type_schema_id(): string | null | undefined;
  set task_type_schema_id(value: string | null);
  get task_workflow_schema(): WorkflowSchema | null | undefined;
  set task_workflow_schema(value: WorkflowSchema | null);
  /** Foreign key(s): WorkflowSchema.id */
  get task_workflow_schema_id(): string | null | undefined;
  set task_workflow_schema_id(value: string | null);
  readonly task_workflow_schema_overrides: Collection<ProjectSchemaOverride>;
}

export interface ProjectSchemaObjectType extends Entity {
  readonly entityType: "ProjectSchemaObjectType";
  get object_type(): ObjectType | null | undefined;
  set object_type(value: ObjectType | null);
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  get project_schema(): ProjectSchema | null | undefined;
  set project_schema(value: ProjectSchema | null);
  /** Foreign key(s): ProjectSchema.id */
  readonly project_schema_id: string | null | undefined;
}

export interface ProjectSchemaOverride extends Entity {
  readonly entityType: "ProjectSchemaOverride";
  readonly id: string | null | undefined;
  /** Foreign key(s): ProjectSchema.id */
  get project_schema_id(): string | null | undefined;
  set project_schema_id(value: string | null);
  /** Foreign key(s): Type.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
  get workflow_schema(): WorkflowSchema | null | undefined;
  set workflow_schema(value: WorkflowSchema | null);
  /** Foreign key(s): WorkflowSchema.id */
  get workflow_schema_id(): string | null | undefined;
  set workflow_schema_id(value: string | null);
}

export interface Recipient extends Entity {
  readonly entityType: "Recipient";
  get note(): Note | null | undefined;
  set note(value: Note | null);
  /** Foreign key(s): Note.id */
  readonly note_id: string | null | undefined;
  get recipient(): AnyResource | null | undefined;
  set recipient(value: AnyResource | null);
  /** Foreign key(s): Resource.id */
  readonly resource_id: string | null | undefined;
  get text_mentioned(): string | null | undefined;
  set text_mentioned(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
}

export interface Resource extends Entity {
  readonly entityType: "Resource";
  readonly allocations: Collection<Appointment>;
  readonly appointments: Collection<Appointment>;
  readonly assignments: Collection<Appointment>;
  readonly dashboard_resources: Collection<DashboardResource>;
  readonly id: string | null | undefined;
  get resource_type(): string | null | undefined;
  set resource_type(value: string | null);
}

/** Any type that is a Resource. */
export type AnyResource = Resource | Group | User;

export interface ReviewSession extends Entity, ThumbnailCreation {
  readonly entityType: "ReviewSession";
  get availability(): string | null | undefined;
  set availability(value: string | null);
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get created_by(): User | null | undefined;
  set created_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get created_by_id(): string | null | undefined;
  set created_by_id(value: string | null);
  get description(): string | null | undefined;
  set description(value: string | null);
  get end_date(): Date | null | undefined;
  set end_date(value: Date | string | null);
  readonly id: string | null | undefined;
  get is_moderated(): boolean | null | undefined;
  set is_moderated(value: boolean | null);
  readonly is_open: boolean | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get passphrase(): string | null | undefined;
  set passphrase(value: string | null);
  get passphrase_enabled(): boolean | null | undefined;
  set passphrase_enabled(value: boolean | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.project_id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly review_session_invitees: Collection<ReviewSessionInvitee>;
  readonly review_session_objects: Collection<ReviewSessionObject>;
  readonly settings: Collection<EntitySetting>;
  get shareable_url_enabled(): boolean | null | undefined;
  set shareable_url_enabled(value: boolean | null);
  get start_date(): Date | null | undefined;
  set start_date(value: Date | string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
}

export interface ReviewSessionInvitee extends Entity {
  readonly entityType: "ReviewSessionInvitee";
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get created_by(): User | null | undefined;
  set created_by(value: User | null);
  /** Foreign key(s): User.user_id */
  get created_by_id(): string | null | undefined;
  set created_by_id(value: string | null);
  readonly created_from_shared_url: boolean | null | undefined;
  get email(): string | null | undefined;
  set email(value: string | null);
  readonly id: string | null | undefined;
  get last_sent_at(): Date | null | undefined;
  set last_sent_at(value: Date | string | null);
  get name(): string | null | undefined;
  set name(value: string | null);
  get review_session(): ReviewSession | null | undefined;
  set review_session(value: ReviewSession | null);
  /** Foreign key(s): ReviewSession.id */
  get review_session_id(): string | null | undefined;
  set review_session_id(value: string | null);
  readonly statuses: Collection<ReviewSessionObjectStatus>;
}

export interface ReviewSessionObject extends Entity, NoteCreation {
  readonly entityType: "ReviewSessionObject";
  get asset_version(): AssetVersion | null | undefined;
  set asset_version(value: AssetVersion | null);
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  get description(): string | null | undefined;
  set description(value: string | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  get review_session(): ReviewSession | null | undefined;
  set review_session(value: ReviewSession | null);
  /** Foreign key(s): ReviewSession.id */
  get review_session_id(): string | null | undefined;
  set review_session_id(value: string | null);
  get sort_order(): number | null | undefined;
  set sort_order(value: number | null);
  readonly statuses: Collection<ReviewSessionObjectStatus>;
  get version(): string | null | undefined;
  set version(value: string | null);
  /** Foreign key(s): AssetVersion.id */
  get version_id(): string | null | undefined;
  set version_id(value: string | null);
}

export interface ReviewSessionObjectStatus extends Entity {
  readonly entityType: "ReviewSessionObjectStatus";
  get created_at(): Date | null | undefined;
  set created_at(value: Date | string | null);
  readonly id: string | null | undefined;
  get invitee(): ReviewSessionInvitee | null | undefined;
  set invitee(value: ReviewSessionInvitee | null);
  /** Foreign key(s): ReviewSessionInvitee.id */
  get review_session_invitee_id(): string | null | undefined;
  set review_session_invitee_id(value: string | null);
  get review_session_object(): ReviewSessionObject | null | undefined;
  set review_session_object(value: ReviewSessionObject | null);
  /** Foreign key(s): ReviewSessionObject.id */
  get review_session_object_id(): string | null | undefined;
  set review_session_object_id(value: string | null);
  get status(): string | null | undefined;
  set status(value: string | null);
}

export interface Schema extends Entity {
  readonly entityType: "Schema";
  readonly id: string | null | undefined;
  /** Foreign key(s): ObjectType.id */
  get object_type_id(): string | null | undefined;
  set object_type_id(value: string | null);
  /** Foreign key(s): ProjectSchema.id */
  get project_schema_id(): string | null | undefined;
  set project_schema_id(value: string | null);
  readonly statuses: Collection<SchemaStatus>;
  /** Foreign key(s): ObjectType.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
  readonly types: Collection<SchemaType>;
}

export interface SchemaStatus extends Entity {
  readonly entityType: "SchemaStatus";
  /** Foreign key(s): Schema.id */
  readonly schema_id: string | null | undefined;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  get task_status(): Status | null | undefined;
  set task_status(value: Status | null);
}

export interface SchemaType extends Entity {
  readonly entityType: "SchemaType";
  /** Foreign key(s): Schema.id */
  readonly schema_id: string | null | undefined;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  get task_type(): Type | null | undefined;
  set task_type(value: Type | null);
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface Scope extends Entity {
  readonly entityType: "Scope";
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
}

export interface SecurityRole extends Entity {
  readonly entityType: "SecurityRole";
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  /** Foreign key(s): SecurityRoleType.id */
  get type(): string | null | undefined;
  set type(value: string | null);
  readonly user_security_roles: Collection<UserSecurityRole>;
}

export interface Sequence extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "Sequence";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  readonly bid: number | null | undefined;
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface SequenceComponent extends Entity, ComponentPlaces {
  readonly entityType: "SequenceComponent";
  readonly component_locations: Collection<ComponentLocation>;
  get container(): ContainerComponent | null | undefined;
  set container(value: ContainerComponent | null);
  /** Foreign key(s): ContainerComponent.id */
  get container_id(): string | null | undefined;
  set container_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  get file_type(): string | null | undefined;
  set file_type(value: string | null);
  /** Foreign key(s): Component.id */
  readonly id: string | null | undefined;
  readonly members: Collection<AnyComponent>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  get padding(): number | null | undefined;
  set padding(value: number | null);
  get size(): number | null | undefined;
  set size(value: number | null);
  get system_type(): string | null | undefined;
  set system_type(value: string | null);
  get version(): AssetVersion | null | undefined;
  set version(value: AssetVersion | null);
  /** Foreign key(s): AssetVersion.id */
  get version_id(): string | null | undefined;
  set version_id(value: string | null);
}

export interface Setting extends Entity {
  readonly entityType: "Setting";
  readonly group: string | null | undefined;
  readonly name: string | null | undefined;
  get value(): string | null | undefined;
  set value(value: string | null);
}

export interface SettingComponent extends Entity {
  readonly entityType: "SettingComponent";
  get component(): AnyComponent | null | undefined;
  set component(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  readonly component_id: string | null | undefined;
  /** Foreign key(s): Setting.group */
  readonly group: string | null | undefined;
  /** Foreign key(s): Setting.name */
  readonly name: string | null | undefined;
  get setting(): Setting | null | undefined;
  set setting(value: Setting | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly url: JsonValue | null | undefined;
}

export interface Shot extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "Shot";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  readonly bid: number | null | undefined;
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly start_date: Date | null | undefined;
  get status(): Status | null | undefined;
  set status(value: Status | null);
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface State extends Entity {
  readonly entityType: "State";
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get short(): string | null | undefined;
  set short(value: string | null);
}

export interface Status extends Entity {
  readonly entityType: "Status";
  get color(): string | null | undefined;
  set color(value: string | null);
  readonly id: string | null | undefined;
  get is_active(): boolean | null | undefined;
  set is_active(value: boolean | null);
  get name(): string | null | undefined;
  set name(value: string | null);
  get sort(): number | null | undefined;
  set sort(value: number | null);
  get state(): State | null | undefined;
  set state(value: State | null);
  readonly tasks: Collection<Task>;
}

export interface StatusChange extends Entity {
  readonly entityType: "StatusChange";
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  get from_status(): Status | null | undefined;
  set from_status(value: Status | null);
  /** Foreign key(s): Status.id */
  get from_status_id(): string | null | undefined;
  set from_status_id(value: string | null);
  readonly id: string | null | undefined;
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get parent_type(): string | null | undefined;
  set parent_type(value: string | null);
  get status(): Status | null | undefined;
  set status(value: Status | null);
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

/** Any type that is a StatusChange. */
export type AnyStatusChange = StatusChange | AssetVersionStatusChange | TypedContextStatusChange;

export interface Task extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "Task";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  get bid(): number | null | undefined;
  set bid(value: number | null);
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  get end_date(): Date | null | undefined;
  set end_date(value: Date | string | null);
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  get start_date(): Date | null | undefined;
  set start_date(value: Date | string | null);
  get status(): Status | null | undefined;
  set status(value: Status | null);
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  get type(): Type | null | undefined;
  set type(value: Type | null);
  /** Foreign key(s): Type.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
}

export interface TaskTemplate extends Entity {
  readonly entityType: "TaskTemplate";
  readonly id: string | null | undefined;
  readonly items: Collection<TaskTemplateItem>;
  get name(): string | null | undefined;
  set name(value: string | null);
  get project_schema(): ProjectSchema | null | undefined;
  set project_schema(value: ProjectSchema | null);
  /** Foreign key(s): ProjectSchema.id */
  get project_schema_id(): string | null | undefined;
  set project_schema_id(value: string | null);
}

export interface TaskTemplateItem extends Entity {
  readonly entityType: "TaskTemplateItem";
  readonly id: string | null | undefined;
  get task_type(): Type | null | undefined;
  set task_type(value: Type | null);
  /** Foreign key(s): Type.id */
  get task_type_id(): string | null | undefined;
  set task_type_id(value: string | null);
  get template(): TaskTemplate | null | undefined;
  set template(value: TaskTemplate | null);
  /** Foreign key(s): TaskTemplate.id */
  get template_id(): string | null | undefined;
  set template_id(value: string | null);
}

export interface TaskTypeSchema extends Entity {
  readonly entityType: "TaskTypeSchema";
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly types: Collection<Type>;
}

export interface TaskTypeSchemaType extends Entity {
  readonly entityType: "TaskTypeSchemaType";
  /** Foreign key(s): TaskTypeSchema.id */
  readonly task_type_schema_id: string | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface Timelog extends Entity {
  readonly entityType: "Timelog";
  get comment(): string | null | undefined;
  set comment(value: string | null);
  get context(): AnyContext | null | undefined;
  set context(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get context_id(): string | null | undefined;
  set context_id(value: string | null);
  get duration(): number | null | undefined;
  set duration(value: number | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get start(): Date | null | undefined;
  set start(value: Date | string | null);
  get time_zone_offset(): number | null | undefined;
  set time_zone_offset(value: number | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface Timer extends Entity {
  readonly entityType: "Timer";
  get comment(): string | null | undefined;
  set comment(value: string | null);
  get context(): AnyContext | null | undefined;
  set context(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get context_id(): string | null | undefined;
  set context_id(value: string | null);
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  get start(): Date | null | undefined;
  set start(value: Date | string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface Type extends Entity {
  readonly entityType: "Type";
  get color(): string | null | undefined;
  set color(value: string | null);
  readonly id: string | null | undefined;
  get is_billable(): boolean | null | undefined;
  set is_billable(value: boolean | null);
  get name(): string | null | undefined;
  set name(value: string | null);
  get sort(): number | null | undefined;
  set sort(value: number | null);
  readonly task_type_schemas: Collection<TaskTypeSchema>;
  readonly tasks: Collection<Task>;
}

export interface TypedContext extends Entity, NoteCreation, ThumbnailCreation {
  readonly entityType: "TypedContext";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly ancestors: Collection<AnyTypedContext>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  get bid(): number | null | undefined;
  set bid(value: number | null);
  readonly bid_time_logged_difference: number | null | undefined;
  readonly children: Collection<AnyContext>;
  get context_type(): string | null | undefined;
  set context_type(value: string | null);
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly descendants: Collection<AnyTypedContext>;
  get description(): string | null | undefined;
  set description(value: string | null);
  get end_date(): Date | null | undefined;
  set end_date(value: Date | string | null);
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly notes: Collection<Note>;
  get object_type(): ObjectType | null | undefined;
  set object_type(value: ObjectType | null);
  /** Foreign key(s): ObjectType.id */
  get object_type_id(): string | null | undefined;
  set object_type_id(value: string | null);
  readonly outgoing_links: Collection<TypedContextLink>;
  get parent(): AnyContext | null | undefined;
  set parent(value: AnyContext | null);
  /** Foreign key(s): Context.id */
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get priority(): Priority | null | undefined;
  set priority(value: Priority | null);
  /** Foreign key(s): Priority.id */
  get priority_id(): string | null | undefined;
  set priority_id(value: string | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  readonly scopes: Collection<Scope>;
  get sort(): number | null | undefined;
  set sort(value: number | null);
  get start_date(): Date | null | undefined;
  set start_date(value: Date | string | null);
  get status(): Status | null | undefined;
  set status(value: Status | null);
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  get type(): Type | null | undefined;
  set type(value: Type | null);
  /** Foreign key(s): Type.id */
  get type_id(): string | null | undefined;
  set type_id(value: string | null);
}

/** Any type that is a TypedContext. */
export type AnyTypedContext = TypedContext | AssetBuild | Episode | Folder | Milestone | Sequence | Shot | Task;

export interface TypedContextLink extends Entity {
  readonly entityType: "TypedContextLink";
  get from(): AnyTypedContext | null | undefined;
  set from(value: AnyTypedContext | null);
  /** Foreign key(s): TypedContext.id */
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  get to(): AnyTypedContext | null | undefined;
  set to(value: AnyTypedContext | null);
  /** Foreign key(s): TypedContext.id */
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
}

export interface TypedContextList extends Entity {
  readonly entityType: "TypedContextList";
  get category(): ListCategory | null | undefined;
  set category(value: ListCategory | null);
  /** Foreign key(s): ListCategory.id */
  get category_id(): string | null | undefined;
  set category_id(value: string | null);
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  readonly id: string | null | undefined;
  get is_open(): boolean | null | undefined;
  set is_open(value: boolean | null);
  readonly items: Collection<AnyTypedContext>;
  get name(): string | null | undefined;
  set name(value: string | null);
  get owner(): User | null | undefined;
  set owner(value: User | null);
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  /** Defines the type of the items this list accepts. */
  get system_type(): string | null | undefined;
  set system_type(value: string | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface TypedContextStatusChange extends Entity {
  readonly entityType: "TypedContextStatusChange";
  get date(): Date | null | undefined;
  set date(value: Date | string | null);
  get from_status(): Status | null | undefined;
  set from_status(value: Status | null);
  /** Foreign key(s): Status.id */
  get from_status_id(): string | null | undefined;
  set from_status_id(value: string | null);
  readonly id: string | null | undefined;
  get parent(): AnyTypedContext | null | undefined;
  set parent(value: AnyTypedContext | null);
  get parent_id(): string | null | undefined;
  set parent_id(value: string | null);
  get parent_type(): string | null | undefined;
  set parent_type(value: string | null);
  get status(): Status | null | undefined;
  set status(value: Status | null);
  /** Foreign key(s): Status.id */
  get status_id(): string | null | undefined;
  set status_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.user_id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
}

export interface User extends Entity, ThumbnailCreation, UserActions {
  readonly entityType: "User";
  readonly allocations: Collection<Appointment>;
  readonly appointments: Collection<Appointment>;
  readonly assignments: Collection<Appointment>;
  readonly custom_attribute_links: Collection<AnyCustomAttributeLink>;
  readonly custom_attribute_links_from: Collection<AnyCustomAttributeLinkFrom>;
  readonly custom_attributes: CustomAttributes;
  readonly dashboard_resources: Collection<DashboardResource>;
  get email(): string | null | undefined;
  set email(value: string | null);
  get first_name(): string | null | undefined;
  set first_name(value: string | null);
  readonly id: string | null | undefined;
  get is_active(): boolean | null | undefined;
  set is_active(value: boolean | null);
  get is_otp_enabled(): boolean | null | undefined;
  set is_otp_enabled(value: boolean | null);
  get is_totp_enabled(): boolean | null | undefined;
  set is_totp_enabled(value: boolean | null);
  get last_name(): string | null | undefined;
  set last_name(value: string | null);
  readonly memberships: Collection<Membership>;
  readonly metadata: KeyedCollection;
  get require_details_update(): boolean | null | undefined;
  set require_details_update(value: boolean | null);
  readonly resource_type: string | null | undefined;
  get thumbnail(): AnyComponent | null | undefined;
  set thumbnail(value: AnyComponent | null);
  /** Foreign key(s): Component.id */
  get thumbnail_id(): string | null | undefined;
  set thumbnail_id(value: string | null);
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly user_security_roles: Collection<UserSecurityRole>;
  get user_type(): UserType | null | undefined;
  set user_type(value: UserType | null);
  /** Foreign key(s): UserType.id */
  get user_type_id(): unknown;
  set user_type_id(value: unknown);
  get username(): string | null | undefined;
  set username(value: string | null);
}

export interface UserApplicationState extends Entity {
  readonly entityType: "UserApplicationState";
  readonly key: string | null | undefined;
  /** Foreign key(s): User.id */
  readonly user_id: string | null | undefined;
  get value(): string | null | undefined;
  set value(value: string | null);
}

export interface UserCustomAttributeLink extends Entity {
  readonly entityType: "UserCustomAttributeLink";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
}

export interface UserCustomAttributeLinkFrom extends Entity {
  readonly entityType: "UserCustomAttributeLinkFrom";
  get configuration(): CustomAttributeLinkConfiguration | null | undefined;
  set configuration(value: CustomAttributeLinkConfiguration | null);
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  get from_entity_type(): string | null | undefined;
  set from_entity_type(value: string | null);
  get from_id(): string | null | undefined;
  set from_id(value: string | null);
  readonly id: string | null | undefined;
  get to_entity_type(): string | null | undefined;
  set to_entity_type(value: string | null);
  get to_id(): string | null | undefined;
  set to_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
}

export interface UserCustomAttributeValue extends Entity {
  readonly entityType: "UserCustomAttributeValue";
  get configuration(): CustomAttributeConfiguration | null | undefined;
  set configuration(value: CustomAttributeConfiguration | null);
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): User.id */
  readonly entity_id: string | null | undefined;
  get key(): string | null | undefined;
  set key(value: string | null);
  get value(): JsonValue | null | undefined;
  set value(value: JsonValue | null);
}

export interface UserSecurityRole extends Entity {
  readonly entityType: "UserSecurityRole";
  readonly id: string | null | undefined;
  get is_all_open_projects(): boolean | null | undefined;
  set is_all_open_projects(value: boolean | null);
  /** This attribute has been deprecated, use `is_all_open_projects` attribute instead. */
  get is_all_projects(): boolean | null | undefined;
  set is_all_projects(value: boolean | null);
  get security_role(): SecurityRole | null | undefined;
  set security_role(value: SecurityRole | null);
  /** Foreign key(s): SecurityRole.id */
  get security_role_id(): string | null | undefined;
  set security_role_id(value: string | null);
  get user(): User | null | undefined;
  set user(value: User | null);
  /** Foreign key(s): User.id */
  get user_id(): string | null | undefined;
  set user_id(value: string | null);
  readonly user_security_role_projects: Collection<UserSecurityRoleProject>;
}

export interface UserSecurityRoleProject extends Entity {
  readonly entityType: "UserSecurityRoleProject";
  readonly id: string | null | undefined;
  get project(): Project | null | undefined;
  set project(value: Project | null);
  /** Foreign key(s): Project.id */
  get project_id(): string | null | undefined;
  set project_id(value: string | null);
  get user_security_role(): UserSecurityRole | null | undefined;
  set user_security_role(value: UserSecurityRole | null);
  /** Foreign key(s): UserSecurityRole.id */
  get user_security_role_id(): string | null | undefined;
  set user_security_role_id(value: string | null);
}

export interface UserType extends Entity {
  readonly entityType: "UserType";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
}

export interface WorkflowSchema extends Entity {
  readonly entityType: "WorkflowSchema";
  readonly id: string | null | undefined;
  get name(): string | null | undefined;
  set name(value: string | null);
  readonly overrides: Collection<ProjectSchemaOverride>;
  readonly statuses: Collection<Status>;
}

export interface WorkflowSchemaStatus extends Entity {
  readonly entityType: "WorkflowSchemaStatus";
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  /** Foreign key(s): WorkflowSchema.id */
  readonly workflow_schema_id: string | null | undefined;
}

/** The entity types of a plain ftrack server, by name. Those with derived types name all of these. */
export interface DefaultEntities {
  Appointment: Appointment;
  Asset: Asset;
  AssetBuild: AssetBuild;
  AssetCustomAttributeLink: AssetCustomAttributeLink;
  AssetCustomAttributeLinkFrom: AssetCustomAttributeLinkFrom;
  AssetCustomAttributeValue: AssetCustomAttributeValue;
  AssetType: AssetType;
  AssetVersion: AssetVersion;
  AssetVersionCustomAttributeLink: AssetVersionCustomAttributeLink;
  AssetVersionCustomAttributeLinkFrom: AssetVersionCustomAttributeLinkFrom;
  AssetVersionCustomAttributeValue: AssetVersionCustomAttributeValue;
  AssetVersionLink: AssetVersionLink;
  AssetVersionList: AssetVersionList;
  AssetVersionStatusChange: AssetVersionStatusChange;
  CalendarEvent: CalendarEvent;
  CalendarEventResource: CalendarEventResource;
  Component: AnyComponent;
  ComponentCustomAttributeLink: ComponentCustomAttributeLink;
  ComponentCustomAttributeLinkFrom: ComponentCustomAttributeLinkFrom;
  ComponentLocation: ComponentLocation;
  ContainerComponent: ContainerComponent;
  Context: AnyContext;
  ContextCustomAttributeLink: ContextCustomAttributeLink;
  ContextCustomAttributeLinkFrom: ContextCustomAttributeLinkFrom;
  ContextCustomAttributeValue: ContextCustomAttributeValue;
  Conversation: Conversation;
  CustomAttributeConfiguration: CustomAttributeConfiguration;
  CustomAttributeGroup: CustomAttributeGroup;
  CustomAttributeLink: AnyCustomAttributeLink;
  CustomAttributeLinkConfiguration: CustomAttributeLinkConfiguration;
  CustomAttributeLinkFrom: AnyCustomAttributeLinkFrom;
  CustomAttributeType: CustomAttributeType;
  CustomAttributeValue: AnyCustomAttributeValue;
  CustomConfigurationBase: AnyCustomConfigurationBase;
  Dashboard: Dashboard;
  DashboardResource: DashboardResource;
  DashboardWidget: DashboardWidget;
  Disk: Disk;
  EntitySetting: EntitySetting;
  Episode: Episode;
  Event: Event;
  Feed: Feed;
  FileComponent: FileComponent;
  Folder: Folder;
  Group: Group;
  GroupCustomAttributeLink: GroupCustomAttributeLink;
  GroupCustomAttributeLinkFrom: GroupCustomAttributeLinkFrom;
  Job: Job;
  JobComponent: JobComponent;
  List: AnyList;
  ListCategory: ListCategory;
  ListCustomAttributeLink: ListCustomAttributeLink;
  ListCustomAttributeLinkFrom: ListCustomAttributeLinkFrom;
  ListCustomAttributeValue: ListCustomAttributeValue;
  ListObject: ListObject;
  ListObjectCustomAttributeValue: ListObjectCustomAttributeValue;
  Location: Location;
  Manager: Manager;
  ManagerType: ManagerType;
  Membership: Membership;
  Message: Message;
  Metadata: Metadata;
  Milestone: Milestone;
  Note: Note;
  NoteCategory: NoteCategory;
  NoteComponent: NoteComponent;
  NoteLabel: NoteLabel;
  NoteLabelLink: NoteLabelLink;
  ObjectType: ObjectType;
  Participant: Participant;
  Priority: Priority;
  Project: Project;
  ProjectSchema: ProjectSchema;
  ProjectSchemaObjectType: ProjectSchemaObjectType;
  ProjectSchemaOverride: ProjectSchemaOverride;
  Recipient: Recipient;
  Resource: AnyResource;
  ReviewSession: ReviewSession;
  ReviewSessionInvitee: ReviewSessionInvitee;
  ReviewSessionObject: ReviewSessionObject;
  ReviewSessionObjectStatus: ReviewSessionObjectStatus;
  Schema: Schema;
  SchemaStatus: SchemaStatus;
  SchemaType: SchemaType;
  Scope: Scope;
  SecurityRole: SecurityRole;
  Sequence: Sequence;
  SequenceComponent: SequenceComponent;
  Setting: Setting;
  SettingComponent: SettingComponent;
  Shot: Shot;
  State: State;
  Status: Status;
  StatusChange: AnyStatusChange;
  Task: Task;
  TaskTemplate: TaskTemplate;
  TaskTemplateItem: TaskTemplateItem;
  TaskTypeSchema: TaskTypeSchema;
  TaskTypeSchemaType: TaskTypeSchemaType;
  Timelog: Timelog;
  Timer: Timer;
  Type: Type;
  TypedContext: AnyTypedContext;
  TypedContextLink: TypedContextLink;
  TypedContextList: TypedContextList;
  TypedContextStatusChange: TypedContextStatusChange;
  User: User;
  UserApplicationState: UserApplicationState;
  UserCustomAttributeLink: UserCustomAttributeLink;
  UserCustomAttributeLinkFrom: UserCustomAttributeLinkFrom;
  UserCustomAttributeValue: UserCustomAttributeValue;
  UserSecurityRole: UserSecurityRole;
  UserSecurityRoleProject: UserSecurityRoleProject;
  UserType: UserType;
  WorkflowSchema: WorkflowSchema;
  WorkflowSchemaStatus: WorkflowSchemaStatus;
}
