import { writeError } from '../../process/standard-error.js';
import { EXIT } from './exit-codes.js';

/** Commands that go on with their work even if no one can read their output. */
const WORK_ON: ReadonlySet<string> = new Set(['serve', 'backup', 'restore', 'migrate']);

/** If the output of a command cannot be written, the command ends: silently if its reader has exited, as `head` does. */
export function endWithReader(command: string): void {
  if (WORK_ON.has(command)) return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    writeError(
      `octostore: The output cannot be written: ${error.message}. Free some space, or write it elsewhere.\n`,
    );
    process.exit(EXIT.failure);
  });
}
