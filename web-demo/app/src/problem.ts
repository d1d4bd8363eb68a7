import { AuthenticationError, FtrackError } from "ftrack-wasm";

/** What went wrong in the words of whoever sits in front of the page, and what to do about it. */
export interface Problem {
  readonly title: string;
  readonly text: string;
  /** Set in a fixed width: a caret stands below the fault. */
  readonly code?: string;
}

const titles: Partial<Record<string, string>> = {
  QUERY_SYNTAX: "The expression is not complete or not right",
  UNRECOGNISED_ENTITY_TYPE: "The server has no such entity type",
  NETWORK_ERROR: "The server cannot be reached",
  TIMEOUT: "The server did not answer in time",
  SERVER_ERROR: "The server refused",
  PERMISSION_DENIED: "You may not do this",
  SERVER_COMPATIBILITY: "The server is too old",
  MODULE_LOAD: "The core could not be loaded",
  CORE_CRASHED: "The core stopped working: sign in again",
  CONNECTION_CLOSED: "You are signed out",
};

export function problemOf(error: unknown): Problem {
  if (!(error instanceof FtrackError)) return { title: "Something went wrong", text: error instanceof Error ? error.message : String(error) };
  if (error instanceof AuthenticationError) {
    return { title: "The server does not know this user and key", text: "Check the user name and the API key and sign in again." };
  }
  const title = titles[error.code] ?? "Something went wrong";
  if (error.code === "QUERY_SYNTAX") {
    const [first = "", ...rest] = error.message.split("\n");
    const [, line, column, what = first] = /line (\d+), column (\d+): (.*)$/.exec(first) ?? [];
    const where = line === undefined ? "" : ` (line ${line}, column ${column})`;
    return { title, text: `${what.charAt(0).toUpperCase()}${what.slice(1)}${where}`, code: outdented(rest) };
  }
  return { title, text: error.message };
}

/** Lines without the indentation that all of them have. */
function outdented(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common)).join("\n");
}

/** Puts a problem into its section. */
export function showProblem(section: HTMLElement, problem: Problem | undefined): void {
  section.hidden = problem === undefined;
  if (!problem) return section.replaceChildren();
  const title = document.createElement("strong");
  title.textContent = problem.title;
  const text = document.createElement("p");
  text.textContent = problem.text;
  section.replaceChildren(title, text);
  if (problem.code) {
    const code = document.createElement("pre");
    code.textContent = problem.code;
    code.tabIndex = 0;
    section.append(code);
    // On a narrow screen the fault may be beyond the edge.
    const longest = Math.max(...problem.code.split("\n").map((line) => line.length));
    code.scrollLeft = (code.scrollWidth * problem.code.split("\n").at(-1)!.length) / longest - code.clientWidth / 2;
  }
}
