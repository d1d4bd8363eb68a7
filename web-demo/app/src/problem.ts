import { FtrackError } from "ftrack-wasm";

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
  SERVER_COMPATIBILITY: "The server is too old",
  MODULE_LOAD: "The core could not be loaded",
  CORE_CRASHED: "The core stopped working: sign in again",
  CONNECTION_CLOSED: "You are signed out",
};

export function problemOf(error: unknown): Problem {
  if (!(error instanceof FtrackError)) return { title: "Something went wrong", text: error instanceof Error ? error.message : String(error) };
  const exception = (error as { exception?: string }).exception;
  if (exception === "InvalidCredentialsError" || exception === "FTAuthenticationError") {
    return { title: "The server does not know this user and key", text: "Check the user name and the API key and sign in again." };
  }
  const title = titles[error.code] ?? "Something went wrong";
  if (error.code === "QUERY_SYNTAX") {
    const [first = "", ...rest] = error.message.split("\n");
    return { title, text: first.replace(/^[^:]*line \d+, column \d+: /, ""), code: rest.join("\n") };
  }
  return { title, text: error.message };
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
    section.append(code);
  }
}
