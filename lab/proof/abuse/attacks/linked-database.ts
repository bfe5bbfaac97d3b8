import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltServer } from '../../../kit/server/built-server.js';
import { Connection } from '../../../kit/http/connection.js';
import type { Attack, Stage } from '../attack.js';
import { SOON_MS, TOKENS } from '../abused-server.js';
import { run } from '../program.js';

interface Place {
  /** Where the server runs and the link is. */
  readonly folder: string;
  readonly link: string;
  readonly target: string;
}

/** A database behind a symbolic link is backed up and restored through it, and the link is made anew in between. */
export const linkedDatabase: Attack = {
  name: 'linked-database',
  run: async (stage) => {
    const root = mkdtempSync(join(tmpdir(), 'octostore-abuse-'));
    const place = {
      folder: join(root, 'app'),
      link: join(root, 'app/octostore.db'),
      target: join(root, 'disk/real.db'),
    };
    for (const folder of [place.folder, join(root, 'disk')]) mkdirSync(folder);
    try {
      await backUpAndRestore(place, stage);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

async function backUpAndRestore(place: Place, stage: Stage): Promise<void> {
  const { findings } = stage;
  symlinkSync(place.target, place.link);
  const tokens = [await grants(place, stage)];
  await command('backup', place, stage);
  tokens.push(await grants(place, stage));
  await command('restore', place, stage);
  findings.expect(lstatSync(place.link).isSymbolicLink(), 'a restore replaces the link to the database');
  tokens.push(await grants(place, stage));
  rmSync(place.link);
  symlinkSync(place.target, place.link);
  tokens.push(await grants(place, stage));
  const increase = tokens.every((token, at) => at === 0 || token > (tokens[at - 1] ?? 0));
  findings.expect(increase, `fencing tokens went back: ${tokens.join(', ')}`);
  findings.note({ 'fencing tokens before and after a restore through a link': tokens.join(', ') });
}

/** Resolves with the highest token of some grants by a server that runs on the link. */
async function grants({ folder, link }: Place, { main, findings }: Stage): Promise<number> {
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
    const { body } = await connection.post('/locks/linked/acquire', { ttl_seconds: 60 }, SOON_MS);
    highest = Number(body['fencing_token']);
    await connection.post('/locks/linked/release', { lease_id: body['lease_id'] }, SOON_MS);
  }
  connection.cut();
  findings.expect((await server.end('SIGTERM')) === 0, 'the server did not stop in order');
  return highest;
}

async function command(name: string, { folder, link }: Place, { main, findings }: Stage): Promise<void> {
  const code = await run({ main, folder, args: [name, 'copy.db'], settings: { DATABASE_URL: link } });
  findings.expect(code === 0, `${name} through a link ends with ${code}`);
}
