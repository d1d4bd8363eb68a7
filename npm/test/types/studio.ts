// A session with the types of a studio where a plain one is asked for. Compiled, never run; see usage.ts.
import { Session } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";

type PlainShot = DefaultEntities["Shot"];
interface Shot extends PlainShot {
  get lens(): string | null | undefined;
  set lens(value: string | null);
}
type Studio = Omit<DefaultEntities, "Shot"> & { Shot: Shot };

declare function helper(session: Session): Promise<void>;
declare function generic<E>(session: Session<E>): Promise<void>;

export async function studio(session: Session<Studio>): Promise<void> {
  await helper(session);
  await generic(session);
}

export async function otherwise(session: Session<Omit<DefaultEntities, "Task">>, plain: Session): Promise<void> {
  // @ts-expect-error it has no tasks
  await helper(session);
  // @ts-expect-error a plain session's shots have no lens
  await (async (_studio: Session<Studio>) => {})(plain);
}
