import { Session } from "ftrack-wasm";
import { columnsOf } from "./columns.js";
import { problemOf, showProblem } from "./problem.js";
import { requestTimes, startTiming } from "./requests.js";
import { Table } from "./table.js";
import { Timings } from "./timings.js";

const examples: readonly [title: string, expression: string][] = [
  ["All tasks", "select name, status.name, status.color, parent.name, type.name, assignments.resource.username, start_date, end_date, bid from Task"],
  ["Tasks that are in progress", 'select name, status.name, status.color, parent.name, type.name, end_date from Task where status.name is "In progress" order by end_date'],
  ["Shots and where they are", "select name, link, description, status.name, status.color from Shot order by name"],
  ["Latest versions", "select asset.name, version, comment, task.name, status.name, status.color, user.username, date from AssetVersion where is_latest_version is True order by date descending limit 500"],
  ["Notes", "select content, author.username, date, category.name from Note order by date descending"],
  ["Tasks by status (aggregate)", "select count(id), status.name from Task group by status.name"],
  ["A mistake: see where", 'select name from Task where status.name is "Done" and'],
];

const steps = ["first rows", "server", "merge", "all rows", "drawn"];

const find = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;
const signIn = find<HTMLFormElement>("sign-in");
const queryForm = find<HTMLFormElement>("query");
const expression = find<HTMLTextAreaElement>("expression");
const picker = find<HTMLSelectElement>("examples");
const progress = find<HTMLProgressElement>("progress");
const empty = find("empty");
const problem = find("problem");
const table = new Table(find("table"));
const timings = new Timings(find("timings"));

let session: Session | undefined;
let running: AbortController | undefined;

(signIn.elements.namedItem("serverUrl") as HTMLInputElement).value = location.origin;
picker.append(...examples.map(([title], index) => new Option(title, String(index))));
expression.value = examples[0]?.[1] ?? "";
table.visible = false;

signIn.addEventListener("submit", (event) => {
  event.preventDefault();
  void open();
});
find("sign-out").addEventListener("click", () => void leave());
find("stop").addEventListener("click", () => running?.abort());
queryForm.addEventListener("submit", (event) => {
  event.preventDefault();
  void run();
});
picker.addEventListener("change", () => {
  expression.value = examples[Number(picker.value)]?.[1] ?? "";
  if (session) void run();
});
expression.addEventListener("input", () => (picker.selectedIndex = -1));
expression.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) queryForm.requestSubmit();
});

async function open(): Promise<void> {
  const fields = Object.fromEntries(new FormData(signIn)) as { serverUrl: string; apiUser: string; apiKey: string };
  const button = signIn.querySelector("button") as HTMLButtonElement;
  button.disabled = true;
  showProblem(problem, undefined);
  say("Signing in …");
  const start = performance.now();
  try {
    session = await Session.open(fields);
  } catch (error) {
    showProblem(problem, problemOf(error));
    say("Sign in to ask the first question.");
    return;
  } finally {
    button.disabled = false;
  }
  timings.set("session", performance.now() - start);
  signIn.hidden = true;
  find("account").hidden = false;
  find("who").textContent = `${session.apiUser} on ${new URL(session.serverUrl).host}`;
  find<HTMLButtonElement>("run").disabled = false;
  await run();
}

async function leave(): Promise<void> {
  running?.abort();
  await session?.close();
  session = undefined;
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
  const own = (running = new AbortController());
  const rows: unknown[] = [];
  const text = expression.value;
  showProblem(problem, undefined);
  timings.clear(...steps);
  busy(true);
  say("Asking the server …");
  table.visible = false;
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
      if (rows.push(row) === 1) {
        timings.set("first rows", performance.now() - start);
        say(undefined);
        table.visible = true;
        table.show(columnsOf(text, defaultsOf(row)), rows);
      }
      if (rows.length % 500 === 0) table.refresh();
    }
    const all = performance.now() - start;
    count(rows.length, pages.length, true);
    if (rows.length === 0) say("The query found nothing.");
    table.refresh();
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
  } catch (error) {
    if (own.signal.aborted) {
      if (own === running) count(rows.length, pages.length, true, "stopped");
    } else {
      showProblem(problem, problemOf(error));
      say(rows.length > 0 ? undefined : "");
    }
  } finally {
    if (own === running) busy(false);
  }
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

/** The line where the table would be; none when the table is there. */
function say(text: string | undefined): void {
  empty.hidden = text === undefined || text === "";
  find("empty-text").textContent = text ?? "";
}
