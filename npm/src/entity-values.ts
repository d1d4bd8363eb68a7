/** A JSON value within an entity, with the server's tagged dates decoded. It is shared, and frozen. */
export type JsonValue = string | number | boolean | null | Date | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A step of a `link` attribute: the entities from the project down to the entity itself. */
export interface LinkItem {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}
