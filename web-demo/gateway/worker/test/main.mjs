// The worker as the tests run it: with a rate limiter in the place of the platform's, and with numbers to read.
import worker from "./worker.mjs";
import { running } from "./worker.mjs";

const counts = new Map();
const limiter = (burst) => ({
  async limit({ key }) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return { success: counts.get(key) <= burst };
  },
});

export default {
  async fetch(request, env) {
    const own = { ...env, ...(env.BURST && { RATE_LIMITER: limiter(Number(env.BURST)) }) };
    if (new URL(request.url).pathname === "/-/statistics") return Response.json((await running(own)).statistics());
    return worker.fetch(request, own);
  },
};
