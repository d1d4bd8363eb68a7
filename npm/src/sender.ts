import type { Entity } from "./entity.js";
import { CommitOutcomeUnknownError, NetworkError } from "./errors.js";
import { ftql } from "./ftql.js";
import type { Session } from "./session.js";
import type { Transfers } from "./transfers.js";

/** An operation that is sent by itself, apart from what is recorded. */
export type OwnOperation =
  | { readonly create: string; readonly values: Readonly<Record<string, unknown>> }
  | { readonly update: Entity; readonly values: Readonly<Record<string, unknown>> }
  | { readonly delete: Entity }
  | { readonly action: Readonly<Record<string, unknown>> };

/** What became of operations that were sent by themselves, in their order. */
export interface SentOperations {
  /** What was created or updated; `null` for what has no entity. */
  readonly entities: readonly (Entity | null)[];
  /** The server's replies as they are. */
  readonly replies: readonly unknown[];
}

/** What is used of an event hub: handlers of this program, and the server's. */
interface Hub {
  readonly connected?: boolean;
  publish(event: { topic: string; data: object }, options?: { synchronous?: boolean }): unknown;
}

/** How helpers reach the server: in requests of their own, with nothing of what the user has recorded. */
export class Sender {
  readonly session: Session;
  readonly #transfers: Transfers;

  constructor(session: Session, transfers: Transfers) {
    this.session = session;
    this.#transfers = transfers;
  }

  get serverUrl(): string {
    return this.session.serverUrl;
  }

  get apiUser(): string {
    return this.session.apiUser;
  }

  get serverVersion(): string {
    return this.session.serverInformation.version ?? "unknown";
  }

  /** An id for an entity. */
  newId(): string {
    return newUuid();
  }

  /** Sends operations in one request of their own, in the name of what was called. It is not repeated. */
  send(caller: string, operations: readonly OwnOperation[], signal?: AbortSignal): Promise<SentOperations> {
    return this.session.send(caller, operations, signal);
  }

  /**
   * Sends operations that register data, and gives what they made. The request is not ended once it has left; where no answer comes, the server is asked
   * whether it has the ComponentLocation that they make, by its id: `undefined` when it has.
   * @throws {CommitOutcomeUnknownError} when that cannot be asked either
   */
  async register(caller: string, operations: readonly OwnOperation[], registrationId: string): Promise<readonly (Entity | null)[] | undefined> {
    try {
      return (await this.send(caller, operations)).entities;
    } catch (error) {
      if (!(error instanceof CommitOutcomeUnknownError)) throw error;
      const arrived = await this.exists("ComponentLocation", registrationId).catch(() => {
        throw error;
      });
      if (arrived) return undefined;
      throw new NetworkError(`${caller}: no answer came, and the server has nothing of it`, { cause: error });
    }
  }

  /** Whether the server has an entity. */
  async exists(type: "Component" | "ComponentLocation", id: string): Promise<boolean> {
    return (await this.session.query(`select id from ${type} where ${ftql`id is ${id}`}`, { policy: "network-only" }).first()) !== null;
  }

  async entity(type: "Component" | "ComponentLocation", id: string): Promise<Entity | null> {
    return this.session.get(type, id);
  }

  /** Takes the data of a component out of the server's storage. */
  async removeData(componentId: string): Promise<void> {
    const response = await this.#transfers.toServer(`/component/remove?id=${encodeURIComponent(componentId)}`);
    await response.body?.cancel();
  }

  /** Tells other programs, where the event hub is connected. */
  published(topic: string, data: object): void {
    const hub = this.#hub;
    if (!hub?.connected) return;
    try {
      Promise.resolve(hub.publish({ topic, data })).catch(() => undefined);
    } catch {
      // Nobody hears of it then; what it tells has happened all the same.
    }
  }

  /** Asks the handlers of this program, and gives what they answer. */
  asked(topic: string, data: object): unknown[] {
    const answers = this.#hub?.publish({ topic, data }, { synchronous: true });
    return Array.isArray(answers) ? answers.filter((answer) => answer !== null && answer !== undefined) : [];
  }

  get #hub(): Hub | undefined {
    return (this.session as { readonly eventHub?: Hub }).eventHub;
  }
}

/** A random UUID; `crypto.randomUUID` does not exist on plain http. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
