/** The code that the operating system, Node or SQLite gives to an error; undefined for other things that are thrown. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
