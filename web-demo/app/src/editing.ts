import { Collection, Entity, value } from "ftrack-wasm";
import type { DefaultEntities, Session } from "ftrack-wasm";
import type { Column } from "./columns.js";

type Task = DefaultEntities["Task"];

/** How a cell is edited: as text, as hours, or by a choice of entities. */
export type Manner = "text" | "hours" | "status" | "assignee";

const texts = ["name", "description", "content", "comment"];

/** How a column of an entity can be edited; `undefined` where it cannot. */
export function mannerOf(row: unknown, column: Column): Manner | undefined {
  if (!(row instanceof Entity)) return undefined;
  if (texts.includes(column.path) && column.path in row) return "text";
  if (column.path === "bid" && "bid" in row) return "hours";
  if (column.path === "status.name" && "status" in row) return "status";
  return column.path.startsWith("assignments.resource.") && row.entityType === "Task" ? "assignee" : undefined;
}

/** Edits cells of entities in their place. */
export class Editor {
  readonly #session: Session;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #statuses: Promise<DefaultEntities["Status"][]> | undefined;
  #users: Promise<DefaultEntities["User"][]> | undefined;

  /** `changed` is called after an edit, `failed` when one was refused. */
  constructor(session: Session, changed: () => void, failed: (error: unknown) => void) {
    this.#session = session;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** Puts an input over a cell. Enter and leaving it take the value, Escape does not. */
  async open(row: Entity, column: Column, manner: Manner, cell: HTMLElement): Promise<void> {
    try {
      if (manner === "status" || manner === "assignee") await this.#choose(row, manner, cell);
      else this.#type(row, column, manner, cell);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Makes a task beside another one, of the same parent, type and status. */
  async createBeside(task: Task): Promise<Task> {
    const [parent, type, status] = await Promise.all([task.load("parent"), task.load("type"), task.load("status")]);
    return this.#session.create("Task", { name: "New task", parent: parent ?? null, type: type ?? null, status: status ?? null, bid: 0 });
  }

  #type(row: Entity, column: Column, manner: Manner, cell: HTMLElement): void {
    const input = document.createElement("input");
    const before = value(row, column.path);
    input.value = manner === "hours" ? String(Number(before ?? 0) / 3600) : String(before ?? "");
    if (manner === "hours") {
      input.type = "number";
      input.min = "0";
      input.step = "0.5";
    }
    this.#place(input, cell, column.label, () => {
      const given = manner === "hours" ? Math.round(Number(input.value) * 3600) : input.value;
      if (given !== (before ?? (manner === "hours" ? 0 : ""))) row.set({ [column.path]: given });
    });
    input.select();
  }

  async #choose(row: Entity, manner: Manner, cell: HTMLElement): Promise<void> {
    cell.classList.add("waiting");
    const choices = await (manner === "status" ? this.#allStatuses() : this.#allUsers()).finally(() => cell.classList.remove("waiting"));
    if (!cell.isConnected) return;
    const select = document.createElement("select");
    const current = manner === "status" ? (value(row, "status") as Entity | null) : assignee(row as Task);
    if (manner === "assignee") select.append(new Option("nobody", ""));
    select.append(...choices.map((each, i) => new Option(String(value(each, manner === "status" ? "name" : "username")), String(i), false, each === current)));
    this.#place(select, cell, manner === "status" ? "Status" : "Assigned to", () => {
      const chosen = select.value === "" ? undefined : choices[Number(select.value)];
      if (chosen === current || (!chosen && !current)) return;
      if (manner === "status") row.set({ status: chosen as DefaultEntities["Status"] });
      else this.#assign(row as Task, chosen as DefaultEntities["User"] | undefined);
    });
    select.addEventListener("change", () => select.blur());
    select.showPicker?.();
  }

  /** An assignment is an entity of its own: the old ones are deleted, a new one is made. */
  #assign(task: Task, user: DefaultEntities["User"] | undefined): void {
    for (const old of task.assignments.loaded ? [...task.assignments] : []) this.#session.delete(old);
    task.assignments.set(user ? [this.#session.create("Appointment", { context: task, resource: user, type: "assignment" })] : []);
  }

  #place(input: HTMLInputElement | HTMLSelectElement, cell: HTMLElement, label: string, take: () => void): void {
    input.className = "cell-editor";
    input.setAttribute("aria-label", label);
    let over = false;
    const end = (taken: boolean): void => {
      if (over) return;
      over = true;
      input.remove();
      try {
        if (taken) take();
      } catch (error) {
        this.#failed(error);
      }
      this.#changed();
    };
    input.addEventListener("blur", () => end(true));
    input.addEventListener("keydown", (event) => {
      const { key } = event as KeyboardEvent;
      event.stopPropagation();
      if (key === "Enter") end(true);
      if (key === "Escape") end(false);
    });
    cell.append(input);
    input.focus();
  }

  #allStatuses(): Promise<DefaultEntities["Status"][]> {
    return (this.#statuses ??= this.#session.query<"Status">("select name, color from Status order by name").all());
  }

  #allUsers(): Promise<DefaultEntities["User"][]> {
    return (this.#users ??= this.#session.query<"User">("select username from User where is_active is true order by username").all());
  }
}

/** Who a task is assigned to first, as far as that is loaded. */
function assignee(task: Task): Entity | undefined {
  const { assignments } = task;
  const first = assignments instanceof Collection && assignments.loaded ? assignments.at(0) : undefined;
  return (first?.resource as Entity | null | undefined) ?? undefined;
}
