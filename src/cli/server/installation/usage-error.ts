/** The command does not fit this installation. The message says which one does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
