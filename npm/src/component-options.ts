import { TRANSFER_OPTIONS } from "./accessor.js";
import type { TransferOptions } from "./accessor.js";
import { entity, flag, text, values } from "./arguments.js";
import type { Checks } from "./arguments.js";
import type { Entity } from "./entity.js";

/** What a component is made with. */
export interface ComponentOptions extends TransferOptions {
  /** By default the file's name without its extension. */
  name?: string | undefined;
  /** Values of the component: `version_id`, `version`, ... */
  data?: Readonly<Record<string, unknown>> | undefined;
  /** What the file is called, of a Blob or a stream that does not say: its extension is the type of the file. */
  fileName?: string | undefined;
  /** Where the data goes: a Location or its id; `"auto"`, the default, is the preferred one that can be reached. `null` makes the component only. */
  location?: Entity | string | null | undefined;
}

/** For values that are given beside the options. */
export const IN_DATA = "; values of the component stand in data";

export const COMPONENT_OPTIONS: Checks<ComponentOptions> = {
  name: text,
  data: values,
  location: ["a Location, its id, or null", (value: unknown) => value === null || typeof value === "string" || entity[1](value as never)],
  ...TRANSFER_OPTIONS,
};

/** How media for reviews are made. */
export interface MediaOptions extends TransferOptions {
  version?: Entity | string | undefined;
  keepOriginal?: boolean | undefined;
}

export const MEDIA_OPTIONS: Checks<MediaOptions> = {
  version: ["an AssetVersion or its id", (value: unknown) => typeof value === "string" || entity[1](value as never)],
  keepOriginal: flag,
  ...TRANSFER_OPTIONS,
};
