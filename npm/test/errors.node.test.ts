import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/go.mjs";
import { errorFromCore } from "../src/core-errors.js";
import { CORE_ERRORS, FtrackError } from "../src/errors.js";
import { VERSION } from "../src/version.js";
import manifest from "../package.json" with { type: "json" };

/** The codes that the Go side can settle a call with, read from its sources. */
function codesOfTheCore(): Set<string> {
  const folders = ["jsbridge", "session", "session/wire", "session/query"];
  const codes = new Set<string>();
  for (const folder of folders) {
    for (const file of readdirSync(join(repositoryRoot, folder))) {
      if (!file.endsWith(".go") || file.endsWith("_test.go")) continue;
      const text = readFileSync(join(repositoryRoot, folder, file), "utf8");
      for (const [, code] of text.matchAll(/"([A-Z]+(?:_[A-Z]+)+|TIMEOUT|ABORTED|AUTHENTICATION|ATTRIBUTE|OPERATION)"/g)) if (!code!.startsWith("FTRACK_")) codes.add(code!);
    }
  }
  return codes;
}

test("both sides of the boundary know the same error codes", () => {
  expect([...codesOfTheCore()].sort()).toEqual(Object.keys(CORE_ERRORS).sort());
});

test("every class bears its name and the code it stands under", () => {
  for (const [code, made] of Object.entries(CORE_ERRORS)) {
    const error = errorFromCore(JSON.stringify({ code, message: "m" }));
    expect(error).toBeInstanceOf(made);
    expect(error).toBeInstanceOf(FtrackError);
    expect([error.code, error.name, error.message]).toEqual([code, made.name, "m"]);
  }
});

test("an error keeps its cause and what branches need", () => {
  const error = errorFromCore('{"code":"SERVER_ERROR","message":"query: x","status":500,"exception":"E","operations":[{"action":"create"}],"errorCode":"c"}');
  expect({ ...error }).toEqual({ code: "SERVER_ERROR", status: 500, exception: "E", errorCode: "c", operations: [{ action: "create" }] });
  expect("cause" in error).toBe(false);
});

test("the versions of package, script and module are one", () => {
  expect(manifest.version).toBe(VERSION);
});

test("a Node process ends when its session is closed", () => {
  const script = `
    import { Session } from "ftrack-wasm";
    const fetch = async () => new Response(JSON.stringify([{ version: "4.13.0" }, []]));
    const session = await Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch });
    await session.close();
    console.log("closed");`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: join(repositoryRoot, "npm"), encoding: "utf8", timeout: 10_000 });
  expect(output.trim()).toBe("closed");
});
