import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attack, Stage } from '../attack.js';
import { run } from '../program.js';

/** Commands that need a database that is there. */
const COMMANDS = [
  ['token', 'create', 'somebody'],
  ['token', 'list'],
  ['token', 'revoke', 'ba7816bf8f01cfea'],
  ['token', 'revoke', '--user', 'somebody'],
  ['backup', 'copy.db'],
] as const;

/** Commands are given in a folder without a database: by mistake, as a rule. They must make nothing and say so. */
export const emptyFolder: Attack = {
  name: 'empty-folder',
  run: async (stage) => {
    await Promise.all(COMMANDS.map((args) => give(args, stage)));
  },
};

async function give(args: readonly string[], { main, findings }: Stage): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-abuse-'));
  const code = await run({ main, folder, args });
  const made = readdirSync(folder);
  rmSync(folder, { recursive: true, force: true });
  const what = `"${args.join(' ')}" in an empty folder`;
  findings.expect(code !== 0 && code !== null, `${what} ends with ${code}`);
  findings.expect(made.length === 0, `${what} makes ${made.join(', ')}`);
}
