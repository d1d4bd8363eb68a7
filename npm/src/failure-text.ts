/** What a program threw, as text. Anything can be thrown, things without a text too. */
export function failureText(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "something that has no text";
  }
}
