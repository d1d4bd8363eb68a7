import { MemoryAccessor } from "ftrack-wasm";
import { describeAccessor } from "./support/accessor-suite.js";

describeAccessor("the memory accessor", { fresh: () => new MemoryAccessor(), names: true });
