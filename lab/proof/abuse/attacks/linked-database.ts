import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltServer } from '../../../kit/server/built-server.js';
import { Connection } from '../../../kit/http/connection.js';
import type { Attack, AttackContext } from '../attack.js';
import { EVENTUALLY_MS, TOKENS } from '../abused-server.js';
import { run } from '../program.js';

interface Paths {
  /** The server's working folder, which holds the link. */
  readonly folder: string;
  readonly link: string;
  readonly target: string;
}

/** Backs up and restores a database through a symbolic link, and replaces the link. */
export const linkedDatabase: Attack = {
  name: 'linked-database',
  run: async (context) => {
    const root = mkdtempSync(join(tmpdir(), 'octostore-abuse-'));
    const paths = {
      folder: join(root, 'app'),
      link: join(root, 'app/octostore.db'),
      target: join(root, 'disk/real.db'),
    };
    for (const folder of [paths.folder, join(root, 'disk')]) mkdirSync(folder);
    try {
      await backUpAndRestore(paths, context);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

async function backUpAndRestore(paths: Paths, context: AttackContext): Promise<void> {
  const { findings } = context;
  symlinkSync(paths.target, paths.link);
  const tokens = [await highestToken(paths, context)];
  await command('backup', paths, context);
  tokens.push(await highestToken(paths, context));
  await command('restore', paths, context);
  findings.expect(lstatSync(paths.link).isSymbolicLink(), 'a restore replaces the link to the database');
  tokens.push(await highestToken(paths, context));
  rmSync(paths.link);
  symlinkSync(paths.target, paths.link);
  tokens.push(await highestToken(paths, context));
  const increase = tokens.every((token, at) => at === 0 || token > (tokens[at - 1] ?? 0));
  findings.expect(increase, `fencing tokens decreased: ${tokens.join(', ')}`);
  findings.addFigures({ 'fencing tokens before and after a restore through a link': tokens.join(', ') });
}

/** Starts a server on the link. Resolves with the highest fencing token of some grants. */
async function highestToken({ folder, link }: Paths, { main, findings }: AttackContext): Promise<number> {
  const settings = { DATABASE_URL: link, STATIC_TOKENS: `honest:${TOKENS.honest}` };
  const server = new BuiltServer(settings, { main, folder });
  try {
    await server.start();
  } catch (error) {
    await server.end();
    throw error;
  }
  const connection = new Connection(() => server.address, TOKENS.honest);
  let highest = 0;
  for (let count = 0; count < 20; count += 1) {
    const { body } = await connection.post('/locks/linked/acquire', { ttl_seconds: 60 }, EVENTUALLY_MS);
    highest = Number(body['fencing_token']);
    await connection.post('/locks/linked/release', { lease_id: body['lease_id'] }, EVENTUALLY_MS);
  }
  connection.cut();
  findings.expect((await server.end('SIGTERM')) === 0, 'the server did not shut down cleanly');
  return highest;
}

async function command(
  name: string,
  { folder, link }: Paths,
  { main, findings }: AttackContext,
): Promise<void> {
  const code = await run({ main, folder, args: [name, 'copy.db'], settings: { DATABASE_URL: link } });
  findings.expect(code === 0, `${name} through a link exits with ${code}`);
}
