/**
 * Milliseconds, for each connection there is, after which a part that is not through gets company. Where parts are faster the machine is the limit,
 * and not the network: more connections would slow it down.
 */
const LONG = 250;
/**
 * How much of the time that the part before took a part has for itself; then the next one begins, so that its preflight and its connection cost
 * nothing. Progress tells less: browsers report it ten times a second, in which a fast network takes a whole part.
 */
const ALONE = 0.8;

/**
 * Sends parts, each once, in their order. It begins with one at a time, and takes more connections while parts are slow.
 *
 * @throws what the first part that fails rejects with, once the others have ended; their signal is aborted with it
 */
export function sendParts(parts: readonly number[], connections: number, send: (part: number, signal: AbortSignal) => Promise<void>): Promise<void> {
  const waiting = [...parts];
  const failed = new AbortController();
  let usual = Infinity; // milliseconds that the last part took
  let allowed = 1;
  let underWay = 0;
  let alone = 0; // of those under way, the ones that leave no room beside them
  return new Promise((resolve, reject) => {
    const fill = (): void => {
      while (waiting.length && !failed.signal.aborted && alone < allowed && underWay <= allowed && underWay < connections) void begin(waiting.shift()!);
      if (underWay > 0) return;
      if (failed.signal.aborted) reject(failed.signal.reason);
      else resolve();
    };
    const begin = async (part: number): Promise<void> => {
      underWay++;
      alone++;
      let counts = true;
      const makeRoom = (): void => {
        if (counts) alone--;
        counts = false;
        fill();
      };
      const takeMore = (): void => {
        allowed++;
        fill();
      };
      const began = performance.now();
      const timers = [setTimeout(takeMore, LONG * allowed), ...(usual < LONG ? [setTimeout(makeRoom, usual * ALONE)] : [])];
      try {
        await send(part, failed.signal);
        usual = performance.now() - began;
        if (usual < (LONG * allowed) / 2) allowed = Math.max(allowed - 1, 1); // it was not the network
      } catch (error) {
        failed.abort(error);
      }
      timers.forEach(clearTimeout);
      underWay--;
      makeRoom();
    };
    fill();
  });
}
