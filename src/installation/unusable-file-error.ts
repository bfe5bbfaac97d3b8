/** The file is damaged, is no OctoStore database, or cannot be where it should be. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
}
