/**
 * Gives the objects of a class a name: in text, in a browser's console, and for frameworks that tell plain objects from others by it. Vue's `ref`
 * and `reactive` put a Proxy around all that is "[object Object]", through which no private field can be reached.
 */
export function nameObjects(made: { readonly prototype: object }, name: string): void {
  Object.defineProperty(made.prototype, Symbol.toStringTag, { value: name, configurable: true });
}
