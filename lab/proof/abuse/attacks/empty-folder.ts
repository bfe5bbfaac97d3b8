import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attack, AttackContext } from '../attack.js';
import { run } from '../program.js';

/** Commands that need an existing database. */
const COMMANDS = [
  ['token', 'create', 'someone'],
  ['token', 'list'],
  ['token', 'revoke', 'ba7816bf8f01cfea'],
  ['token', 'revoke', '--user', 'someone'],
  ['backup', 'copy.db'],
] as const;

/** Commands run in a folder without a database, as happens by mistake. They must fail and create nothing. */
export const emptyFolder: Attack = {
  name: 'empty-folder',
  run: async (context) => {
    await Promise.all(COMMANDS.map((args) => check(args, context)));
  },
};

async function check(args: readonly string[], { main, findings }: AttackContext): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-abuse-'));
  const code = await run({ main, folder, args });
  const created = readdirSync(folder);
  rmSync(folder, { recursive: true, force: true });
  const command = `"${args.join(' ')}" in an empty folder`;
  findings.expect(code !== 0 && code !== null, `${command} exits with ${code}`);
  findings.expect(created.length === 0, `${command} creates ${created.join(', ')}`);
}
