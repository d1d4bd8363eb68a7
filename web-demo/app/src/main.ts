import { Entity, Session, conflicts, state } from "ftrack-wasm";
import type { DefaultEntities, Freshness } from "ftrack-wasm";
import { CacheView } from "./cache-view.js";
import { columnsOf } from "./columns.js";
import { connection, hostOf, serverUrl } from "./connection.js";
import { Following } from "./following.js";
import { Editor, mannerOf } from "./editing.js";
import { Media } from "./media.js";
import { Events } from "./events.js";
import { Pending } from "./pending.js";
import { problemOf, showProblem } from "./problem.js";
import { requestTimes, startTiming } from "./requests.js";
import { Table } from "./table.js";
import { Timings } from "./timings.js";
import { keepVisit, visitBefore } from "./visit.js";

const examples: readonly [title: string, expression: string][] = [
  ["All tasks", "select name, status.name, status.color, parent.name, type.name, assignments.resource.username, start_date, end_date, bid from Task"],
  ["Tasks that are in progress", 'select name, status.name, status.color, parent.name, type.name, end_date from Task where status.name is "In progress" order by end_date'],
  ["Shots and where they are", "select name, link, description, status.name, status.color from Shot order by name"],
  ["Latest versions", "select asset.name, version, comment, task.name, status.name, status.color, user.username, date from AssetVersion where is_latest_version is True order by date descending limit 500"],
  ["Notes", "select content, author.username, date, category.name from Note order by date descending"],
  ["Tasks by status (aggregate)", "select count(id), status.name from Task group by status.name"],
  ["A mistake: see where", 'select name from Task where status.name is "Done" and'],
];

const steps = ["first rows", "server", "merge", "all rows", "drawn"] as const;

const find = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;
const signIn = find<HTMLFormElement>("sign-in");
const queryForm = find<HTMLFormElement>("query");
const expression = find<HTMLTextAreaElement>("expression");
const picker = find<HTMLSelectElement>("examples");
const progress = find<HTMLProgressElement>("progress");
const empty = find("empty");
const problem = find("problem");
const createButton = find<HTMLButtonElement>("create");
const deleteButton = find<HTMLButtonElement>("delete");
const table = new Table(find("table"), {
  editable: (row, column) => mannerOf(row, column) !== undefined && alive(row),
  edit(row, column, cell) {
    const manner = mannerOf(row, column);
    if (editor && manner && alive(row)) void editor.open(row as Entity, column, manner, cell);
  },
  select: () => showActions(),
  state: (row) => (row instanceof Entity ? (state(row) ?? "") : ""),
  conflicts: (row) => (row instanceof Entity && alive(row) ? conflicts(row) : []),
});
const pending = new Pending(find("pending"), () => afterChanges());
const media = new Media(find("media"), () => pending.refresh());
const versionsButton = find<HTMLButtonElement>("versions");
const events = new Events(find("presence"), find("events"));
const following = new Following((entities) => showFollowed(entities));
const timings = new Timings(find("timings"), ["session", ...steps]);
const cacheView = new CacheView(find("cache"));
const offline = find<HTMLInputElement>("offline");

/** The network, unless it is switched off. */
const switched =
  (own: typeof fetch): typeof fetch =>
  (input, init) =>
    offline.checked ? Promise.reject(new TypeError("switched off on this page")) : own(input, init);

let session: Session | undefined;
let editor: Editor | undefined;
let rows: unknown[] = [];
let running: AbortController | undefined;

field("serverUrl").value = serverUrl;
const ownQuery = new Option("Own query", "own");
ownQuery.hidden = true;
picker.append(...examples.map(([title], index) => new Option(title, String(index))), ownQuery);
expression.value = examples[0]?.[1] ?? "";
goOn();

signIn.addEventListener("submit", (event) => {
  event.preventDefault();
  void open();
});
find("sign-out").addEventListener("click", () => void leave());
versionsButton.addEventListener("click", () => showVersions(!media.visible));
find("stop").addEventListener("click", () => running?.abort());
queryForm.addEventListener("submit", (event) => {
  event.preventDefault();
  void run();
});
picker.addEventListener("change", () => {
  expression.value = examples[Number(picker.value)]?.[1] ?? "";
  if (session) void run();
});
expression.addEventListener("input", () => (ownQuery.selected = true));
expression.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) queryForm.requestSubmit();
});

/** Signs in again after a reload, or asks for the key where it was not the one that the page is filled in with. */
function goOn(): void {
  const visit = visitBefore();
  if (!visit) return;
  field("serverUrl").value = visit.serverUrl;
  field("apiUser").value = visit.apiUser;
  expression.value = visit.expression;
  const known = examples.findIndex(([, text]) => text === visit.expression);
  picker.value = known < 0 ? ownQuery.value : String(known);
  if (visit.ownKey) {
    void open();
    return;
  }
  field("apiKey").value = "";
  field("apiKey").focus();
  say("Sign in again: keys are not kept.");
}

function field(name: string): HTMLInputElement {
  return signIn.elements.namedItem(name) as HTMLInputElement;
}

function remember(): void {
  const [serverUrl, apiUser, apiKey] = ["serverUrl", "apiUser", "apiKey"].map(field) as [HTMLInputElement, HTMLInputElement, HTMLInputElement];
  keepVisit({ serverUrl: serverUrl.value, apiUser: apiUser.value, expression: expression.value, ownKey: apiKey.value === apiKey.defaultValue });
}

async function open(): Promise<void> {
  const fields = Object.fromEntries(new FormData(signIn)) as { serverUrl: string; apiUser: string; apiKey: string };
  const button = signIn.querySelector("button") as HTMLButtonElement;
  button.disabled = true;
  showProblem(problem, undefined);
  say("Signing in …");
  const start = performance.now();
  try {
    const options = await connection(fields);
    const reach = switched(options.fetch ?? ((input, init) => fetch(input, init))); // the server inside the page has a fetch of its own
    session = await Session.open({ ...options, policy: "cache-and-network", fetch: reach, autoConnectEventHub: true, pluginPaths: ["plugins/count-tasks.js"] });
  } catch (error) {
    showProblem(problem, problemOf(error));
    say("Sign in to ask the first question.");
    return;
  } finally {
    button.disabled = false;
  }
  editor = new Editor(session, () => afterChanges(), (error) => showProblem(problem, problemOf(error)));
  pending.attach(session);
  cacheView.attach(session);
  events.attach(session);
  find("events").hidden = false;
  timings.set("session", performance.now() - start);
  signIn.hidden = true;
  find("account").hidden = false;
  find("who").textContent = `${session.apiUser} on ${hostOf(session.serverUrl)}`;
  find<HTMLButtonElement>("run").disabled = false;
  find("actions").hidden = find("timings").hidden = false;
  await run();
}

/** Shows the versions in the place of the rows, or the rows again. */
function showVersions(on: boolean): void {
  versionsButton.setAttribute("aria-pressed", String(on));
  find("table").hidden = on || rows.length === 0;
  empty.hidden = on || rows.length > 0;
  void media.show(on ? session : undefined);
}

async function leave(): Promise<void> {
  showVersions(false);
  find("actions").hidden = find("timings").hidden = true;
  running?.abort();
  following.stop();
  await session?.close();
  keepVisit(undefined);
  if (session) await Session.forget(session); // who signs out leaves nothing behind on this machine
  session = editor = undefined;
  pending.attach(undefined);
  cacheView.attach(undefined);
  offline.checked = false;
  events.attach(undefined);
  find("events").hidden = true;
  rows = [];
  table.selected = undefined;
  signIn.hidden = false;
  find("account").hidden = true;
  find<HTMLButtonElement>("run").disabled = true;
  find("count").textContent = "";
  table.visible = false;
  timings.clear("session", ...steps);
  showProblem(problem, undefined);
  say("You are signed out.");
}

/** Runs the expression. Rows are shown as pages come; the button Stop ends it with the rows that are there. */
async function run(): Promise<void> {
  if (!session) return;
  running?.abort();
  following.stop();
  const own = (running = new AbortController());
  const shown: unknown[] = (rows = []);
  const text = expression.value;
  remember();
  showProblem(problem, undefined);
  timings.clear(...steps);
  busy(true);
  say("Asking the server …");
  table.visible = false;
  table.selected = undefined;
  find("table").classList.remove("kept");
  find("count").textContent = "";
  const pages: number[] = [];
  startTiming();
  const start = performance.now();
  try {
    const query = session.query<object>(text, {
      signal: own.signal,
      onProgress({ loaded }) {
        count(loaded, pages.push(performance.now()), false);
      },
    });
    for await (const row of query) {
      if (shown.push(row) === 1) {
        timings.set("first rows", performance.now() - start);
        say(undefined);
        table.visible = true;
        table.show(columnsOf(text, defaultsOf(row)), shown);
      }
      if (shown.length % 500 === 0) table.refresh();
    }
    const all = performance.now() - start;
    showAll(shown, pages.length, query.freshness, "updating …");
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (own !== running) return;
        const { server, merge } = requestTimes(pages);
        timings.set("server", server);
        timings.set("merge", merge);
        timings.set("all rows", all);
        timings.set("drawn", performance.now() - start);
      }),
    );
    if (query.freshness?.stale) {
      const fresh = await query.fresh();
      if (own !== running) return;
      shown.length = 0;
      for (const row of fresh) shown.push(row);
      showAll(shown, pages.length, fresh, "the server cannot be reached");
    }
    if (own === running && shown.every((row) => row instanceof Entity)) following.start(session, text, shown);
  } catch (error) {
    if (own.signal.aborted) {
      if (own === running) count(shown.length, pages.length, true, "stopped");
    } else {
      showProblem(problem, problemOf(error));
      say(shown.length > 0 ? undefined : "No rows.");
    }
  } finally {
    if (own === running) busy(false);
  }
}

/** Shows that all rows are there; those of an earlier visit are marked until the server's take their place. */
function showAll(shown: readonly unknown[], pages: number, freshness: Freshness | undefined, why: string): void {
  const kept = freshness?.stale ? `as of ${freshness.fetchedAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}, ${why}` : "";
  count(shown.length, pages, true, kept);
  find("table").classList.toggle("kept", kept !== "");
  if (shown.length === 0) say("The query found nothing.");
  void cacheView.refresh();
  table.refresh();
  showActions();
}

/** Draws what others changed. While something here waits to be sent, rows stay where they are. */
function showFollowed(entities: readonly unknown[]): void {
  if (session && session.created.length + session.modified.length + session.deleted.length === 0 && !find("table").querySelector("input, select")) {
    rows.splice(0, rows.length, ...entities);
    count(rows.length, 1, true);
    if (rows.length > 0) say(undefined);
  }
  showActions();
  table.refresh();
}

createButton.addEventListener("click", () => void createTask());
deleteButton.addEventListener("click", () => deleteSelected());
find("table").addEventListener("keydown", (event) => {
  if (event.key === "Delete" && !(event.target instanceof HTMLInputElement)) deleteSelected();
});

/** Makes a task beside the selected one, or the first, and asks for its name. */
async function createTask(): Promise<void> {
  const beside = [table.selected, ...rows].find(isTask);
  if (!editor || !beside) return;
  try {
    const task = await editor.createBeside(beside);
    rows.splice(Math.max(0, rows.indexOf(beside)), 0, task);
    table.selected = task;
    afterChanges();
    table.edit(task, "name");
  } catch (error) {
    showProblem(problem, problemOf(error));
  }
}

function deleteSelected(): void {
  const selected = table.selected;
  if (!session || !(selected instanceof Entity) || !alive(selected)) return;
  session.delete(selected);
  afterChanges();
}

/** Draws what changed. Rows whose entity is gone for good leave: deleted on the server, or never created. */
function afterChanges(): void {
  const waiting = new Set<unknown>(session?.deleted);
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row instanceof Entity && state(row) === "deleted" && !waiting.has(row)) rows.splice(i, 1);
  }
  pending.refresh();
  showActions();
  table.refresh();
}

function showActions(): void {
  createButton.disabled = !rows.some(isTask);
  deleteButton.disabled = !alive(table.selected);
}

function isTask(row: unknown): row is DefaultEntities["Task"] {
  return row instanceof Entity && row.entityType === "Task" && alive(row);
}

/** Whether a row is an entity that can be changed. */
function alive(row: unknown): boolean {
  return session !== undefined && !session.closed && row instanceof Entity && row.session === (session as unknown) && state(row) !== "deleted";
}

function defaultsOf(row: object): readonly string[] {
  const type = (row as { entityType?: string }).entityType;
  const projections = type === undefined ? Object.keys(row) : (session?.types[type] as { defaultProjections?: readonly string[] } | undefined)?.defaultProjections;
  return projections ?? ["name", "id"];
}

function count(loaded: number, pages: number, done: boolean, suffix = ""): void {
  const rows = `${loaded.toLocaleString()} ${loaded === 1 ? "row" : "rows"}`;
  const parts = [rows, pages > 1 && `${pages} pages`, suffix].filter(Boolean).join(" · ");
  find("count").textContent = done ? parts : `${parts} so far …`;
}

function busy(is: boolean): void {
  progress.hidden = !is;
  if (is) progress.removeAttribute("value");
  find("stop").hidden = !is;
}

/** The line in the place of the rows, which it keeps for them; none when they are there. */
function say(text: string | undefined): void {
  empty.hidden = text === undefined;
  find("empty-text").textContent = text ?? "";
}
