// The data of the benchmarks: tasks of a made-up show as an ftrack server sends them, 1.5 KB each, the same on every run.
// Each page stands alone: an entity comes whole where the page first meets it, and as its keys from there on.

/** Rows of one reply. */
export const PAGE_ROWS = 500;

/** What the replies answer. */
export const EXPRESSION =
  "select name, description, bid, sort, start_date, end_date, status_id, " +
  "status.name, status.color, status.sort, status.is_active, type.name, type.color, type.is_billable, parent.name, parent.description, " +
  "project.name, project.full_name, assignments.resource.username, assignments.resource.first_name, link from Task";

const statuses = ["Not started", "Ready to start", "In progress", "Pending review", "On hold", "Approved", "Omitted"];
const types = ["Modeling", "Rigging", "Layout", "Animation", "FX", "Lighting", "Compositing", "Rotoscoping", "Matte painting"];
const people = ["Zoë", "Anders", "Priya", "José", "Mei", "Łukasz", "Dmitri", "Aiko", "Noah", "Chidi", "Sofía", "Jürgen"];
const remarks = [
  'client said "more weight" on frame 1043 \u2014 see the Größe of the cape\n',
  "hold until the plate is re-graded (señor Díaz)\tthen publish to P:\\show\\shots\n",
  'kerning of the "Über" sign, 4\u00bd frames late\n',
  "émotion in the eyes: 東京 reference, take 3\n",
];

/** A generator of numbers below 1, the same for the same seed. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function uuid(kind, n) {
  const next = random(kind * 10_000_019 + n); // further apart than there are of a kind
  const hex = (digits) => Math.floor(next() * 16 ** digits).toString(16).padStart(digits, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}

function date(day, hour) {
  return { __type__: "datetime", value: new Date(Date.UTC(2025, 0, 6 + day, hour)).toISOString().slice(0, 19) };
}

/** Gives each entity whole once and as its keys afterwards. */
class Reply {
  #told = new Set();

  entity(type, id, keys, values) {
    const first = !this.#told.has(id);
    this.#told.add(id);
    return first ? { ...values(), ...keys, id, __entity_type__: type } : { ...keys, id, __entity_type__: type };
  }
}

const projectId = uuid(1, 0);

function task(reply, i) {
  const next = random(i + 1);
  const pick = (list) => Math.floor(next() * list.length);
  const [status, type] = [pick(statuses), pick(types)];
  const shot = Math.floor(i / 8);
  const sequence = Math.floor(shot / 40);
  const start = Math.floor(next() * 400);
  const ids = { task: uuid(2, i), shot: uuid(3, shot), sequence: uuid(4, sequence), status: uuid(5, status), type: uuid(6, type) };
  const shotName = `sh${String((shot % 40) * 10 + 10).padStart(4, "0")}`;
  const sequenceName = `sq${String(sequence * 10 + 10).padStart(4, "0")}`;
  const context = { context_type: "task", object_type_id: uuid(7, 1), project_id: projectId };
  const assigned = Array.from({ length: next() < 0.1 ? 2 : 1 }, () => pick(people) + people.length * Math.floor(next() * 10));
  return {
    name: types[type],
    description: `${remarks[i % remarks.length]}(task ${i})`,
    bid: 3600 * (8 + Math.floor(next() * 80)),
    sort: Math.floor(next() * 10000),
    start_date: date(start, 7),
    end_date: date(start + 3 + Math.floor(next() * 20), 17),
    status_id: ids.status,
    link: [
      { id: projectId, name: "The Long Take", type: "Project" },
      { id: ids.sequence, name: sequenceName, type: "TypedContext" },
      { id: ids.shot, name: shotName, type: "TypedContext" },
      { id: ids.task, name: types[type], type: "TypedContext" },
    ],
    ...context,
    status: reply.entity("Status", ids.status, {}, () => ({ name: statuses[status], color: "#3498DB", sort: status * 10, is_active: true })),
    type: reply.entity("Type", ids.type, {}, () => ({ name: types[type], color: "#F1C40F", is_billable: true })),
    parent: reply.entity("Shot", ids.shot, context, () => ({ name: shotName, description: "wide on the harbour at dawn" })),
    project: reply.entity("Project", projectId, { context_type: "show" }, () => ({ name: "long_take", full_name: "The Long Take" })),
    assignments: assigned.map((person, place) =>
      reply.entity("Appointment", uuid(9, i * 4 + place), {}, () => ({
        resource: reply.entity("User", uuid(10, person), { resource_type: "user" }, () => ({
          username: `${people[person % people.length]}.${person}@studio.example`,
          first_name: people[person % people.length],
        })),
      })),
    ),
    id: ids.task,
    __entity_type__: "Task",
  };
}

/** The reply to one page of the query, as bytes. `total` rows are there in all; `rows` of them from `offset` on are in the page. */
export function page(total, offset, rows = PAGE_ROWS) {
  const reply = new Reply();
  const end = Math.min(total, offset + rows);
  const data = [];
  for (let i = offset; i < end; i++) data.push(task(reply, i));
  const next = end < total ? end : null;
  return Buffer.from(JSON.stringify([{ action: "query", data, metadata: { next: { offset: next } } }]));
}

/** All pages of a query of `total` rows. */
export function* pages(total, rows = PAGE_ROWS) {
  for (let offset = 0; offset < total; offset += rows) yield page(total, offset, rows);
}
