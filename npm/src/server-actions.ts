import { text } from "./arguments.js";
import type { Check, Checks } from "./arguments.js";
import type { Entity } from "./entity.js";
import { ServerCompatibilityError, ServerError } from "./errors.js";
import type { Sender } from "./sender.js";
import { primaryKey } from "./value.js";

/** What is searched for. */
export interface SearchOptions {
  /** The rows and attributes that count: `select name from Task where ...`. */
  expression: string;
  entityType: string;
  terms?: readonly string[] | undefined;
  /** Below which context. */
  contextId?: string | undefined;
  objectTypeIds?: readonly string[] | undefined;
}

const texts: Check = ["a list of texts", (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === "string")];

export const SEARCH_OPTIONS: Checks<SearchOptions> = { expression: text, entityType: text, terms: texts, contextId: text, objectTypeIds: texts };

/** What a search found. */
export interface SearchResult {
  readonly data: Entity[];
  readonly metadata: unknown;
}

/** Of which file the bytes are to go up. */
export interface UploadMetadataOptions {
  componentId: string;
  fileName: string;
  fileSize: number;
  /** MD5 as base64. */
  checksum?: string | undefined;
  /** How many parts it goes up in; one by default. */
  parts?: number | undefined;
}

const count: Check = ["a whole number", (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0];

export const UPLOAD_METADATA_OPTIONS: Checks<UploadMetadataOptions> = { componentId: text, fileName: text, fileSize: count, checksum: text, parts: count };

/** Actions of the server that are no changes of entities. */
export class ServerActions {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** An entity's key as requests have it. */
  static keyOf(entity: Entity): string[] {
    return Object.values(primaryKey(entity)).map(String);
  }

  /** Does one action and gives the server's reply. */
  async one(action: string, parameters: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<Record<string, unknown>> {
    return (await this.all(action, [parameters], signal))[0]!;
  }

  /** Does an action several times in one request. */
  async all(action: string, several: readonly Readonly<Record<string, unknown>>[], signal: AbortSignal | undefined): Promise<Record<string, unknown>[]> {
    const operations = several.map((parameters) => ({ action: operationOf(action, parameters) }));
    try {
      return (await this.#sender.send(methodOf(action), operations, signal)).replies as Record<string, unknown>[];
    } catch (error) {
      throw refusedAction(error, action, this.#sender.serverVersion);
    }
  }

  async search({ expression, entityType, terms = [], contextId, objectTypeIds = [] }: SearchOptions, signal: AbortSignal | undefined): Promise<SearchResult> {
    const operation = operationOf("search", { expression, entity_type: entityType, terms, context_id: contextId, object_type_ids: objectTypeIds });
    return this.#sender.session.searchServer(operation, signal);
  }
}

function operationOf(action: string, parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { action, ...Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) };
}

/** The method that does an action: `getWidgetUrl` does `get_widget_url`. */
function methodOf(action: string): string {
  return action.replace(/_[a-z]/g, (letter) => letter[1]!.toUpperCase());
}

/** The action that a method does, and other names as the server has them. */
export function actionOf(method: string): string {
  return method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Makes the refusal of an action that the server does not know a ServerCompatibilityError; other errors stay as they are. */
export function refusedAction(error: unknown, action: string, serverVersion: string): unknown {
  if (error instanceof ServerError && /invalid action/i.test(error.message)) {
    return new ServerCompatibilityError(`${action}: the server (version ${serverVersion}) does not have this action`, { cause: error });
  }
  return error;
}
