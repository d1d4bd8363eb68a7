import type { TransferOptions } from "./accessor.js";
import type { ComponentOptions } from "./components.js";
import type { Entity } from "./entity.js";
import type { AnyComponent } from "./generated/entities.js";
import { idOf } from "./component-data.js";
import { SERVER_LOCATION_ID } from "./locations.js";
import type { ComponentFile } from "./source-file.js";

/**
 * Uploads a picture and makes it the thumbnail of an entity, in two steps: servers have been seen to run an update before the
 * creation that it depends on.
 */
export async function createThumbnail(entity: Entity, file: ComponentFile, { data = {}, ...options }: Pick<ComponentOptions, "data"> & TransferOptions = {}): Promise<AnyComponent> {
  const component = await entity.session.createComponent(file, { ...options, name: "thumbnail", data, location: SERVER_LOCATION_ID });
  await entity.session.send([{ update: entity, values: { thumbnail_id: idOf(component) } }], options.signal);
  return component;
}
