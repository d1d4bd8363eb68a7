// Compiled, never run: what users of the types write, and (by @ts-expect-error) what must not compile. The types are those
// of the built package.
import {
  Collection, Entity, EntityKeyMaker, LayeredCache, Memoiser, MemoryCache, ObjectKeyMaker, ProxyCache, Query, SerialisedCache, Session, ServerError, SessionAuthentication, StringKeyMaker,
  coreStatistics, ftql, identity, memoise, rawValue, value,
} from "ftrack-wasm";
import type { CacheLike, Rows, DefaultEntities, KeyedCollection, SessionOptions, Snapshot } from "ftrack-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(yes: Equal<A, B>): void;

type Task = DefaultEntities["Task"];

export async function reads(session: Session): Promise<void> {
  for await (const task of session.query<"Task">(ftql`select name, status.name from Task where project.name is ${"x"}`)) {
    same<typeof task, Task>(true);
    same<typeof task.name, string | null | undefined>(true);
    same<typeof task.bid, number | null | undefined>(true);
    same<typeof task.start_date, Date | null | undefined>(true);
    same<typeof task.entityType, "Task">(true);
    const status: string | null | undefined = task.status?.name;
    const notes: Collection<DefaultEntities["Note"]> = task.notes;
    const metadata: KeyedCollection = task.metadata;
    void [status, notes, metadata];
    // @ts-expect-error there may be no status
    void task.status.name;
    // @ts-expect-error no such attribute
    void task.nmae;
    task.name = "x";
  }
  const query = session.query<"Task">("Task", { pageSize: 100, onProgress: ({ loaded, done }) => void [loaded.toFixed(), done] });
  same<typeof query, Query<Task>>(true);
  same<Awaited<ReturnType<typeof query.all>>, Rows<Task>>(true);
  same<Awaited<ReturnType<typeof query.first>>, Task | null>(true);
  same<Awaited<ReturnType<typeof query.one>>, Task>(true);
  // @ts-expect-error no such entity type
  session.query<"Taks">("Taks");
  // @ts-expect-error options are checked
  session.query("Task", { pagesize: 5 });

  const counts = await session.query<{ count_id: number }>("select count(id) from Task group by status_id").all();
  same<(typeof counts)[0]["count_id"], number>(true);

  const found = await session.get("AssetVersion", "id");
  same<typeof found, DefaultEntities["AssetVersion"] | null>(true);
  const row = await session.get("Metadata", ["parent", "key"]);
  void row?.value;
  // @ts-expect-error no such entity type
  void session.get("Nothing", "id");
  // @ts-expect-error a key is text or parts
  void session.get("Task", { id: "x" });
}

export async function loads(task: Task): Promise<void> {
  const own = await task.load("name");
  same<typeof own, string | null | undefined>(true);
  const parentName = await task.load("parent.name");
  const text: string | null | undefined = parentName;
  const contents = await task.load("notes.content");
  same<typeof contents, (string | null | undefined)[]>(true);
  const [name, bid] = await task.load("name", "bid");
  same<typeof name, string | null | undefined>(true);
  same<typeof bid, number | null | undefined>(true);
  const [first, second] = await task.load("status.name", "project.name", { autoPopulate: false });
  void [text, first?.length, second?.length];
  const unknown = await task.load("parent.something_of_a_studio");
  // @ts-expect-error what types do not know is unknown
  unknown.length;
  // @ts-expect-error at least one path
  void task.load();
  same<ReturnType<typeof task.snapshot>, Snapshot>(true);
}

export async function narrows(task: Task): Promise<void> {
  const { parent } = task;
  if (!parent) return;
  const name: string | null | undefined = parent.name;
  void [name, await parent.load("name")];
  if (parent.entityType === "Shot") same<typeof parent, DefaultEntities["Shot"] & typeof parent>(true);
  if (parent.entityType === "Project") {
    void parent.full_name;
    // @ts-expect-error a project has no status of tasks
    void parent.type;
  }
  // @ts-expect-error never one of these
  if (parent.entityType === "Note") return;
  const context: DefaultEntities["TypedContext"] = task;
  void context;
}

/** A studio's own types beside the default ones. */
interface Rig extends Entity {
  readonly entityType: "Rig";
  readonly bones: number | null | undefined;
}
interface StudioEntities extends DefaultEntities {
  Rig: Rig;
}

export async function studio(options: SessionOptions): Promise<void> {
  await using session = await Session.open<StudioEntities>(options);
  const rig = await session.query<"Rig">("Rig").first();
  same<NonNullable<typeof rig>["bones"], number | null | undefined>(true);
  void session.query<"Task">("Task").first();
  void coreStatistics(session).records;
}

export async function options(): Promise<void> {
  await Session.open({ serverUrl: "x", apiKey: "k", apiUser: "u", timeout: 5, headers: { a: "b" }, wasm: fetch("x"), fetch, signal: new AbortController().signal });
  await Session.open({ env: { FTRACK_SERVER: "x" }, entityTypes: { Task: (Base) => class extends Base { shout(): string { return this.entityType; } } } });
  await Session.open({ wasm: new Uint8Array(4) });
  // @ts-expect-error unknown option
  await Session.open({ serverURL: "x" });
  // @ts-expect-error seconds are a number
  await Session.open({ timeout: "5" });
  // @ts-expect-error sessions are opened, not made
  new Session();
}

export function helpers(task: Task, entity: Entity): void {
  const [type, key] = identity(task);
  void [type.length, key[0], value(task, "anything"), rawValue(entity, "start_date")];
  const init: RequestInit = new SessionAuthentication({ apiKey: "k", apiUser: "u" }).apply({ method: "POST" });
  void init;
  ftql`a is ${1} and b in ${["x", "y"]} and c is ${null} and d is ${task} and e in ${[task]} and f > ${new Date()}`;
  // @ts-expect-error undefined cannot stand in a query
  ftql`a is ${undefined}`;
  // @ts-expect-error an object neither
  ftql`a is ${{}}`;
  const stop: () => void = entity.subscribe(() => undefined);
  void stop;
}

export function errors(error: unknown): string | undefined {
  if (error instanceof ServerError) {
    const code: "SERVER_ERROR" | string = error.code;
    void code;
    return error.exception;
  }
  return undefined;
}

export async function caches(session: Session, task: Task): Promise<void> {
  const memory = new MemoryCache<string>({ limit: 10, measure: (key, value) => key.length + value.length });
  same<Awaited<ReturnType<typeof memory.get>>, string | undefined>(true);
  const tags = new SerialisedCache<string[]>(memory);
  same<Awaited<ReturnType<typeof tags.getMany>>, Map<string, string[]>>(true);
  // @ts-expect-error what is no text is not encoded by itself
  void new SerialisedCache<string[], number>(new MemoryCache<number>());
  // @ts-expect-error layers hold the same
  void new LayeredCache<string>([memory, new MemoryCache<number>()]);
  const own: CacheLike<string> = { get: () => null, set: () => undefined, remove: async () => undefined, keys: () => [], clear: () => 1 };
  const layered = new LayeredCache([memory, own]);
  const options: SessionOptions[] = [
    { cache: memory, cacheKeyMaker: new StringKeyMaker() }, { cache: layered }, { cache: new ProxyCache(own) }, { cache: own }, { cache: null }, { cache: () => null },
    { cache: (each) => (each.types.Task ? own : undefined) }, { cache: async () => layered },
    // @ts-expect-error a session keeps text
    { cache: new MemoryCache<number>() },
    // @ts-expect-error it lacks set
    { cache: { get: () => null, remove: () => null, keys: () => [], clear: () => null } },
  ];
  same<typeof session.cache, LayeredCache<string> | undefined>(true);
  const key: string = session.cacheKeyMaker.key(identity(task)) + new EntityKeyMaker().key(task, "x") + new ObjectKeyMaker().key({ task });
  const count = memoise((name: string, n: number) => Promise.resolve(name.length + n), { cache: new SerialisedCache<unknown>(memory), name: "count" });
  same<ReturnType<typeof count>, Promise<number>>(true);
  // @ts-expect-error the function's arguments
  void count(1);
  same<Awaited<ReturnType<Memoiser["call"]>>, unknown>(true);
  await layered.clear(/x/);
  void [options, key];
}
