import { listOf } from "./arguments.js";
import type { CallOptions } from "./call-options.js";
import type { Core } from "./core.js";
import { isEntity, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import type { Records } from "./records.js";

/** Has the core fetch what a session's entities lack. */
export class Populating {
  readonly #core: Core;
  readonly #id: number;
  readonly #records: Records;
  /** Held until they are done, or a sweep could give their places to others. */
  readonly #held = new Set<readonly Entity[]>();

  constructor(core: Core, id: number, records: Records) {
    this.#core = core;
    this.#id = id;
    this.#records = records;
  }

  /** Fetches projections for entities, as far as they are not loaded; without any, all attributes. */
  async run(given: Entity | Iterable<Entity>, projections: string | readonly string[], options: CallOptions = {}): Promise<void> {
    if (this.#records.gone) throw this.#core.closedError();
    const entities = isEntity(given) ? [given] : listOf("populate", "entities", "an entity, or several", given);
    const paths = typeof projections === "string" ? projections.split(",") : listOf<unknown>("populate", "projections", 'text such as "name, status.name", or a list', projections);
    if (!paths.every((path) => typeof path === "string")) throw new InvalidArgumentError('populate: each projection must be text such as "status.name"');
    const records = entities.map((entity) => {
      if (!isEntity(entity) || stateOf(entity).records !== this.#records) throw new InvalidArgumentError("populate: each must be an entity of this session");
      return stateOf(entity).handle;
    });
    if (!records.length) return;
    this.#held.add(entities);
    try {
      await this.#core.request(this.#id, "populate", { records, projections: paths.map((path) => path.trim()) }, options);
    } finally {
      this.#held.delete(entities);
    }
  }
}
