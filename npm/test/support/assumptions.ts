import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../scripts/go.mjs";

/** The behaviours that nobody has verified, as NAME=VALUE, with all values that the sandbox can take for each but its default. */
export function assumptions(): string[] {
  const source = readFileSync(join(repositoryRoot, "web-demo/sandbox/assume.go"), "utf8");
  return [...source.matchAll(/\{"([a-z-]+)", \[\]string\{([^}]*)\}\}/g)].flatMap(([, name, values]) =>
    [...values!.matchAll(/"([^"]+)"/g)].slice(1).map(([, value]) => `${name}=${value}`),
  );
}
