import type { Session } from "./session.js";

/** What a core holds, for tests, benchmarks and reports of a page that grows. Bytes are of the module's memory. */
export interface CoreStatistics {
  /** Entities of this session. */
  readonly records: number;
  /** Bytes of replies that this session keeps, and how many of them are values that can be read. */
  readonly documentBytes: number;
  readonly liveBytes: number;
  /** Bytes of what stands around the values. */
  readonly storeBytes: number;
  /** What was left of the whole core's heap by the last `collectCore`, 0 before the first. */
  readonly heapBytes: number;
  /** Of the whole core: its open sessions, its goroutines. */
  readonly sessions: number;
  readonly goroutines: number;
}

/** Counts what the core of a session holds, of a closed one too. All are 0 when the core died. */
export function coreStatistics<Entities>(session: Session<Entities>): CoreStatistics {
  const stat = (what: number): number => session.coreStatistic(what);
  return { records: stat(0), documentBytes: stat(1), liveBytes: stat(2), storeBytes: stat(3), heapBytes: stat(4), sessions: stat(5), goroutines: stat(7) };
}

/** Runs a full garbage collection of the core, and gives the milliseconds that a second one took, right after it. */
export function collectCore<Entities>(session: Session<Entities>): number {
  return session.collectCore();
}
