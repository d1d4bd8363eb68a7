import { run } from "./program.js";

globalThis.outcome = run(globalThis.options);
