/** Writes to standard error. If nobody can read that, it is no reason to end. */
export function writeError(text: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(text);
}
