/** Where a component's file was found; its identifiers are paths as they were given. */
export const ORIGIN_LOCATION_ID = "ce9b348f-8809-11e3-821c-20c9d081909b";
/** Files that are registered where they stand. */
export const UNMANAGED_LOCATION_ID = "cb268ecc-8809-11e3-a7e2-20c9d081909b";
/** ftrack.review: media that the server encoded. */
export const REVIEW_LOCATION_ID = "cd41be70-8809-11e3-b98a-20c9d081909b";
/** Where older installations of Connect registered files. */
export const CONNECT_LOCATION_ID = "07b82a97-8cf9-11e3-9383-20c9d081909b";
/** The server's own storage. */
export const SERVER_LOCATION_ID = "3a372bde-05bc-11e4-8908-20c9d081909b";

/** The priority of a location that nobody gave one. */
const DEFAULT_PRIORITY = 95;

const priorities = new Map([
  [UNMANAGED_LOCATION_ID, 90],
  [ORIGIN_LOCATION_ID, 100],
  [REVIEW_LOCATION_ID, 110],
  [SERVER_LOCATION_ID, 150],
]);

/** The priority of centralised storage. */
export const CENTRALISED_PRIORITY = 1;

/** The priority that a location has by itself; the lowest is preferred. */
export function priorityOf(locationId: string): number {
  return priorities.get(locationId) ?? DEFAULT_PRIORITY;
}
