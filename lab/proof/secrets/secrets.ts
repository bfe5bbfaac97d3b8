import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubDouble } from '../../kit/doubles/github-double.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Figures, type Proof } from '../proof.js';
import { liveALife, lookAround, newCanaries, newSecret, rotate } from './deeds.js';
import { Household } from './household.js';
import { misplace } from './misplaced.js';
import { findingsIn, Secret, type Place } from './secret.js';
import { expectCanaries, expectFindings } from './self-test.js';
import { settingsFor, signIn } from './sign-ins.js';
import { Witness } from './witness.js';

const DATABASE = 'octostore.db';
const TOLD_WITHIN_MS = 30_000;
const LOG_ALL = { LOG_LEVEL: 'trace', LOG_FORMAT: 'json', WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' };

/** What a story of secrets came to. */
interface Ending {
  readonly secrets: readonly Secret[];
  readonly places: readonly Place[];
  readonly answers: number;
  readonly findings: readonly string[];
}

/** Secrets of all kinds, handled rightly and wrongly, and then looked for everywhere. */
export const secrets: Proof = {
  name: 'secrets',
  claim: 'secrets are unreadable in the database, in backups, in logs and in the answers to anybody else',
  async run({ tell }): Promise<Figures> {
    const configured = await configuredServer();
    tell(`${configured.secrets.length} secrets of a configured server`);
    const newcomer = await newcomersServer();
    const endings = [configured, newcomer];
    const findings = endings.flatMap((ending) => ending.findings);
    if (findings.length > 0) throw new ClaimBroken(findings.slice(0, 20).join('\n'));
    const places = endings.flatMap((ending) => ending.places);
    const bytes = places.reduce((sum, { content }) => sum + content.length, 0);
    return {
      secrets: endings.reduce((sum, ending) => sum + ending.secrets.length, 0),
      'forms of each': new Set(newSecret('any', 'other').traces.map(({ form }) => form)).size,
      'files, runs and commands searched': places.length,
      'bytes searched': bytes,
      'answers searched': endings.reduce((sum, { answers }) => sum + answers, 0),
      'planted secrets that were found': expectFindings(places),
      found: 0,
    };
  },
};

/** Static tokens, GitHub, an admin key, and a key that the server makes itself; killed, backed up and restored. */
async function configuredServer(): Promise<Ending> {
  const gitHub = await GitHubDouble.start();
  const elsewhere = mkdtempSync(join(tmpdir(), 'octostore-proof-'));
  const [alice, bob, adminKey] = [
    newSecret('a token of STATIC_TOKENS', 'token'),
    newSecret('a token of STATIC_TOKENS_FILE', 'token'),
    newSecret('the admin key', 'other'),
  ];
  const file = join(elsewhere, 'tokens');
  writeFileSync(file, `bob:${bob.text}\n`);
  const house = new Household({
    ...LOG_ALL,
    ...settingsFor(gitHub),
    STATIC_TOKENS: `alice:${alice.text}`,
    STATIC_TOKENS_FILE: file,
    ADMIN_KEY: adminKey.text,
  });
  try {
    const canaries = newCanaries();
    const witness = new Witness(() => house.server.url);
    await house.server.start();
    const known = [alice, bob, adminKey, ...(await signIn(house.server, gitHub))];
    known.push(
      new Secret(
        'the key that the server made',
        'key',
        readFileSync(house.path(`${DATABASE}.key`), 'utf8').trim(),
      ),
    );
    known.push(...(await liveALife(witness, alice.text, canaries)), await rotate(witness, bob.text));
    const access = { token: alice.text, adminKey: adminKey.text };
    for (const secret of known) await misplace(witness, secret, access);
    await lookAround(witness, bob.text, adminKey.text);
    await house.command('backup', 'backup.db');
    const running = house.places;
    await house.stop('SIGKILL');
    const killed = house.places;
    await house.server.start();
    known.push(...(await liveALife(witness, alice.text, canaries)));
    await lookAround(witness, alice.text, adminKey.text);
    await house.stop('SIGTERM');
    await house.command('restore', 'backup.db');
    const places = [...named(running, 'running'), ...named(killed, 'killed'), ...house.places];
    expectCanaries(places, canaries, [DATABASE, `${DATABASE}-wal`, 'backup.db']);
    const findings = [...findingsIn(places, known), ...witness.findings(known), ...house.openFiles];
    return { secrets: known, places, answers: witness.exchanges.length, findings };
  } finally {
    await house.remove();
    await gitHub.close();
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

/** Nothing but a key: the first start tells a token, in a file that is gone as soon as it has been used. */
async function newcomersServer(): Promise<Ending> {
  const key = newSecret('SECRET_KEY', 'other');
  const house = new Household({ ...LOG_ALL, STATIC_TOKENS: '', SECRET_KEY: key.text });
  try {
    const canaries = newCanaries();
    const witness = new Witness(() => house.server.url);
    await house.server.start();
    const token = await tokenOf(house);
    const known = [key, token, ...(await liveALife(witness, token.text, canaries))];
    for (const secret of known) await misplace(witness, secret, { token: token.text, adminKey: '' });
    await house.stop('SIGKILL');
    await house.server.start();
    known.push(await rotate(witness, token.text));
    await house.stop('SIGTERM');
    const { places } = house;
    const findings = [...findingsIn(places, known), ...witness.findings(known), ...house.openFiles];
    return {
      secrets: known,
      places: named(places, 'of a newcomer'),
      answers: witness.exchanges.length,
      findings,
    };
  } finally {
    await house.remove();
  }
}

async function tokenOf(house: Household): Promise<Secret> {
  const path = house.path(`${DATABASE}.first-token`);
  const untilMs = nowMs() + TOLD_WITHIN_MS;
  for (;;) {
    // Its name is there only when it is complete; the log names it once its use is waited for.
    if (house.server.output.includes('.first-token') && existsSync(path)) {
      return new Secret('the token of the first start', 'token', readFileSync(path, 'utf8').trim());
    }
    if (nowMs() > untilMs) throw new Error(`no token was told\n${house.server.output}`);
    await pause(20);
  }
}

function named(places: readonly Place[], when: string): Place[] {
  return places.map((place) => ({ ...place, name: `${place.name} (${when})` }));
}
