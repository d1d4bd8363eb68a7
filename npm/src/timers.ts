import { checkArgument, entity, flag, optionsOf, text } from "./arguments.js";
import { idOf } from "./component-data.js";
import type { Entity } from "./entity.js";
import { MultipleResultsFoundError, NoResultFoundError, NotUniqueError, ServerError } from "./errors.js";
import { ftql } from "./ftql.js";
import type { Timelog, Timer } from "./generated/entities.js";

/** What a timer is started with. */
export interface TimerOptions {
  comment?: string | undefined;
  name?: string | undefined;
  /** Whether a timer that runs is stopped first, and its time logged. */
  force?: boolean | undefined;
}

/** Starts a user's timer at once. */
export async function startTimer(user: Entity, context?: Entity | null, options?: TimerOptions): Promise<Timer> {
  const { comment = "", name = "", force = false } = optionsOf<TimerOptions>("startTimer", options, { comment: text, name: text, force: flag });
  if (context) checkArgument("startTimer", "context", context, entity);
  if (force && (await timersOf(user)).length) await stopTimer(user);
  const values = { user_id: idOf(user), comment, name, ...(context && { context_id: idOf(context) }) };
  try {
    return (await user.session.send("startTimer", [{ create: "Timer", values }])).entities[0] as Timer;
  } catch (error) {
    if (error instanceof ServerError && error.message.includes("DuplicateEntryError")) throw new NotUniqueError("startTimer: a timer of the user runs already: stop it, or use force", { cause: error });
    throw error;
  }
}

/** Stops a user's timer, and logs its time: both in one request. */
export async function stopTimer(user: Entity): Promise<Timelog> {
  const [timer, ...others] = await timersOf(user);
  if (!timer) throw new NoResultFoundError("stopTimer: no timer of the user runs");
  if (others.length) throw new MultipleResultsFoundError("stopTimer: several timers of the user run");
  const { start, context_id, comment, name } = timer;
  const duration = Math.max(0, Math.floor((serverNow(user) - (start?.getTime() ?? serverNow(user))) / 1000));
  const values = { user_id: idOf(user), context_id: context_id ?? null, comment: comment ?? "", name: name ?? "", duration, ...(start && { start }) };
  const { entities } = await user.session.send("stopTimer", [{ create: "Timelog", values }, { delete: timer }]);
  return entities[0] as Timelog;
}

function timersOf(user: Entity): Promise<Timer[]> {
  const expression = ftql`select start, context_id, comment, name from Timer where user_id is ${idOf(user)}`;
  return user.session.query<"Timer">(expression, { policy: "network-only" }).all();
}

/** The server's clock: without support of time zones it stores local times, which are read as if they were UTC. */
function serverNow({ session }: Entity): number {
  const now = Date.now();
  return session.serverInformation.is_timezone_support_enabled === false ? now - new Date(now).getTimezoneOffset() * 60_000 : now;
}
