import { TRANSFER_OPTIONS } from "./accessor.js";
import type { TransferOptions } from "./accessor.js";
import { optionsOf, values } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { IN_DATA } from "./component-options.js";
import type { ComponentOptions } from "./component-options.js";
import type { Entity } from "./entity.js";
import type { AnyComponent } from "./generated/entities.js";
import { idOf } from "./component-data.js";
import { CommitOutcomeUnknownError } from "./errors.js";
import { LocationError } from "./location-errors.js";
import { SERVER_LOCATION_ID } from "./locations.js";
import type { ComponentFile } from "./source-file.js";
import { checkCommitted } from "./states.js";

type ThumbnailCreationOptions = Pick<ComponentOptions, "data"> & TransferOptions;

const THUMBNAIL_CREATION_OPTIONS: Checks<ThumbnailCreationOptions> = { data: values, ...TRANSFER_OPTIONS };

/**
 * Uploads a picture and makes it the thumbnail of an entity, in two steps: servers have been seen to run an update before the
 * creation that it depends on. Where the second is refused the component is removed again.
 *
 * @throws {LocationError} that names the component where it cannot be removed
 * @throws {CommitOutcomeUnknownError} when no answer comes to the second step: the component stays, for the entity may have it
 */
export async function createThumbnail(entity: Entity, file: ComponentFile, given?: ThumbnailCreationOptions): Promise<AnyComponent> {
  const { data = {}, ...options } = optionsOf("createThumbnail", given, THUMBNAIL_CREATION_OPTIONS, IN_DATA);
  checkCommitted("createThumbnail", entity);
  const { session } = entity;
  const component = await session.createComponent(file, { ...options, name: "thumbnail", data, location: SERVER_LOCATION_ID });
  try {
    await session.send("createThumbnail", [{ update: entity, values: { thumbnail_id: idOf(component) } }], options.signal);
  } catch (error) {
    if (!(error instanceof CommitOutcomeUnknownError)) await withdraw(component, error);
    throw error;
  }
  return component;
}

/** Removes a component that nothing came of. */
async function withdraw(component: Entity, cause: unknown): Promise<void> {
  try {
    await component.session.components.transfers.remove([component], SERVER_LOCATION_ID);
    await component.session.send("createThumbnail", [{ delete: component }]);
  } catch (error) {
    const id = idOf(component);
    throw new LocationError(`createThumbnail: ${String(cause)}; the component ${id} is left on the server: ${String(error)}`, { cause, left: { [id]: id } });
  }
}
