/** Whether files can be given to other users, which needs root. If not, a message says so, and in CI the test fails. */
export function canGiveFilesAway(): boolean {
  if (process.getuid?.() === 0) return true;
  if (process.env['CI'] !== undefined) throw new Error('in CI the tests must run as root');
  console.warn('Not tested: only root can give files to other users.');
  return false;
}
