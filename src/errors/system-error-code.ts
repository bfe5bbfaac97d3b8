/** The code that the operating system, Node or SQLite gave an error. Undefined for anything else that was thrown. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
