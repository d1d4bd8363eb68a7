import { CommitOutcomeUnknownError, Entity, value } from "ftrack-wasm";
import type { Operation, Session } from "ftrack-wasm";
import { problemOf, showProblem } from "./problem.js";

const shown = 100;

/** The panel of changes that are not sent yet: what they are, commit with its progress, rollback, and what went wrong. */
export class Pending {
  readonly #root: HTMLElement;
  readonly #title: HTMLElement;
  readonly #list: HTMLElement;
  readonly #problem: HTMLElement;
  readonly #buttons: Record<"commit" | "rollback" | "reconcile", HTMLButtonElement>;
  readonly #changed: () => void;
  #session: Session | undefined;
  #busy = false;

  /** `changed` is called after a commit, a rollback and a reconciliation. */
  constructor(root: HTMLElement, changed: () => void) {
    this.#root = root;
    this.#changed = changed;
    const part = (name: string): HTMLElement => root.querySelector(`[data-part="${name}"]`)!;
    this.#title = part("title");
    this.#list = part("list");
    this.#problem = part("problem");
    this.#buttons = { commit: part("commit") as HTMLButtonElement, rollback: part("rollback") as HTMLButtonElement, reconcile: part("reconcile") as HTMLButtonElement };
    this.#buttons.commit.addEventListener("click", () => void this.#commit());
    this.#buttons.rollback.addEventListener("click", () => this.#rollback());
    this.#buttons.reconcile.addEventListener("click", () => void this.#reconcile());
  }

  /** Shows the changes of a session; of none when it is left out. */
  attach(session: Session | undefined): void {
    this.#session = session;
    this.#say(undefined);
    this.refresh();
  }

  /** Shows the changes as they are now. */
  refresh(): void {
    const operations = [...(this.#session?.recordedOperations ?? [])];
    const count = operations.length;
    this.#root.hidden = count === 0 && this.#problem.hidden && this.#root.dataset.state !== "saved";
    if (count > 0) this.#title.textContent = `${count.toLocaleString()} ${count === 1 ? "change" : "changes"} not saved`;
    this.#buttons.commit.disabled = this.#buttons.rollback.disabled = count === 0 || this.#busy;
    const names = this.#names();
    const words = operations.slice(-shown).reverse().map((operation) => inWords(operation, names));
    if (count > shown) words.push(`and ${(count - shown).toLocaleString()} before these`);
    this.#list.replaceChildren(
      ...words.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
  }

  /** The names of the entities that have changed, by their keys. */
  #names(): Map<string, string> {
    const session = this.#session;
    const entities = session ? [...session.created, ...session.modified, ...session.deleted] : [];
    return new Map(entities.map((entity) => [`${entity.entityType} ${String(value(entity, "id"))}`, String(value(entity, "name") ?? "")]));
  }

  #commit(): Promise<void> {
    return this.#ask("Saving …", async (session) => {
      const count = session.recordedOperations.length;
      const start = performance.now();
      await session.commit();
      return `Saved ${count.toLocaleString()} ${count === 1 ? "change" : "changes"} in ${Math.round(performance.now() - start)} ms`;
    });
  }

  #reconcile(): Promise<void> {
    return this.#ask("Asking the server …", async (session) => {
      const verdicts = await session.reconcile();
      const applied = verdicts.filter(({ verdict }) => verdict === "applied").length;
      return applied === verdicts.length ? `The server has all ${verdicts.length.toLocaleString()} changes` : undefined;
    });
  }

  /** Asks the server something, one thing at a time. What comes back says that all is saved, if it is. */
  async #ask(meanwhile: string, question: (session: Session) => Promise<string | undefined>): Promise<void> {
    const session = this.#session;
    if (!session || this.#busy) return;
    this.#working(meanwhile);
    try {
      const saved = await question(session);
      this.#say(undefined);
      if (saved !== undefined) this.#saved(saved);
    } catch (error) {
      this.#say(error);
    } finally {
      this.#busy = false;
      this.#changed();
      this.refresh();
    }
  }

  #rollback(): void {
    this.#session?.rollback();
    this.#say(undefined);
    this.#changed();
    this.refresh();
  }

  #working(text: string): void {
    this.#busy = true;
    this.#root.dataset.state = "busy";
    this.#title.textContent = text;
    for (const button of Object.values(this.#buttons)) button.disabled = true;
  }

  #saved(text: string): void {
    this.#root.dataset.state = "saved";
    this.#title.textContent = text;
    setTimeout(() => {
      if (this.#root.dataset.state !== "saved") return;
      delete this.#root.dataset.state;
      this.refresh();
    }, 4000);
  }

  /** Shows an error, with the way on where there is one; nothing takes it away. */
  #say(error: unknown): void {
    delete this.#root.dataset.state;
    showProblem(this.#problem, error === undefined ? undefined : problemOf(error));
    const unknown = error instanceof CommitOutcomeUnknownError;
    this.#buttons.reconcile.hidden = !unknown;
    this.#buttons.reconcile.disabled = false;
  }
}

function inWords(operation: Operation, names: ReadonlyMap<string, string>): string {
  const name = names.get(`${operation.entityType} ${operation.entityKey.join(" ")}`);
  const of = name ? `${operation.entityType} “${name}”` : operation.entityType;
  switch (operation.operation) {
    case "create":
      return `Create ${of}`;
    case "delete":
      return `Delete ${of}`;
    default:
      return `${of}: ${operation.attributeName.replace(/_/g, " ")} → ${valueInWords(operation.newValue)}`;
  }
}

function valueInWords(of: unknown): string {
  if (of === null) return "nothing";
  if (Array.isArray(of)) return of.length === 0 ? "nobody and nothing" : of.map(valueInWords).join(", ");
  if (of instanceof Entity) return nameOf(of);
  if (of instanceof Date) return of.toLocaleDateString();
  if (typeof of === "symbol") return "as the server has it";
  return typeof of === "string" ? `“${of.length > 60 ? `${of.slice(0, 60)}…` : of}”` : String(of);
}

/** An entity as a person names it; an assignment by who is assigned. */
function nameOf(entity: Entity): string {
  const resource = entity.entityType === "Appointment" ? value(entity, "resource") : undefined;
  const named = resource instanceof Entity ? resource : entity;
  return String(value(named, "name") ?? value(named, "username") ?? `a ${named.entityType}`);
}
