const EXIT_TERMINATED = 143;

/** Has no server or load generator outlive this process, however it is ended from outside. */
export function endInOrder(): void {
  // On Ctrl-C the load generator has the same signal from the terminal; then the run fails, and all is ended as after any run.
  process.on('SIGINT', () => undefined);
  // Those who start processes kill them on `exit`.
  process.once('SIGTERM', () => process.exit(EXIT_TERMINATED));
}
