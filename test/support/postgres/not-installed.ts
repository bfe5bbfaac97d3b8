/** Throws in CI, where everything must be tested. */
export function warnNotInstalled(program = 'PostgreSQL 14 or later', debianPackage = 'postgresql'): void {
  if (process.env['CI'] !== undefined) throw new Error(`in CI the tests need ${program}`);
  console.warn(`Not tested: ${program} is not installed (Debian: ${debianPackage}).`);
}
