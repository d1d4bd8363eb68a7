import { anything, checkArgument, optionsOf, text } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { idOf } from "./component-data.js";
import type { Entity } from "./entity.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { NoteOptions } from "./entity-helpers.js";
import { InvalidArgumentError, InvalidStateError } from "./errors.js";
import type { Note, User } from "./generated/entities.js";
import type { EntityType } from "./schema.js";

/** They are looked at together, with their entities. */
const NOTE_OPTIONS: Checks<NoteOptions> = { author: anything, recipients: anything, category: anything, labels: anything };

/** Records a note on an entity, in the form that servers take: by the parent's id and base type, its notes untouched. */
export function createNote(parent: Entity, content: string, options?: NoteOptions): Note {
  const { author, recipients = [], category, labels = [] } = optionsOf<NoteOptions>("createNote", options, NOTE_OPTIONS);
  const { session } = parent;
  checkArgument("createNote", "content", content, text);
  // All of it is checked before anything is recorded: half a note would leave with the next commit.
  if (author) checkAuthor(parent, author, "createNote");
  if (category) checkEntity(parent, category, "category");
  for (const [name, list] of Object.entries({ recipients, labels })) {
    if (typeof list !== "object" || list === null || !(Symbol.iterator in list)) throw new InvalidArgumentError(`createNote: the ${name} must be a list of entities`);
    for (const each of list) checkEntity(parent, each, name);
  }
  if (category && labels.length) throw new InvalidArgumentError("createNote: give a category or labels, not both");
  const linked = session.entityTypeNamed("NoteLabelLink") !== undefined;
  if (labels.length && !linked) throw new InvalidArgumentError("createNote: this server has no labels of notes");
  const note = session.create("Note", {
    content,
    parent_id: idOf(parent),
    parent_type: baseOf(stateOf(parent).type),
    ...(author && { user_id: idOf(author) }),
    ...(category && !linked && { category_id: idOf(category) }),
  });
  const id = idOf(note);
  // Servers tell the author by themselves, and take nobody twice.
  const own = (each: Entity): boolean => each === author || readAttribute(each, "username") === session.apiUser;
  for (const recipient of new Set<Entity>(recipients)) if (!own(recipient)) session.create("Recipient", { note_id: id, resource_id: idOf(recipient) });
  for (const label of new Set<Entity>(category && linked ? [category] : labels)) session.create("NoteLabelLink", { note_id: id, label_id: idOf(label) });
  return note;
}

/** Records a reply to a note. */
export function createReply(note: Entity, content: string, options?: { author?: User | undefined }): Note {
  const { author } = optionsOf<{ author?: User | undefined }>("createReply", options, { author: anything });
  checkArgument("createReply", "content", content, text);
  if (author) checkAuthor(note, author, "createReply");
  if (typeof readAttribute(note, "in_reply_to_id") === "string") throw new InvalidStateError("createReply: the note is a reply itself; reply to the note that it answers");
  const [parentId, parentType] = [readAttribute(note, "parent_id"), readAttribute(note, "parent_type")] as (string | null | undefined)[];
  return note.session.create("Note", {
    content,
    in_reply_to_id: idOf(note),
    ...(parentId && parentType && { parent_id: parentId, parent_type: parentType }),
    ...(author && { user_id: idOf(author) }),
  });
}

/** The type that notes name their parent by: the most general one that has entities of its own. */
function baseOf(type: EntityType): string {
  let base = type;
  while (base.base && base.base.name !== "Context") base = base.base;
  return base.name;
}

function checkEntity(parent: Entity, value: unknown, name: string): void {
  if (!isEntity(value)) throw new InvalidArgumentError(`createNote: ${name} takes entities, not ${value === null ? "null" : typeof value}`);
  if (value.session !== parent.session) throw new InvalidArgumentError(`createNote: ${name} takes entities of the same session`);
}

function checkAuthor(of: Entity, author: unknown, caller: string): void {
  if (!isEntity(author) || !author.isA("User") || author.session !== of.session) throw new InvalidArgumentError(`${caller}: the author must be a User of the same session`);
}
