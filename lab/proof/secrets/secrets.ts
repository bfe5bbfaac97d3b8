import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubDouble } from '../../kit/doubles/github-double.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Figures, type Proof } from '../proof.js';
import { useApi, readPublic, newCanaries, newSecret, rotate } from './use-api.js';
import { ServerFolder } from './server-folder.js';
import { sendMisplaced } from './misplaced.js';
import { findingsIn, Secret, type Source } from './secret.js';
import { expectCanaries, expectFindings } from './self-test.js';
import { settingsFor, signIn } from './sign-ins.js';
import { ApiClient } from './api-client.js';

const DATABASE = 'octostore.db';
const TOKEN_WITHIN_MS = 30_000;
const LOG_ALL = { LOG_LEVEL: 'trace', LOG_FORMAT: 'json', WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' };

/** What one server with secrets left behind. */
interface Result {
  readonly secrets: readonly Secret[];
  readonly sources: readonly Source[];
  readonly answers: number;
  readonly findings: readonly string[];
}

/** Handles all kinds of secrets, rightly and wrongly, and then searches for them everywhere. */
export const secrets: Proof = {
  name: 'secrets',
  claim: 'Secrets are unreadable in the database, in backups, in logs and in answers to others.',
  async run({ reportProgress }): Promise<Figures> {
    const configured = await configuredServer();
    reportProgress(`${configured.secrets.length} secrets of a configured server`);
    const unconfigured = await unconfiguredServer();
    const results = [configured, unconfigured];
    const findings = results.flatMap((result) => result.findings);
    if (findings.length > 0) throw new ClaimBroken(findings.slice(0, 20).join('\n'));
    const sources = results.flatMap((result) => result.sources);
    const bytes = sources.reduce((sum, { content }) => sum + content.length, 0);
    return {
      secrets: results.reduce((sum, result) => sum + result.secrets.length, 0),
      'forms of each': new Set(newSecret('any', 'other').traces.map(({ form }) => form)).size,
      'files, runs and commands searched': sources.length,
      'bytes searched': bytes,
      'answers searched': results.reduce((sum, { answers }) => sum + answers, 0),
      'control: planted secrets that were found': expectFindings(sources),
      found: 0,
    };
  },
};

/** A server with static tokens, GitHub, an admin key and a generated key. It is killed, backed up and restored. */
async function configuredServer(): Promise<Result> {
  const gitHub = await GitHubDouble.start();
  const elsewhere = mkdtempSync(join(tmpdir(), 'octostore-proof-'));
  const [alice, bob, adminKey] = [
    newSecret('a token of STATIC_TOKENS', 'token'),
    newSecret('a token of STATIC_TOKENS_FILE', 'token'),
    newSecret('the admin key', 'other'),
  ];
  const file = join(elsewhere, 'tokens');
  writeFileSync(file, `bob:${bob.text}\n`);
  const folder = new ServerFolder({
    ...LOG_ALL,
    ...settingsFor(gitHub),
    STATIC_TOKENS: `alice:${alice.text}`,
    STATIC_TOKENS_FILE: file,
    ADMIN_KEY: adminKey.text,
  });
  try {
    const canaries = newCanaries();
    const client = new ApiClient(() => folder.server.url);
    await folder.server.start();
    const known = [alice, bob, adminKey, ...(await signIn(folder.server, gitHub))];
    known.push(
      new Secret(
        'the key that the server generated',
        'key',
        readFileSync(folder.path(`${DATABASE}.key`), 'utf8').trim(),
      ),
    );
    known.push(...(await useApi(client, alice.text, canaries)), await rotate(client, bob.text));
    const access = { token: alice.text, adminKey: adminKey.text };
    for (const secret of known) await sendMisplaced(client, secret, access);
    await readPublic(client, bob.text, adminKey.text);
    await folder.command('backup', 'backup.db');
    const running = folder.sources;
    await folder.stop('SIGKILL');
    const killed = folder.sources;
    await folder.server.start();
    known.push(...(await useApi(client, alice.text, canaries)));
    await readPublic(client, alice.text, adminKey.text);
    await folder.stop('SIGTERM');
    await folder.command('restore', 'backup.db');
    const sources = [...named(running, 'running'), ...named(killed, 'killed'), ...folder.sources];
    expectCanaries(sources, canaries, [DATABASE, `${DATABASE}-wal`, 'backup.db']);
    const findings = [...findingsIn(sources, known), ...client.findings(known), ...folder.openFiles];
    return { secrets: known, sources, answers: client.exchanges.length, findings };
  } finally {
    await folder.remove();
    await gitHub.close();
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

/** A server with only a key. The first start writes a token to a file, which is deleted once the token has been used. */
async function unconfiguredServer(): Promise<Result> {
  const key = newSecret('SECRET_KEY', 'other');
  const folder = new ServerFolder({ ...LOG_ALL, STATIC_TOKENS: '', SECRET_KEY: key.text });
  try {
    const canaries = newCanaries();
    const client = new ApiClient(() => folder.server.url);
    await folder.server.start();
    const token = await tokenOf(folder);
    const known = [key, token, ...(await useApi(client, token.text, canaries))];
    for (const secret of known) await sendMisplaced(client, secret, { token: token.text, adminKey: '' });
    await folder.stop('SIGKILL');
    await folder.server.start();
    known.push(await rotate(client, token.text));
    await folder.stop('SIGTERM');
    const { sources } = folder;
    const findings = [...findingsIn(sources, known), ...client.findings(known), ...folder.openFiles];
    return {
      secrets: known,
      sources: named(sources, 'unconfigured'),
      answers: client.exchanges.length,
      findings,
    };
  } finally {
    await folder.remove();
  }
}

async function tokenOf(folder: ServerFolder): Promise<Secret> {
  const path = folder.path(`${DATABASE}.first-token`);
  const untilMs = nowMs() + TOKEN_WITHIN_MS;
  for (;;) {
    // The file appears once it is complete. The log mentions it once the server waits for its use.
    if (folder.server.output.includes('.first-token') && existsSync(path)) {
      return new Secret('the token of the first start', 'token', readFileSync(path, 'utf8').trim());
    }
    if (nowMs() > untilMs) throw new Error(`the server created no token\n${folder.server.output}`);
    await pause(20);
  }
}

function named(sources: readonly Source[], when: string): Source[] {
  return sources.map((source) => ({ ...source, name: `${source.name} (${when})` }));
}
