/** A file is damaged, is not an OctoStore database, or cannot be at its path. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
}
