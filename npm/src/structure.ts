import { StructureError } from "./location-errors.js";
import { indexExpression } from "./sequence-pattern.js";

/** What structures need to know of a component. */
export interface ComponentDescription {
  readonly id: string;
  readonly name: string;
  /** With its dot: `.exr`. */
  readonly fileType: string;
  readonly kind: "FileComponent" | "SequenceComponent" | "ContainerComponent";
  /** Of a sequence; 0 is none. */
  readonly padding: number;
  /** The sequence or container that it is a member of. */
  readonly in?: ComponentDescription | undefined;
  /** The version it is of; none when that is not committed. */
  readonly version?: VersionDescription | undefined;
}

/** What structures need to know of a version. */
export interface VersionDescription {
  readonly project: string;
  /** The names between the project and the version. */
  readonly link: readonly string[];
  /** Empty when the asset is not committed. */
  readonly asset: string;
  readonly number: number;
}

/**
 * Says under which identifier a component stands in a location. `source` is the identifier it comes from, where that is known.
 * Throws a {@link StructureError} where there is none.
 */
export interface Structure {
  resourceIdentifier(component: ComponentDescription, source?: string): string;
}

/** Keeps the identifier that a component comes with. */
export class OriginStructure implements Structure {
  resourceIdentifier(component: ComponentDescription, source?: string): string {
    if (!source) throw fault(component, "it needs the identifier that the component comes from");
    return source;
  }
}

/** Makes the id of a component its identifier. */
export class EntityIdStructure implements Structure {
  resourceIdentifier(component: ComponentDescription): string {
    if (!component.id) throw fault(component, "it has no id");
    return component.id;
  }
}

/**
 * Spreads components over folders by the first four characters of their ids: `a/b/c/d/rest.exr`. Members of sequences stand
 * as `file.<name><type>` in the folder of the sequence, those of containers under their id.
 */
export class IdStructure implements Structure {
  readonly #prefix: string;

  /** `prefix` is a folder before all others. */
  constructor({ prefix = "" }: { prefix?: string | undefined } = {}) {
    this.#prefix = prefix;
  }

  resourceIdentifier(component: ComponentDescription): string {
    const { id, in: above, kind, fileType } = component;
    if (above && kind === "FileComponent") {
      const place = this.resourceIdentifier(above);
      return above.kind === "SequenceComponent" ? `${folderOf(place)}file.${component.name}${fileType}` : `${place}/${id}${fileType}`;
    }
    if (id.length < 5) throw fault(component, "its id is too short");
    const place = [...(this.#prefix ? [this.#prefix] : []), ...id.slice(0, 4).split(""), id.slice(4)].join("/");
    switch (kind) {
      case "FileComponent":
        return place + fileType;
      case "SequenceComponent":
        return `${place}/file.${indexExpression(component.padding)}${fileType}`;
      case "ContainerComponent":
        return place;
      default:
        throw fault(component, `there is no identifier for a ${String(kind)}`);
    }
  }
}

/** How `StandardStructure` makes names. */
export interface StandardStructureOptions {
  /** A folder for versions that stand directly below their project. */
  projectVersionsPrefix?: string | undefined;
  /** Stands for what no file name should have; `_` by default. `null` leaves names as they are: a slash in one makes folders then. */
  illegalCharacterSubstitute?: string | null | undefined;
}

/**
 * Orders components as the studio's tree has them: `my_project/seq010/sh010/plate/v003/main.exr`. A sequence is
 * `name.%04d.exr`, its member `name.0004.exr` beside it; a container is a folder with its members in it.
 */
export class StandardStructure implements Structure {
  readonly #prefix: string;
  readonly #substitute: string | null;

  constructor({ projectVersionsPrefix = "", illegalCharacterSubstitute = "_" }: StandardStructureOptions = {}) {
    this.#prefix = projectVersionsPrefix;
    this.#substitute = illegalCharacterSubstitute;
  }

  resourceIdentifier(component: ComponentDescription): string {
    const { name, in: above, kind, fileType, version } = component;
    if (above && kind === "FileComponent") {
      const place = this.resourceIdentifier(above);
      if (above.kind === "SequenceComponent") return folderOf(place) + this.sanitise(`${above.name}.${name}${fileType}`);
      return `${place}/${this.sanitise(name + fileType)}`;
    }
    if (!version?.asset || !version.project) throw fault(component, "it must be of a committed version of a committed asset in a project");
    const between = version.link.length || !this.#prefix ? version.link : [this.#prefix];
    const parts = [version.project, ...between, version.asset, `v${String(version.number).padStart(3, "0")}`].map((part) => this.sanitise(part));
    switch (kind) {
      case "FileComponent":
        parts.push(this.sanitise(name + fileType));
        break;
      case "SequenceComponent":
        parts.push(`${this.sanitise(name)}.${indexExpression(component.padding)}${this.sanitise(fileType)}`);
        break;
      case "ContainerComponent":
        parts.push(this.sanitise(name));
        break;
      default:
        throw fault(component, `there is no identifier for a ${String(kind)}`);
    }
    return parts.join("/");
  }

  /** A name as it may stand in an identifier: decomposed, ASCII only, lower case, with the substitute for what is no letter, digit, `_`, `.` or `-`. */
  sanitise(name: string): string {
    if (this.#substitute === null) return name;
    const substitute = this.#substitute;
    // eslint-disable-next-line no-control-regex -- what is beyond ASCII goes
    const ascii = name.normalize("NFKD").replace(/[^\u0000-\u007f]/gu, "");
    return ascii.replace(/[^\w.-]/g, () => substitute).trim().toLowerCase();
  }
}

function folderOf(identifier: string): string {
  return identifier.slice(0, identifier.lastIndexOf("/") + 1);
}

function fault({ name, id }: ComponentDescription, text: string): StructureError {
  return new StructureError(`structure: component ${JSON.stringify(name || id)}: ${text}`);
}
