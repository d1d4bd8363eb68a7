/** What the requests of a page took, as the browser timed them. */
export interface RequestTimes {
  readonly count: number;
  /** Milliseconds in which at least one request was on its way. */
  readonly server: number;
  /** Milliseconds from a reply's last byte (or the page before it) to its rows, summed over the pages. */
  readonly merge: number;
}

/** Starts timing: requests before this are forgotten. */
export function startTiming(): void {
  performance.clearResourceTimings();
  performance.setResourceTimingBufferSize(4000);
}

/** The times since `startTiming`. `pages` are the moments at which pages of rows were there. */
export function requestTimes(pages: readonly number[]): RequestTimes {
  const requests = performance
    .getEntriesByType("resource")
    .filter((entry): entry is PerformanceResourceTiming => new URL(entry.name).pathname.endsWith("/api"))
    .sort((a, b) => a.startTime - b.startTime);
  let server = 0;
  let until = 0;
  for (const { startTime, responseEnd } of requests) {
    server += Math.max(0, responseEnd - Math.max(startTime, until));
    until = Math.max(until, responseEnd);
  }
  let merge = 0;
  pages.forEach((moment, index) => {
    const came = requests[index]?.responseEnd ?? moment;
    merge += Math.max(0, moment - Math.max(came, pages[index - 1] ?? 0));
  });
  return { count: requests.length, server, merge };
}
