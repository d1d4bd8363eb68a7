import type { Session } from "ftrack-wasm";

/** One operation of a request. */
export interface Change {
  action: "create" | "update" | "delete";
  entity_type: string;
  entity_key: readonly string[];
  entity_data?: Record<string, unknown>;
}

type Row = Readonly<Record<string, unknown>>;

/** What the writer chooses among: types, with what tells their entities apart. */
const types: Record<string, string> = {
  Task: "id", Shot: "id", Sequence: "id", Status: "id", User: "id", Priority: "id", Type: "id", Project: "id", Asset: "id", AssetVersion: "id",
  Appointment: "id", Timelog: "id", TypedContextList: "id", ListObject: "id", Metadata: "parent_id, key, value", CustomAttributeConfiguration: "id, key, is_hierarchical",
};

const words = ["Layout", "layout", "comp", "Compositing", "x_y", "Éclair", "", "rigging", "path is P:\\x", "see client notes from Tuesday", null, "null"];

/** A task's object type in the sandbox. */
const TASK = "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c";

/** Somebody else, who edits, creates, moves and deletes at random, without a session's help. */
export class RandomWriter {
  /** What was sent, and what became of it. */
  readonly story: string[] = [];
  changes = 0;
  #there: Record<string, Row[]> = {};
  #created = 0;

  /** `untold` are types that it leaves alone. */
  constructor(readonly session: Session, readonly random: () => number, readonly untold: readonly string[] = []) {}

  /** Sends a few changes, in one request or in several; what the server refuses does not happen. */
  async burst(most = 4): Promise<void> {
    await this.#look();
    let batch: Change[] = [];
    const count = 1 + Math.floor(this.random() * most);
    for (let n = 0; n < count; n++) {
      const change = this.#change();
      if (change && !this.untold.includes(change.entity_type)) batch.push(change);
      if (batch.length && (n === count - 1 || this.random() < 0.5)) {
        await this.#send(batch);
        batch = [];
      }
    }
    if (batch.length) await this.#send(batch);
  }

  async #send(batch: Change[]): Promise<void> {
    this.changes += batch.length;
    const outcome = await this.session.call(batch).then(() => "done", (error: unknown) => String(error));
    this.story.push(`${JSON.stringify(batch)} -> ${outcome}`);
  }

  /** Sees what is on the server. */
  async #look(): Promise<void> {
    const questions = Object.entries(types).map(([type, names]) => ({ action: "query", expression: `select ${names} from ${type}` }));
    const answers = (await this.session.call(questions)) as { data: Row[] }[];
    Object.keys(types).forEach((type, i) => {
      // In an order that depends on nothing else.
      this.#there[type] = answers[i]!.data.map((row): [string, Row] => [JSON.stringify(row), row]).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    });
  }

  #pick<T>(...values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  /** The key of one of a type; "" when there is none. */
  #one(type: string): string {
    return (this.#pick(...this.#there[type]!) as Row | undefined)?.id as string | undefined ?? "";
  }

  #change(): Change | undefined {
    const task = this.#one("Task");
    const names = words.slice(0, 6);
    switch (Math.floor(this.random() * 25)) {
      case 0:
      case 1:
        return update("Task", task, { status_id: this.#one("Status") });
      case 2:
        return update("Task", task, { name: this.#pick(...names) });
      case 3:
        return update("Task", task, { description: this.#pick(...words) });
      case 4:
        return update("Task", task, { bid: this.#pick(0, 3600, 36000, 40000, 50000, 100800, 144000) });
      case 5:
        return update("Task", task, { parent_id: this.#one("Shot") });
      case 6:
      case 7:
        return this.#create("Task", {
          name: this.#pick(...names), parent_id: this.#one("Shot"), status_id: this.#one("Status"), bid: this.#pick(0, 40000, 140000), description: this.#pick(...words),
          priority_id: this.#one("Priority"), type_id: this.#one("Type"), project_id: this.#one("Project"), object_type_id: TASK,
        });
      case 8:
        return remove("Task", task);
      case 9:
        return update("Shot", this.#one("Shot"), { name: this.#pick("sh0010", "hero", "other", "sq010") });
      case 10:
        return update("Status", this.#one("Status"), { name: this.#pick("In progress", "Done", "Waiting") });
      case 11:
        return this.#create("Appointment", { type: "assignment", context_id: task, resource_id: this.#one("User") });
      case 12:
        return remove("Appointment", this.#one("Appointment"));
      case 13:
        return this.#create("Timelog", { context_id: task, user_id: this.#one("User"), duration: this.#pick(50, 500) });
      case 14: {
        const log = this.#one("Timelog");
        return this.random() < 0.5 ? remove("Timelog", log) : update("Timelog", log, { duration: this.#pick(50, 500) });
      }
      case 15:
        return this.#create("AssetVersion", { asset_id: this.#one("Asset"), version: 1 + Math.floor(this.random() * 9), status_id: this.#one("Status"), user_id: this.#one("User") });
      case 16:
        return update("Task", task, { priority_id: this.#one("Priority") });
      case 17:
        return update("Shot", this.#one("Shot"), { parent_id: this.#one("Sequence") });
      case 18:
        return this.#there.TypedContextList!.length ? this.#create("ListObject", { list_id: this.#one("TypedContextList"), entity_id: task }) : undefined;
      case 19:
        return remove("ListObject", this.#one("ListObject"));
      case 20:
        return this.#metadata(task);
      case 21:
      case 22:
        return this.#frameRate();
      case 23:
        return update("Project", this.#one("Project"), { name: this.#pick("show_001", "renamed") });
      default:
        return remove("Shot", this.#one("Shot"));
    }
  }

  #create(type: string, data: Record<string, unknown>): Change {
    const id = `aaaaaaaa-0000-4000-8000-${String(++this.#created).padStart(12, "0")}`;
    return { action: "create", entity_type: type, entity_key: [id], entity_data: { __entity_type__: type, ...data, id } };
  }

  /** Sets or takes away a key of a task. */
  #metadata(task: string): Change {
    const value = this.#pick("v1", "v2");
    if (!this.#there.Metadata!.some((row) => row.parent_id === task && row.key === "k")) {
      return { action: "create", entity_type: "Metadata", entity_key: [task, "k"], entity_data: { __entity_type__: "Metadata", parent_id: task, parent_type: "Task", key: "k", value } };
    }
    if (this.random() < 0.5) return { action: "delete", entity_type: "Metadata", entity_key: [task, "k"] };
    return { action: "update", entity_type: "Metadata", entity_key: [task, "k"], entity_data: { __entity_type__: "Metadata", value } };
  }

  /** Sets a hierarchical custom attribute. */
  #frameRate(): Change | undefined {
    const configuration = this.#there.CustomAttributeConfiguration!.find((row) => row.key === "fps" && row.is_hierarchical)?.id as string | undefined;
    if (!configuration) return undefined;
    const entity = this.#one(this.#pick("Shot", "Sequence"));
    return { action: "update", entity_type: "ContextCustomAttributeValue", entity_key: [configuration, entity], entity_data: { __entity_type__: "ContextCustomAttributeValue", value: this.#pick(24, 48) } };
  }
}

function update(type: string, id: string, data: Record<string, unknown>): Change | undefined {
  return id ? { action: "update", entity_type: type, entity_key: [id], entity_data: { __entity_type__: type, ...data } } : undefined;
}

function remove(type: string, id: string): Change | undefined {
  return id ? { action: "delete", entity_type: type, entity_key: [id] } : undefined;
}
