import { AccessorResourceIdentifierError } from "./location-errors.js";

/** What the common file systems bear, in bytes. */
const LONGEST_NAME = 255;

// eslint-disable-next-line no-control-regex -- these are what is looked for
const UNFIT = /[\u0000-\u001f\u007f\\:*?"<>|]/;
const DEVICE = /^(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])$/i;
const encoder = new TextEncoder();

/**
 * Checks an identifier and gives its names, composed (NFC), so that the normal forms of one name are one resource on every
 * storage. `""` is the root and has no names. The rules are those of Go's `location.Split`.
 *
 * @throws {AccessorResourceIdentifierError} for names that some file system would refuse, take for another name, or leave the
 * root by
 */
export function splitIdentifier(identifier: string, operation = "read"): string[] {
  if (typeof identifier !== "string") throw new AccessorResourceIdentifierError(`${operation}: the identifier must be text`);
  if (identifier === "") return [];
  const names = identifier.normalize("NFC").split("/");
  for (const name of names) {
    const fault = faultOf(name);
    if (fault) throw new AccessorResourceIdentifierError(`${operation} ${JSON.stringify(identifier.slice(0, 200))}: the identifier cannot be used: ${fault}`);
  }
  return names;
}

function faultOf(name: string): string | undefined {
  if (name === "") return "a name in it is empty";
  if (name === "." || name === "..") return "it leaves its place";
  if (encoder.encode(name).length > LONGEST_NAME) return `a name has more than ${LONGEST_NAME} bytes`;
  if (/[. ]$/.test(name)) return "a name ends with a dot or a space";
  if (UNFIT.test(name)) return "a name has a character that file systems refuse";
  if (/\p{Surrogate}/u.test(name)) return "it is no Unicode text";
  if (DEVICE.test(name.split(".")[0]!.replace(/ +$/, ""))) return "a name is that of a device on Windows";
  return undefined;
}

/** The identifier of what a resource stands in, `""` for the root. */
export function containerOf(identifier: string): string {
  return identifier.slice(0, Math.max(identifier.lastIndexOf("/"), 0));
}
