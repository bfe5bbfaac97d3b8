import { expect, test } from 'vitest';
import { secretCheckOf } from '../../../src/secrets/secret-check.js';
import { receiverSettings, StoredSecrets } from '../../secrets/stored-secrets.js';
import type { Installation, ServerProcess } from '../../support/process.js';
import { postgresInstallation } from './installation.js';

const OLD = 'the-old-secret-key-of-more-than-32-characters';
const NEW = 'the-new-secret-key-of-more-than-32-characters';
const BOTH = `${NEW},${OLD}`;

/** Longer than a take-over from a server that was killed. */
const TAKE_OVER_MS = 30_000;

async function start(installation: Installation, SECRET_KEY: string): Promise<ServerProcess> {
  return installation.start({ SECRET_KEY });
}

async function standby(installation: Installation, SECRET_KEY: string): Promise<ServerProcess> {
  const server = await start(installation, SECRET_KEY);
  await server.program.printed(/Another server leads on this database/);
  return server;
}

/** Stops a leader, so that a standby leads. */
async function handOver(from: ServerProcess, to: ServerProcess): Promise<void> {
  expect(await from.kill('SIGTERM')).toMatchObject({ code: 0 });
  await to.program.printed(/This server leads/, TAKE_OVER_MS);
}

async function statusWith(installation: Installation, SECRET_KEY: string): Promise<string> {
  return (await installation.run(['cluster', 'status'], { SECRET_KEY })).stdout;
}

/** How a start with this key is refused. */
async function refusalOf(installation: Installation, SECRET_KEY: string): Promise<string> {
  const { code, stderr } = await installation.run([], { SECRET_KEY });
  expect(code).toBe(78);
  return stderr;
}

test('two servers get a new key one after another, and lose nothing', async () => {
  const { installation } = await postgresInstallation(receiverSettings());
  const first = await start(installation, OLD);
  const secrets = await StoredSecrets.on(first);

  // The standby has both keys, and forwards to a leader that has the old one.
  const second = await standby(installation, BOTH);
  await secrets.expectUsedBy(second);
  expect(await statusWith(installation, BOTH)).toContain('encrypted with a later key of SECRET_KEY');
  expect(await installation.run(['token', 'create', 'ada'], { SECRET_KEY: BOTH })).toMatchObject({ code: 0 });

  await handOver(first, second);
  expect(second.program.stdout).toMatch(/"webhooksEncryptedAgain":1,"proofKeysEncryptedAgain":1/);
  await secrets.expectUsedBy(second);
  expect(await refusalOf(installation, OLD)).toContain('SECRET_KEY: is not the key of the other servers');
  expect(await refusalOf(installation, `${OLD}x`)).toContain('SECRET_KEY: is not the key');
  const third = await standby(installation, BOTH);
  expect(await statusWith(installation, BOTH)).toMatch(
    /first key of every server, you can remove the others/,
  );

  // Then both get the new key only.
  await third.kill('SIGTERM');
  const fourth = await standby(installation, NEW);
  await secrets.expectUsedBy(fourth);
  await handOver(second, fourth);
  await secrets.expectUsedBy(fourth);
  expect(await installation.run(['token', 'create', 'bea'], { SECRET_KEY: NEW })).toMatchObject({ code: 0 });
});

test('a standby without the new key ends instead of leading, and another one can lead', async () => {
  const { installation, database } = await postgresInstallation({ SECRET_KEY: OLD });
  const leader = await start(installation, OLD);
  const outdated = await standby(installation, OLD);
  const checks = [await secretCheckOf(OLD), await secretCheckOf(NEW)].join(' ');
  await database.query(`update server set secret_check = '${checks}'`);
  await leader.kill('SIGTERM');
  const { code, stderr } = await outdated.program.finish();
  expect(code).toBe(78);
  expect(stderr).toContain('SECRET_KEY: lacks a key that the other servers have');
  const next = await start(installation, BOTH);
  await next.program.printed(/This server leads/, TAKE_OVER_MS);
  expect(await statusWith(installation, NEW)).toContain('leader');
});
