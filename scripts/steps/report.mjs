export function printDone({ name, passed, seconds }) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${name}`);
}

/** Prints the output of the failed steps, and then their names. Sets the exit code. */
export function printFailures(done) {
  const failed = done.filter(({ passed }) => !passed);
  for (const { name, output } of failed) console.log(`\n== ${name}\n${output.trim()}`);
  if (failed.length > 0) {
    console.log(`\nFailed: ${failed.map(({ name }) => name).join(', ')}`);
    process.exitCode = 1;
  }
}
