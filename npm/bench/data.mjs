// Tasks as a server sends them. The same count gives the same bytes.

const statuses = ["Not started", "Ready to start", "In progress", "Pending review", "Revise", "Approved", "On hold"];
const types = ["Layout", "Animation", "Lighting", "Compositing", "FX", "Modeling", "Rigging", "Lookdev", "Rotoscoping"];
const texts = [
  "Match the plate's grain and the edges of the \"B\" camera.",
  "Blocking first; the client wants more weight in the landing.",
  "Überarbeitung nach Sichtung: Schatten unter der Brücke weicher.",
  "Use the cache from Friday. The new one flickers\non frames 1033 to 1041.",
];

const id = (kind, number) => `${kind.toString(16).padStart(8, "0")}-4e65-11e1-${(number % 4096).toString(16).padStart(4, "0")}-${number.toString(16).padStart(12, "0")}`;

/** Makes rows `from` to `from + count`, as the data of one reply: what stood before in it comes as a stub. */
export function rows(from, count) {
  const seen = new Set();
  const entity = (type, key, rest) => {
    const stub = seen.has(key);
    seen.add(key);
    return stub ? { __entity_type__: type, id: key } : { ...rest(), __entity_type__: type, id: key };
  };
  return Array.from({ length: count }, (_, place) => {
    const n = from + place;
    const shot = Math.floor(n / 5);
    const sequence = Math.floor(shot / 20);
    const parent = { type: "TypedContext", id: id(3, shot), name: `sh${String(shot * 10).padStart(5, "0")}` };
    return {
      status: entity("Status", id(1, n % 7), () => ({ name: statuses[n % 7], color: "#e67e22", sort: n % 7 })),
      type: entity("Type", id(2, n % 9), () => ({ name: types[n % 9], color: "#2ecc71" })),
      parent: entity("Shot", id(3, shot), () => ({ name: parent.name, context_type: "task", object_type_id: id(9, 1), project_id: id(4, 1) })),
      project: entity("Project", id(4, 1), () => ({ name: "kestrel", full_name: "Kestrel", context_type: "show" })),
      assignments: [
        {
          resource: entity("User", id(5, n % 60), () => ({ username: `artist.${n % 60}`, first_name: "Zoë", resource_type: "user" })),
          __entity_type__: "Appointment",
          id: id(6, n),
        },
      ],
      link: [
        { type: "Project", id: id(4, 1), name: "kestrel" },
        { type: "TypedContext", id: id(8, sequence), name: `sq${String(sequence).padStart(3, "0")}` },
        parent,
        { type: "TypedContext", id: id(7, n), name: types[n % 9] },
      ],
      name: `${types[n % 9]} ${n}`,
      description: `${texts[n % 4]} (${n})`,
      bid: (n % 40) * 3600.5,
      sort: n,
      start_date: { __type__: "datetime", value: "2024-10-29T22:00:00" },
      end_date: { __type__: "datetime", value: `2024-11-${String(1 + (n % 28)).padStart(2, "0")}T22:00:00` },
      created_at: { __type__: "datetime", value: "2024-09-01T08:12:09" },
      status_id: id(1, n % 7),
      type_id: id(2, n % 9),
      parent_id: id(3, shot),
      context_type: "task",
      object_type_id: "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c",
      project_id: id(4, 1),
      __entity_type__: "Task",
      id: id(7, n),
    };
  });
}

const reply = (data, next) => JSON.stringify([{ action: "query", data, metadata: { next: { offset: next } } }]);

/** One reply with all rows, as a client gets it that asks for them at once. */
export const whole = (count) => reply(rows(0, count), null);

/** The replies to a client that asks for pages. */
export function pages(count, size = 500) {
  const list = [];
  for (let from = 0; from < count; from += size) {
    const length = Math.min(size, count - from);
    list.push(reply(rows(from, length), from + length < count ? from + length : null));
  }
  return list;
}
