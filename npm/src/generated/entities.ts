// Written by scripts/generate-types.mjs from a server's schemas; `npm run generate` writes it anew.
import type { Collection, KeyedCollection } from "../collection.js";
import type { Entity } from "../entity.js";
import type { JsonValue, LinkItem } from "../entity-values.js";

export interface Appointment extends Entity {
  readonly entityType: "Appointment";
  readonly context: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly context_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly resource: AnyResource | null | undefined;
  /** Foreign key(s): Resource.id */
  readonly resource_id: string | null | undefined;
  readonly type: string | null | undefined;
}

export interface Asset extends Entity {
  readonly entityType: "Asset";
  /** Foreign key(s): Context.id */
  readonly context_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly id: string | null | undefined;
  readonly latest_version: AssetVersion | null | undefined;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly parent: AnyContext | null | undefined;
  readonly type: AssetType | null | undefined;
  /** Foreign key(s): AssetType.id */
  readonly type_id: string | null | undefined;
  readonly versions: Collection<AssetVersion>;
}

export interface AssetBuild extends Entity {
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface AssetCustomAttributeLink extends Entity {
  readonly entityType: "AssetCustomAttributeLink";
  readonly asset: Asset | null | undefined;
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface AssetCustomAttributeLinkFrom extends Entity {
  readonly entityType: "AssetCustomAttributeLinkFrom";
  readonly asset: Asset | null | undefined;
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface AssetCustomAttributeValue extends Entity {
  readonly entityType: "AssetCustomAttributeValue";
  readonly configuration: CustomAttributeConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): Asset.id */
  readonly entity_id: string | null | undefined;
  readonly key: string | null | undefined;
  readonly value: JsonValue | null | undefined;
}

export interface AssetType extends Entity {
  readonly entityType: "AssetType";
  readonly assets: Collection<Asset>;
  readonly component: string | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly short: string | null | undefined;
}

export interface AssetVersion extends Entity {
  readonly entityType: "AssetVersion";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly asset: Asset | null | undefined;
  /** Foreign key(s): Asset.id */
  readonly asset_id: string | null | undefined;
  readonly comment: string | null | undefined;
  readonly components: Collection<AnyComponent>;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<AssetVersionLink>;
  readonly is_latest_version: boolean | null | undefined;
  readonly is_published: boolean | null | undefined;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<AssetVersionList>;
  readonly metadata: KeyedCollection;
  readonly notes: Collection<Note>;
  readonly outgoing_links: Collection<AssetVersionLink>;
  readonly review_session_objects: Collection<ReviewSessionObject>;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly task: AnyTypedContext | null | undefined;
  /** Foreign key(s): Task.id */
  readonly task_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly used_in_versions: Collection<AssetVersion>;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
  readonly uses_versions: Collection<AssetVersion>;
  readonly version: number | null | undefined;
}

export interface AssetVersionCustomAttributeLink extends Entity {
  readonly entityType: "AssetVersionCustomAttributeLink";
  readonly asset_version: AssetVersion | null | undefined;
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface AssetVersionCustomAttributeLinkFrom extends Entity {
  readonly entityType: "AssetVersionCustomAttributeLinkFrom";
  readonly asset_version: AssetVersion | null | undefined;
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface AssetVersionCustomAttributeValue extends Entity {
  readonly entityType: "AssetVersionCustomAttributeValue";
  readonly configuration: CustomAttributeConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly entity_id: string | null | undefined;
  readonly key: string | null | undefined;
  readonly value: JsonValue | null | undefined;
}

export interface AssetVersionLink extends Entity {
  readonly entityType: "AssetVersionLink";
  readonly from: AssetVersion | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  readonly to: AssetVersion | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly to_id: string | null | undefined;
}

export interface AssetVersionList extends Entity {
  readonly entityType: "AssetVersionList";
  readonly category: ListCategory | null | undefined;
  /** Foreign key(s): ListCategory.id */
  readonly category_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly is_open: boolean | null | undefined;
  readonly items: Collection<AssetVersion>;
  readonly name: string | null | undefined;
  readonly owner: User | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  /** Defines the type of the items this list accepts. */
  readonly system_type: string | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface AssetVersionStatusChange extends Entity {
  readonly entityType: "AssetVersionStatusChange";
  readonly date: Date | null | undefined;
  readonly from_status: Status | null | undefined;
  /** Foreign key(s): Status.id */
  readonly from_status_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly parent: AssetVersion | null | undefined;
  readonly parent_id: string | null | undefined;
  readonly parent_type: string | null | undefined;
  readonly status: Status | null | undefined;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface CalendarEvent extends Entity {
  readonly entityType: "CalendarEvent";
  readonly calendar_event_resources: Collection<CalendarEventResource>;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly effort: number | null | undefined;
  readonly end: Date | null | undefined;
  readonly estimate: number | null | undefined;
  readonly everyone: boolean | null | undefined;
  readonly forecast: boolean | null | undefined;
  readonly id: string | null | undefined;
  readonly leave: boolean | null | undefined;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly start: Date | null | undefined;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface CalendarEventResource extends Entity {
  readonly entityType: "CalendarEventResource";
  readonly calendar_event: CalendarEvent | null | undefined;
  /** Foreign key(s): CalendarEvent.id */
  readonly calendar_event_id: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly resource: AnyResource | null | undefined;
  /** Foreign key(s): Resource.id */
  readonly resource_id: string | null | undefined;
}

export interface Component extends Entity {
  readonly entityType: "Component";
  readonly component_locations: Collection<ComponentLocation>;
  readonly container: ContainerComponent | null | undefined;
  /** Foreign key(s): ContainerComponent.id */
  readonly container_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly file_type: string | null | undefined;
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly size: number | null | undefined;
  readonly system_type: string | null | undefined;
  readonly version: AssetVersion | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly version_id: string | null | undefined;
}

/** Any type that is a Component. */
export type AnyComponent = Component | ContainerComponent | FileComponent | SequenceComponent;

export interface ComponentCustomAttributeLink extends Entity {
  readonly entityType: "ComponentCustomAttributeLink";
  readonly component: AnyComponent | null | undefined;
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface ComponentCustomAttributeLinkFrom extends Entity {
  readonly entityType: "ComponentCustomAttributeLinkFrom";
  readonly component: AnyComponent | null | undefined;
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface ComponentLocation extends Entity {
  readonly entityType: "ComponentLocation";
  readonly component: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly component_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly location: Location | null | undefined;
  /** Foreign key(s): Location.id */
  readonly location_id: string | null | undefined;
  readonly resource_identifier: string | null | undefined;
  readonly url: JsonValue | null | undefined;
}

export interface ContainerComponent extends Entity {
  readonly entityType: "ContainerComponent";
  readonly component_locations: Collection<ComponentLocation>;
  readonly container: ContainerComponent | null | undefined;
  /** Foreign key(s): ContainerComponent.id */
  readonly container_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly file_type: string | null | undefined;
  /** Foreign key(s): Component.id */
  readonly id: string | null | undefined;
  readonly members: Collection<AnyComponent>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly size: number | null | undefined;
  readonly system_type: string | null | undefined;
  readonly version: AssetVersion | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly version_id: string | null | undefined;
}

/** Any type that is a Context. */
export type AnyContext = Project | TypedContext | AssetBuild | Episode | Folder | Milestone | Sequence | Shot | Task;

export interface ContextCustomAttributeLink extends Entity {
  readonly entityType: "ContextCustomAttributeLink";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly context: AnyContext | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface ContextCustomAttributeLinkFrom extends Entity {
  readonly entityType: "ContextCustomAttributeLinkFrom";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly context: AnyContext | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface ContextCustomAttributeValue extends Entity {
  readonly entityType: "ContextCustomAttributeValue";
  readonly configuration: CustomAttributeConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): Context.id */
  readonly entity_id: string | null | undefined;
  readonly key: string | null | undefined;
  readonly value: JsonValue | null | undefined;
}

export interface Conversation extends Entity {
  readonly entityType: "Conversation";
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly messages: Collection<Message>;
  readonly participants: Collection<Participant>;
}

export interface CustomAttributeConfiguration extends Entity {
  readonly entityType: "CustomAttributeConfiguration";
  /** JSON blob of relevant menu options. */
  readonly config: string | null | undefined;
  /** Whether a non-alterable builtin. */
  readonly core: boolean | null | undefined;
  /** Default value to use when no specific attribute value set on an instance. */
  readonly default: JsonValue | null | undefined;
  /** The entity type (table name). */
  readonly entity_type: string | null | undefined;
  readonly group: CustomAttributeGroup | null | undefined;
  /** Foreign key(s): CustomAttributeGroup.id */
  readonly group_id: string | null | undefined;
  readonly id: string | null | undefined;
  /** Whether overridable at different levels. */
  readonly is_hierarchical: boolean | null | undefined;
  /** Attribute name unique to entity type. */
  readonly key: string | null | undefined;
  /** Display name for attribute. */
  readonly label: string | null | undefined;
  readonly object_type: ObjectType | null | undefined;
  /** Id of object type attribute applies to. */
  readonly object_type_id: string | null | undefined;
  /** Id of project attribute is configured for. */
  readonly project_id: string | null | undefined;
  readonly read_security_roles: Collection<SecurityRole>;
  /** Graphical interface sort order. */
  readonly sort: number | null | undefined;
  readonly type: CustomAttributeType | null | undefined;
  /** Foreign key(s): CustomAttributeType.id */
  readonly type_id: string | null | undefined;
  readonly values: Collection<AnyCustomAttributeValue>;
  readonly write_security_roles: Collection<SecurityRole>;
}

export interface CustomAttributeGroup extends Entity {
  readonly entityType: "CustomAttributeGroup";
  readonly custom_attribute_configurations: Collection<CustomAttributeConfiguration>;
  readonly id: string | null | undefined;
  /** Name of custom attribute group */
  readonly name: string | null | undefined;
}

export interface CustomAttributeLink extends Entity {
  readonly entityType: "CustomAttributeLink";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_id: string | null | undefined;
}

/** Any type that is a CustomAttributeLink. */
export type AnyCustomAttributeLink = CustomAttributeLink | AssetCustomAttributeLink | AssetVersionCustomAttributeLink | ComponentCustomAttributeLink | ContextCustomAttributeLink | GroupCustomAttributeLink | ListCustomAttributeLink | UserCustomAttributeLink;

export interface CustomAttributeLinkConfiguration extends Entity {
  readonly entityType: "CustomAttributeLinkConfiguration";
  /** JSON blob of relevant menu options. */
  readonly config: string | null | undefined;
  /** Whether a non-alterable builtin. */
  readonly core: boolean | null | undefined;
  /** The entity type (table name). */
  readonly entity_type: string | null | undefined;
  /** The entity type (table name). */
  readonly entity_type_to: string | null | undefined;
  readonly group: CustomAttributeGroup | null | undefined;
  /** Foreign key(s): CustomAttributeGroup.id */
  readonly group_id: string | null | undefined;
  readonly id: string | null | undefined;
  /** Attribute name unique to entity type. */
  readonly key: string | null | undefined;
  /** Display name for attribute. */
  readonly label: string | null | undefined;
  readonly object_type: ObjectType | null | undefined;
  /** Id of object type attribute applies to. */
  readonly object_type_id: string | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id_to: string | null | undefined;
  readonly object_type_to: ObjectType | null | undefined;
  readonly one_to_one: boolean | null | undefined;
  /** Id of project attribute is configured for. */
  readonly project_id: string | null | undefined;
  readonly read_security_roles: Collection<SecurityRole>;
  /** Graphical interface sort order. */
  readonly sort: number | null | undefined;
  readonly write_security_roles: Collection<SecurityRole>;
}

export interface CustomAttributeLinkFrom extends Entity {
  readonly entityType: "CustomAttributeLinkFrom";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
}

/** Any type that is a CustomAttributeLinkFrom. */
export type AnyCustomAttributeLinkFrom = CustomAttributeLinkFrom | AssetCustomAttributeLinkFrom | AssetVersionCustomAttributeLinkFrom | ComponentCustomAttributeLinkFrom | ContextCustomAttributeLinkFrom | GroupCustomAttributeLinkFrom | ListCustomAttributeLinkFrom | UserCustomAttributeLinkFrom;

export interface CustomAttributeType extends Entity {
  readonly entityType: "CustomAttributeType";
  /** Whether a non-alterable builtin. */
  readonly core: boolean | null | undefined;
  readonly custom_attribute_configurations: Collection<CustomAttributeConfiguration>;
  readonly form_config: string | null | undefined;
  readonly id: string | null | undefined;
  /** Name of custom attribute type */
  readonly name: string | null | undefined;
}

export interface CustomAttributeValue extends Entity {
  readonly entityType: "CustomAttributeValue";
  readonly configuration: CustomAttributeConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly entity_id: string | null | undefined;
  readonly value: JsonValue | null | undefined;
}

/** Any type that is a CustomAttributeValue. */
export type AnyCustomAttributeValue = CustomAttributeValue | AssetCustomAttributeValue | AssetVersionCustomAttributeValue | ContextCustomAttributeValue | ListCustomAttributeValue | ListObjectCustomAttributeValue | UserCustomAttributeValue;

export interface CustomConfigurationBase extends Entity {
  readonly entityType: "CustomConfigurationBase";
  /** JSON blob of relevant menu options. */
  readonly config: string | null | undefined;
  /** Whether a non-alterable builtin. */
  readonly core: boolean | null | undefined;
  /** The entity type (table name). */
  readonly entity_type: string | null | undefined;
  readonly group: CustomAttributeGroup | null | undefined;
  /** Foreign key(s): CustomAttributeGroup.id */
  readonly group_id: string | null | undefined;
  readonly id: string | null | undefined;
  /** Attribute name unique to entity type. */
  readonly key: string | null | undefined;
  /** Display name for attribute. */
  readonly label: string | null | undefined;
  readonly object_type: ObjectType | null | undefined;
  /** Id of object type attribute applies to. */
  readonly object_type_id: string | null | undefined;
  /** Id of project attribute is configured for. */
  readonly project_id: string | null | undefined;
  readonly read_security_roles: Collection<SecurityRole>;
  /** Graphical interface sort order. */
  readonly sort: number | null | undefined;
  readonly write_security_roles: Collection<SecurityRole>;
}

/** Any type that is a CustomConfigurationBase. */
export type AnyCustomConfigurationBase = CustomConfigurationBase | CustomAttributeConfiguration | CustomAttributeLinkConfiguration;

export interface Dashboard extends Entity {
  readonly entityType: "Dashboard";
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly dashboard_resources: Collection<DashboardResource>;
  readonly id: string | null | undefined;
  readonly is_shared_with_everyone: boolean | null | undefined;
  readonly name: string | null | undefined;
  readonly widgets: Collection<DashboardWidget>;
}

export interface DashboardResource extends Entity {
  readonly entityType: "DashboardResource";
  readonly dashboard: Dashboard | null | undefined;
  /** Foreign key(s): Dashboard.id */
  readonly dashboard_id: string | null | undefined;
  readonly is_shared_with_everyone: boolean | null | undefined;
  readonly resource: AnyResource | null | undefined;
  /** Foreign key(s): Resource.id */
  readonly resource_id: string | null | undefined;
}

export interface DashboardWidget extends Entity {
  readonly entityType: "DashboardWidget";
  /** JSON blob of relevant widget options. */
  readonly config: string | null | undefined;
  readonly dashboard: Dashboard | null | undefined;
  /** Foreign key(s): Dashboard.id */
  readonly dashboard_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly sort: number | null | undefined;
  readonly type: string | null | undefined;
}

export interface Disk extends Entity {
  readonly entityType: "Disk";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly projects: Collection<Project>;
  readonly unix: string | null | undefined;
  readonly windows: string | null | undefined;
}

export interface EntitySetting extends Entity {
  readonly entityType: "EntitySetting";
  readonly group: string | null | undefined;
  readonly name: string | null | undefined;
  readonly parent_id: string | null | undefined;
  readonly parent_type: string | null | undefined;
  readonly value: string | null | undefined;
}

export interface Episode extends Entity {
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface Event extends Entity {
  readonly entityType: "Event";
  readonly action: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly data: string | null | undefined;
  readonly feeds: Collection<Feed>;
  readonly id: number | null | undefined;
  readonly insert: string | null | undefined;
  readonly parent_id: string | null | undefined;
  readonly parent_type: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface Feed extends Entity {
  readonly entityType: "Feed";
  readonly cluster_id: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly distance: number | null | undefined;
  readonly event: Event | null | undefined;
  readonly id: string | null | undefined;
  readonly owner_id: string | null | undefined;
  readonly relation: string | null | undefined;
  /** Foreign key(s): Event.social_id */
  readonly social_id: number | null | undefined;
}

export interface FileComponent extends Entity {
  readonly entityType: "FileComponent";
  readonly component_locations: Collection<ComponentLocation>;
  readonly container: ContainerComponent | null | undefined;
  /** Foreign key(s): ContainerComponent.id */
  readonly container_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly file_type: string | null | undefined;
  /** Foreign key(s): Component.id */
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly size: number | null | undefined;
  readonly system_type: string | null | undefined;
  readonly version: AssetVersion | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly version_id: string | null | undefined;
}

export interface Folder extends Entity {
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
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
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly dashboard_resources: Collection<DashboardResource>;
  readonly id: string | null | undefined;
  readonly link: string | null | undefined;
  readonly local: boolean | null | undefined;
  readonly memberships: Collection<Membership>;
  readonly name: string | null | undefined;
  readonly parent: Group | null | undefined;
  /** Foreign key(s): Group.id */
  readonly parent_id: string | null | undefined;
  readonly resource_type: string | null | undefined;
}

export interface GroupCustomAttributeLink extends Entity {
  readonly entityType: "GroupCustomAttributeLink";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly group: Group | null | undefined;
  readonly id: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface GroupCustomAttributeLinkFrom extends Entity {
  readonly entityType: "GroupCustomAttributeLinkFrom";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly group: Group | null | undefined;
  readonly id: string | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface Job extends Entity {
  readonly entityType: "Job";
  readonly created_at: Date | null | undefined;
  readonly data: JsonValue | null | undefined;
  readonly finished_at: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly job_components: Collection<JobComponent>;
  readonly status: "queued" | "running" | "done" | "failed" | null | undefined;
  readonly type: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface JobComponent extends Entity {
  readonly entityType: "JobComponent";
  readonly component: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly component_id: string | null | undefined;
  readonly job: Job | null | undefined;
  /** Foreign key(s): Job.id */
  readonly job_id: string | null | undefined;
  readonly url: JsonValue | null | undefined;
}

export interface List extends Entity {
  readonly entityType: "List";
  readonly category: ListCategory | null | undefined;
  /** Foreign key(s): ListCategory.id */
  readonly category_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly is_open: boolean | null | undefined;
  readonly name: string | null | undefined;
  readonly owner: User | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  /** Defines the type of the items this list accepts. */
  readonly system_type: string | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

/** Any type that is a List. */
export type AnyList = List | AssetVersionList | TypedContextList;

export interface ListCategory extends Entity {
  readonly entityType: "ListCategory";
  readonly id: string | null | undefined;
  readonly lists: Collection<AnyList>;
  readonly name: string | null | undefined;
}

export interface ListCustomAttributeLink extends Entity {
  readonly entityType: "ListCustomAttributeLink";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly list: AnyList | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface ListCustomAttributeLinkFrom extends Entity {
  readonly entityType: "ListCustomAttributeLinkFrom";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly list: AnyList | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
}

export interface ListCustomAttributeValue extends Entity {
  readonly entityType: "ListCustomAttributeValue";
  readonly configuration: CustomAttributeConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): List.id */
  readonly entity_id: string | null | undefined;
  readonly key: string | null | undefined;
  readonly value: JsonValue | null | undefined;
}

export interface ListObject extends Entity {
  readonly entityType: "ListObject";
  readonly custom_attributes: KeyedCollection;
  readonly entity_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly list: AnyList | null | undefined;
  /** Foreign key(s): List.id */
  readonly list_id: string | null | undefined;
}

export interface ListObjectCustomAttributeValue extends Entity {
  readonly entityType: "ListObjectCustomAttributeValue";
  readonly configuration: CustomAttributeConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): ListObject.id */
  readonly entity_id: string | null | undefined;
  readonly key: string | null | undefined;
  readonly value: JsonValue | null | undefined;
}

export interface Location extends Entity {
  readonly entityType: "Location";
  readonly description: string | null | undefined;
  readonly id: string | null | undefined;
  readonly label: string | null | undefined;
  readonly location_components: Collection<ComponentLocation>;
  readonly name: string | null | undefined;
}

export interface Manager extends Entity {
  readonly entityType: "Manager";
  readonly context: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly context_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly type: ManagerType | null | undefined;
  /** Foreign key(s): ManagerType.id */
  readonly type_id: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.id */
  readonly user_id: string | null | undefined;
}

export interface ManagerType extends Entity {
  readonly entityType: "ManagerType";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
}

export interface Membership extends Entity {
  readonly entityType: "Membership";
  readonly group: Group | null | undefined;
  /** Foreign key(s): Group.id */
  readonly group_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.id */
  readonly user_id: string | null | undefined;
}

export interface Message extends Entity {
  readonly entityType: "Message";
  readonly conversation: Conversation | null | undefined;
  /** Foreign key(s): Conversation.id */
  readonly conversation_id: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly text: string | null | undefined;
}

export interface Metadata extends Entity {
  readonly entityType: "Metadata";
  readonly key: string | null | undefined;
  readonly parent_id: string | null | undefined;
  readonly parent_type: string | null | undefined;
  readonly value: string | null | undefined;
}

export interface Milestone extends Entity {
  readonly entityType: "Milestone";
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface Note extends Entity {
  readonly entityType: "Note";
  readonly author: User | null | undefined;
  readonly category: NoteCategory | null | undefined;
  /** Foreign key(s): NoteCategory.id */
  readonly category_id: string | null | undefined;
  readonly completed_at: Date | null | undefined;
  readonly completed_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly completed_by_id: string | null | undefined;
  readonly content: string | null | undefined;
  readonly date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly in_reply_to: Note | null | undefined;
  /** Foreign key(s): Note.id */
  readonly in_reply_to_id: string | null | undefined;
  readonly is_todo: boolean | null | undefined;
  readonly metadata: KeyedCollection;
  readonly note_components: Collection<NoteComponent>;
  readonly note_label_links: Collection<NoteLabelLink>;
  readonly parent_id: string | null | undefined;
  readonly parent_type: string | null | undefined;
  readonly recipients: Collection<Recipient>;
  readonly replies: Collection<Note>;
  readonly thread_activity: Date | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface NoteCategory extends Entity {
  readonly entityType: "NoteCategory";
  readonly color: string | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly sort: number | null | undefined;
}

export interface NoteComponent extends Entity {
  readonly entityType: "NoteComponent";
  readonly component: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly component_id: string | null | undefined;
  readonly note: Note | null | undefined;
  /** Foreign key(s): Note.id */
  readonly note_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly url: JsonValue | null | undefined;
}

export interface NoteLabel extends Entity {
  readonly entityType: "NoteLabel";
  readonly color: string | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly sort: number | null | undefined;
}

export interface NoteLabelLink extends Entity {
  readonly entityType: "NoteLabelLink";
  readonly label: NoteLabel | null | undefined;
  /** Foreign key(s): NoteLabel.id */
  readonly label_id: string | null | undefined;
  readonly note: Note | null | undefined;
  /** Foreign key(s): Note.id */
  readonly note_id: string | null | undefined;
}

export interface ObjectType extends Entity {
  readonly entityType: "ObjectType";
  readonly icon: string | null | undefined;
  readonly id: string | null | undefined;
  readonly is_leaf: boolean | null | undefined;
  readonly is_schedulable: boolean | null | undefined;
  readonly is_statusable: boolean | null | undefined;
  readonly is_taskable: boolean | null | undefined;
  readonly is_time_reportable: boolean | null | undefined;
  readonly is_typeable: boolean | null | undefined;
  readonly name: string | null | undefined;
  readonly project_schemas: Collection<ProjectSchema>;
  readonly sort: number | null | undefined;
  readonly tasks: Collection<Task>;
}

export interface Participant extends Entity {
  readonly entityType: "Participant";
  readonly conversation: Conversation | null | undefined;
  /** Foreign key(s): Conversation.id */
  readonly conversation_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly last_visit: Date | null | undefined;
  readonly resource: AnyResource | null | undefined;
  /** Foreign key(s): Resource.id */
  readonly resource_id: string | null | undefined;
}

export interface Priority extends Entity {
  readonly entityType: "Priority";
  readonly color: string | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly sort: number | null | undefined;
  readonly tasks: Collection<Task>;
  readonly value: number | null | undefined;
}

export interface Project extends Entity {
  readonly entityType: "Project";
  /** This attribute has been deprecated, use `link` attribute instead. */
  readonly _link: readonly LinkItem[] | null | undefined;
  readonly allocations: Collection<Appointment>;
  readonly appointments: Collection<Appointment>;
  readonly assets: Collection<Asset>;
  readonly assignments: Collection<Appointment>;
  readonly calendar_events: Collection<CalendarEvent>;
  readonly children: Collection<AnyContext>;
  readonly color: string | null | undefined;
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly disk: Disk | null | undefined;
  /** Foreign key(s): Disk.id */
  readonly disk_id: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly full_name: string | null | undefined;
  readonly id: string | null | undefined;
  readonly is_global: boolean | null | undefined;
  readonly is_private: boolean | null | undefined;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly project_schema: ProjectSchema | null | undefined;
  /** Foreign key(s): ProjectSchema.id */
  readonly project_schema_id: string | null | undefined;
  readonly review_sessions: Collection<ReviewSession>;
  readonly root: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly start_date: Date | null | undefined;
  readonly status: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly user_security_role_projects: Collection<UserSecurityRoleProject>;
}

export interface ProjectSchema extends Entity {
  readonly entityType: "ProjectSchema";
  readonly _overrides: Collection<ProjectSchemaOverride>;
  readonly _schemas: Collection<Schema>;
  readonly _task_type_schema: TaskTypeSchema | null | undefined;
  readonly _task_workflow: WorkflowSchema | null | undefined;
  readonly _version_workflow: WorkflowSchema | null | undefined;
  readonly asset_version_workflow_schema: WorkflowSchema | null | undefined;
  /** Foreign key(s): WorkflowSchema.id */
  readonly asset_version_workflow_schema_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly object_type_schemas: Collection<Schema>;
  readonly object_types: Collection<ObjectType>;
  readonly task_templates: Collection<TaskTemplate>;
  readonly task_type_schema: TaskTypeSchema | null | undefined;
  /** Foreign key(s): TaskTypeSchema.id */
  readonly task_type_schema_id: string | null | undefined;
  readonly task_workflow_schema: WorkflowSchema | null | undefined;
  /** Foreign key(s): WorkflowSchema.id */
  readonly task_workflow_schema_id: string | null | undefined;
  readonly task_workflow_schema_overrides: Collection<ProjectSchemaOverride>;
}

export interface ProjectSchemaObjectType extends Entity {
  readonly entityType: "ProjectSchemaObjectType";
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly project_schema: ProjectSchema | null | undefined;
  /** Foreign key(s): ProjectSchema.id */
  readonly project_schema_id: string | null | undefined;
}

export interface ProjectSchemaOverride extends Entity {
  readonly entityType: "ProjectSchemaOverride";
  readonly id: string | null | undefined;
  /** Foreign key(s): ProjectSchema.id */
  readonly project_schema_id: string | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
  readonly workflow_schema: WorkflowSchema | null | undefined;
  /** Foreign key(s): WorkflowSchema.id */
  readonly workflow_schema_id: string | null | undefined;
}

export interface Recipient extends Entity {
  readonly entityType: "Recipient";
  readonly note: Note | null | undefined;
  /** Foreign key(s): Note.id */
  readonly note_id: string | null | undefined;
  readonly recipient: AnyResource | null | undefined;
  /** Foreign key(s): Resource.id */
  readonly resource_id: string | null | undefined;
  readonly text_mentioned: string | null | undefined;
  readonly user: User | null | undefined;
}

export interface Resource extends Entity {
  readonly entityType: "Resource";
  readonly allocations: Collection<Appointment>;
  readonly appointments: Collection<Appointment>;
  readonly assignments: Collection<Appointment>;
  readonly dashboard_resources: Collection<DashboardResource>;
  readonly id: string | null | undefined;
  readonly resource_type: string | null | undefined;
}

/** Any type that is a Resource. */
export type AnyResource = Resource | Group | User;

export interface ReviewSession extends Entity {
  readonly entityType: "ReviewSession";
  readonly availability: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly is_moderated: boolean | null | undefined;
  readonly is_open: boolean | null | undefined;
  readonly name: string | null | undefined;
  readonly passphrase: string | null | undefined;
  readonly passphrase_enabled: boolean | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.project_id */
  readonly project_id: string | null | undefined;
  readonly review_session_invitees: Collection<ReviewSessionInvitee>;
  readonly review_session_objects: Collection<ReviewSessionObject>;
  readonly settings: Collection<EntitySetting>;
  readonly shareable_url_enabled: boolean | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
}

export interface ReviewSessionInvitee extends Entity {
  readonly entityType: "ReviewSessionInvitee";
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly created_from_shared_url: boolean | null | undefined;
  readonly email: string | null | undefined;
  readonly id: string | null | undefined;
  readonly last_sent_at: Date | null | undefined;
  readonly name: string | null | undefined;
  readonly review_session: ReviewSession | null | undefined;
  /** Foreign key(s): ReviewSession.id */
  readonly review_session_id: string | null | undefined;
  readonly statuses: Collection<ReviewSessionObjectStatus>;
}

export interface ReviewSessionObject extends Entity {
  readonly entityType: "ReviewSessionObject";
  readonly asset_version: AssetVersion | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly description: string | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly review_session: ReviewSession | null | undefined;
  /** Foreign key(s): ReviewSession.id */
  readonly review_session_id: string | null | undefined;
  readonly sort_order: number | null | undefined;
  readonly statuses: Collection<ReviewSessionObjectStatus>;
  readonly version: string | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly version_id: string | null | undefined;
}

export interface ReviewSessionObjectStatus extends Entity {
  readonly entityType: "ReviewSessionObjectStatus";
  readonly created_at: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly invitee: ReviewSessionInvitee | null | undefined;
  /** Foreign key(s): ReviewSessionInvitee.id */
  readonly review_session_invitee_id: string | null | undefined;
  readonly review_session_object: ReviewSessionObject | null | undefined;
  /** Foreign key(s): ReviewSessionObject.id */
  readonly review_session_object_id: string | null | undefined;
  readonly status: string | null | undefined;
}

export interface Schema extends Entity {
  readonly entityType: "Schema";
  readonly id: string | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  /** Foreign key(s): ProjectSchema.id */
  readonly project_schema_id: string | null | undefined;
  readonly statuses: Collection<SchemaStatus>;
  /** Foreign key(s): ObjectType.id */
  readonly type_id: string | null | undefined;
  readonly types: Collection<SchemaType>;
}

export interface SchemaStatus extends Entity {
  readonly entityType: "SchemaStatus";
  /** Foreign key(s): Schema.id */
  readonly schema_id: string | null | undefined;
  readonly sort: number | null | undefined;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly task_status: Status | null | undefined;
}

export interface SchemaType extends Entity {
  readonly entityType: "SchemaType";
  /** Foreign key(s): Schema.id */
  readonly schema_id: string | null | undefined;
  readonly sort: number | null | undefined;
  readonly task_type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface Scope extends Entity {
  readonly entityType: "Scope";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
}

export interface SecurityRole extends Entity {
  readonly entityType: "SecurityRole";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  /** Foreign key(s): SecurityRoleType.id */
  readonly type: string | null | undefined;
  readonly user_security_roles: Collection<UserSecurityRole>;
}

export interface Sequence extends Entity {
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface SequenceComponent extends Entity {
  readonly entityType: "SequenceComponent";
  readonly component_locations: Collection<ComponentLocation>;
  readonly container: ContainerComponent | null | undefined;
  /** Foreign key(s): ContainerComponent.id */
  readonly container_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly file_type: string | null | undefined;
  /** Foreign key(s): Component.id */
  readonly id: string | null | undefined;
  readonly members: Collection<AnyComponent>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly padding: number | null | undefined;
  readonly size: number | null | undefined;
  readonly system_type: string | null | undefined;
  readonly version: AssetVersion | null | undefined;
  /** Foreign key(s): AssetVersion.id */
  readonly version_id: string | null | undefined;
}

export interface Setting extends Entity {
  readonly entityType: "Setting";
  readonly group: string | null | undefined;
  readonly name: string | null | undefined;
  readonly value: string | null | undefined;
}

export interface SettingComponent extends Entity {
  readonly entityType: "SettingComponent";
  readonly component: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly component_id: string | null | undefined;
  /** Foreign key(s): Setting.group */
  readonly group: string | null | undefined;
  /** Foreign key(s): Setting.name */
  readonly name: string | null | undefined;
  readonly setting: Setting | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly url: JsonValue | null | undefined;
}

export interface Shot extends Entity {
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
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
  readonly name: string | null | undefined;
  readonly short: string | null | undefined;
}

export interface Status extends Entity {
  readonly entityType: "Status";
  readonly color: string | null | undefined;
  readonly id: string | null | undefined;
  readonly is_active: boolean | null | undefined;
  readonly name: string | null | undefined;
  readonly sort: number | null | undefined;
  readonly state: State | null | undefined;
  readonly tasks: Collection<Task>;
}

export interface StatusChange extends Entity {
  readonly entityType: "StatusChange";
  readonly date: Date | null | undefined;
  readonly from_status: Status | null | undefined;
  /** Foreign key(s): Status.id */
  readonly from_status_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly parent_id: string | null | undefined;
  readonly parent_type: string | null | undefined;
  readonly status: Status | null | undefined;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

/** Any type that is a StatusChange. */
export type AnyStatusChange = StatusChange | AssetVersionStatusChange | TypedContextStatusChange;

export interface Task extends Entity {
  readonly entityType: "Task";
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

export interface TaskTemplate extends Entity {
  readonly entityType: "TaskTemplate";
  readonly id: string | null | undefined;
  readonly items: Collection<TaskTemplateItem>;
  readonly name: string | null | undefined;
  readonly project_schema: ProjectSchema | null | undefined;
  /** Foreign key(s): ProjectSchema.id */
  readonly project_schema_id: string | null | undefined;
}

export interface TaskTemplateItem extends Entity {
  readonly entityType: "TaskTemplateItem";
  readonly id: string | null | undefined;
  readonly task_type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly task_type_id: string | null | undefined;
  readonly template: TaskTemplate | null | undefined;
  /** Foreign key(s): TaskTemplate.id */
  readonly template_id: string | null | undefined;
}

export interface TaskTypeSchema extends Entity {
  readonly entityType: "TaskTypeSchema";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
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
  readonly comment: string | null | undefined;
  readonly context: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly context_id: string | null | undefined;
  readonly duration: number | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly start: Date | null | undefined;
  readonly time_zone_offset: number | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.id */
  readonly user_id: string | null | undefined;
}

export interface Timer extends Entity {
  readonly entityType: "Timer";
  readonly comment: string | null | undefined;
  readonly context: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly context_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
  readonly start: Date | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface Type extends Entity {
  readonly entityType: "Type";
  readonly color: string | null | undefined;
  readonly id: string | null | undefined;
  readonly is_billable: boolean | null | undefined;
  readonly name: string | null | undefined;
  readonly sort: number | null | undefined;
  readonly task_type_schemas: Collection<TaskTypeSchema>;
  readonly tasks: Collection<Task>;
}

export interface TypedContext extends Entity {
  readonly entityType: "TypedContext";
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
  readonly context_type: string | null | undefined;
  readonly created_at: Date | null | undefined;
  readonly created_by: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly created_by_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly descendants: Collection<AnyTypedContext>;
  readonly description: string | null | undefined;
  readonly end_date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly incoming_links: Collection<TypedContextLink>;
  readonly link: readonly LinkItem[] | null | undefined;
  readonly lists: Collection<TypedContextList>;
  readonly managers: Collection<Manager>;
  readonly metadata: KeyedCollection;
  readonly name: string | null | undefined;
  readonly notes: Collection<Note>;
  readonly object_type: ObjectType | null | undefined;
  /** Foreign key(s): ObjectType.id */
  readonly object_type_id: string | null | undefined;
  readonly outgoing_links: Collection<TypedContextLink>;
  readonly parent: AnyContext | null | undefined;
  /** Foreign key(s): Context.id */
  readonly parent_id: string | null | undefined;
  readonly priority: Priority | null | undefined;
  /** Foreign key(s): Priority.id */
  readonly priority_id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly scopes: Collection<Scope>;
  readonly sort: number | null | undefined;
  readonly start_date: Date | null | undefined;
  readonly status: Status | null | undefined;
  readonly status_changes: Collection<AnyStatusChange>;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly time_logged: number | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly type: Type | null | undefined;
  /** Foreign key(s): Type.id */
  readonly type_id: string | null | undefined;
}

/** Any type that is a TypedContext. */
export type AnyTypedContext = TypedContext | AssetBuild | Episode | Folder | Milestone | Sequence | Shot | Task;

export interface TypedContextLink extends Entity {
  readonly entityType: "TypedContextLink";
  readonly from: AnyTypedContext | null | undefined;
  /** Foreign key(s): TypedContext.id */
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly metadata: KeyedCollection;
  readonly to: AnyTypedContext | null | undefined;
  /** Foreign key(s): TypedContext.id */
  readonly to_id: string | null | undefined;
}

export interface TypedContextList extends Entity {
  readonly entityType: "TypedContextList";
  readonly category: ListCategory | null | undefined;
  /** Foreign key(s): ListCategory.id */
  readonly category_id: string | null | undefined;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly date: Date | null | undefined;
  readonly id: string | null | undefined;
  readonly is_open: boolean | null | undefined;
  readonly items: Collection<AnyTypedContext>;
  readonly name: string | null | undefined;
  readonly owner: User | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  /** Defines the type of the items this list accepts. */
  readonly system_type: string | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface TypedContextStatusChange extends Entity {
  readonly entityType: "TypedContextStatusChange";
  readonly date: Date | null | undefined;
  readonly from_status: Status | null | undefined;
  /** Foreign key(s): Status.id */
  readonly from_status_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly parent: AnyTypedContext | null | undefined;
  readonly parent_id: string | null | undefined;
  readonly parent_type: string | null | undefined;
  readonly status: Status | null | undefined;
  /** Foreign key(s): Status.id */
  readonly status_id: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.user_id */
  readonly user_id: string | null | undefined;
}

export interface User extends Entity {
  readonly entityType: "User";
  readonly allocations: Collection<Appointment>;
  readonly appointments: Collection<Appointment>;
  readonly assignments: Collection<Appointment>;
  readonly custom_attribute_links: KeyedCollection;
  readonly custom_attribute_links_from: KeyedCollection;
  readonly custom_attributes: KeyedCollection;
  readonly dashboard_resources: Collection<DashboardResource>;
  readonly email: string | null | undefined;
  readonly first_name: string | null | undefined;
  readonly id: string | null | undefined;
  readonly is_active: boolean | null | undefined;
  readonly is_otp_enabled: boolean | null | undefined;
  readonly is_totp_enabled: boolean | null | undefined;
  readonly last_name: string | null | undefined;
  readonly memberships: Collection<Membership>;
  readonly metadata: KeyedCollection;
  readonly require_details_update: boolean | null | undefined;
  readonly resource_type: string | null | undefined;
  readonly thumbnail: AnyComponent | null | undefined;
  /** Foreign key(s): Component.id */
  readonly thumbnail_id: string | null | undefined;
  readonly thumbnail_url: JsonValue | null | undefined;
  readonly timelogs: Collection<Timelog>;
  readonly user_security_roles: Collection<UserSecurityRole>;
  readonly user_type: UserType | null | undefined;
  /** Foreign key(s): UserType.id */
  readonly user_type_id: unknown;
  readonly username: string | null | undefined;
}

export interface UserApplicationState extends Entity {
  readonly entityType: "UserApplicationState";
  readonly key: string | null | undefined;
  /** Foreign key(s): User.id */
  readonly user_id: string | null | undefined;
  readonly value: string | null | undefined;
}

export interface UserCustomAttributeLink extends Entity {
  readonly entityType: "UserCustomAttributeLink";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_id: string | null | undefined;
  readonly user: User | null | undefined;
}

export interface UserCustomAttributeLinkFrom extends Entity {
  readonly entityType: "UserCustomAttributeLinkFrom";
  readonly configuration: CustomAttributeLinkConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeLinkConfiguration.id */
  readonly configuration_id: string | null | undefined;
  readonly from_entity_type: string | null | undefined;
  readonly from_id: string | null | undefined;
  readonly id: string | null | undefined;
  readonly to_entity_type: string | null | undefined;
  readonly to_id: string | null | undefined;
  readonly user: User | null | undefined;
}

export interface UserCustomAttributeValue extends Entity {
  readonly entityType: "UserCustomAttributeValue";
  readonly configuration: CustomAttributeConfiguration | null | undefined;
  /** Foreign key(s): CustomAttributeConfiguration.id */
  readonly configuration_id: string | null | undefined;
  /** Foreign key(s): User.id */
  readonly entity_id: string | null | undefined;
  readonly key: string | null | undefined;
  readonly value: JsonValue | null | undefined;
}

export interface UserSecurityRole extends Entity {
  readonly entityType: "UserSecurityRole";
  readonly id: string | null | undefined;
  readonly is_all_open_projects: boolean | null | undefined;
  /** This attribute has been deprecated, use `is_all_open_projects` attribute instead. */
  readonly is_all_projects: boolean | null | undefined;
  readonly security_role: SecurityRole | null | undefined;
  /** Foreign key(s): SecurityRole.id */
  readonly security_role_id: string | null | undefined;
  readonly user: User | null | undefined;
  /** Foreign key(s): User.id */
  readonly user_id: string | null | undefined;
  readonly user_security_role_projects: Collection<UserSecurityRoleProject>;
}

export interface UserSecurityRoleProject extends Entity {
  readonly entityType: "UserSecurityRoleProject";
  readonly id: string | null | undefined;
  readonly project: Project | null | undefined;
  /** Foreign key(s): Project.id */
  readonly project_id: string | null | undefined;
  readonly user_security_role: UserSecurityRole | null | undefined;
  /** Foreign key(s): UserSecurityRole.id */
  readonly user_security_role_id: string | null | undefined;
}

export interface UserType extends Entity {
  readonly entityType: "UserType";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
}

export interface WorkflowSchema extends Entity {
  readonly entityType: "WorkflowSchema";
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
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
