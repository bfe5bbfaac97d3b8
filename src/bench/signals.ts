const EXIT_TERMINATED = 143;

/** Makes sure that no server or load generator outlives this process when a signal ends it. */
export function cleanUpOnSignal(): void {
  // On Ctrl-C, the terminal sends the load generator the same signal. Then the run fails and cleans up as usual.
  process.on('SIGINT', () => undefined);
  // The code that starts processes kills them on `exit`.
  process.once('SIGTERM', () => process.exit(EXIT_TERMINATED));
}
