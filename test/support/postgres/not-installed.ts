/** Throws in CI, where everything must be tested. */
export function warnNotInstalled(): void {
  if (process.env['CI'] !== undefined) throw new Error('in CI the tests need PostgreSQL 14 or later');
  console.warn('Not tested: PostgreSQL is not installed (Debian: postgresql).');
}
