// What a page's thread works while something runs, without the time that it waits for a core.

/** The function of the page that looks for blocks; a block is what lies between two calls of it. */
const LOOK = "lookForBlocks";

const CATEGORIES = ["toplevel", "devtools.timeline"];

/**
 * Runs something under a trace.
 * @returns {Promise<{ work: number, task: number }>} milliseconds of CPU time that the busiest page's thread took: the most between two looks, and
 * the most of one task, which is what the browser's Long Tasks API calls a block: input and frames come between any two
 */
export async function mostWork(browser, run) {
  await browser.startTracing(undefined, { categories: CATEGORIES });
  await run();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = new Map();
  for (const event of traceEvents) {
    const thread = `${event.pid} ${event.tid}`;
    if (!threads.has(thread)) threads.set(thread, { tasks: [], looks: [], work: 0 });
    const { tasks, looks } = threads.get(thread);
    if (event.name === "FunctionCall" && event.args.data?.functionName === LOOK) looks.push(event.ts);
    if (event.name !== "ThreadControllerImpl::RunTask" || event.ph !== "X") continue;
    tasks.push(event);
    threads.get(thread).work += workOf(event);
  }
  const [{ tasks, looks }] = [...threads.values()].filter(({ looks }) => looks.length).sort((a, b) => b.work - a.work);
  tasks.sort((a, b) => a.ts - b.ts);
  looks.sort((a, b) => a - b);
  let [longest, work, look, longestTask] = [0, 0, 0, 0];
  for (const task of tasks) {
    const { ts, dur } = task;
    if (ts + dur < looks[0] || ts > looks.at(-1)) continue;
    work += workOf(task);
    longestTask = Math.max(longestTask, workOf(task));
    if (!(looks[look] < ts + dur)) continue;
    longest = Math.max(longest, work);
    work = 0;
    while (looks[look] < ts + dur) look++;
  }
  return { work: longest / 1000, task: longestTask / 1000 };
}

/** The CPU time of a task. On some virtual machines that clock goes in steps of many milliseconds, so that a short task seems to have worked longer than it took. */
function workOf({ dur, tdur = 0 }) {
  return Math.min(dur, tdur);
}
