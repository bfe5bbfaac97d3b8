/** Writes to standard error. If it cannot be written to, the process goes on. */
export function writeError(text: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(text);
}
