import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { SOON } from '../support/process.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';
import { commandLineOf, groupOf, guardianOf, COMPLIANT, membersOf, octostore } from './cli-rig.js';

let server: TestServer;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

function lockRun(name: string, command: readonly string[], options: readonly string[] = []) {
  return octostore(['lock', 'run', name, ...options, '--', ...command], server.url);
}

async function statusOf(name: string): Promise<string> {
  return (await bob.lockStatus(name)).status;
}

test('the command runs while the lock is held, receives the fencing token, and gets its arguments unchanged', async () => {
  const script =
    'echo "$OCTOSTORE_LOCK $OCTOSTORE_FENCING_TOKEN $OCTOSTORE_LEASE_ID" "$0" "$@"; echo out >&2';
  const run = lockRun(
    'known',
    ['sh', '-c', script, '--ttl', 'a  b', '*', '--', '-h'],
    ['--metadata', 'note'],
  );
  const { code, stdout, stderr } = await run.finish();
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'out\n' });
  expect(stdout).toMatch(/^known \d+ [0-9a-f-]{36} --ttl a {2}b \* -- -h\n$/);
  expect(await statusOf('known')).toBe('available');
  const { fencingToken } = await bob.acquire('known');
  expect(fencingToken).toBeGreaterThan(Number(stdout.split(' ')[1]));
});

test('the command gets the token only if it is passed on', async () => {
  const show = ['sh', '-c', 'echo "[$OCTOSTORE_TOKEN]"'];
  expect((await lockRun('secretive', show).finish()).stdout).toBe('[]\n');
  expect((await lockRun('open', show, ['--pass-token']).finish()).stdout).toBe(`[${ALICE}]\n`);
});

test('renewals let a command run for longer than the TTL', async () => {
  const { code, stderr } = await lockRun('long', ['sleep', '4'], ['--ttl', '3s']).finish();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('the exit code is that of the command, or the one that a shell uses if there is none', async () => {
  const runs = {
    'exit 7': EXIT.ok + 7,
    'kill -9 $$': EXIT.signal + 9,
    'exit 76': EXIT.lost,
  };
  const codes = Object.keys(runs).map((script) =>
    lockRun(script.replaceAll(/\W/g, ''), ['sh', '-c', script]),
  );
  const [missing, notAProgram] = [lockRun('m', ['octostore-nonesuch']), lockRun('n', ['/etc/passwd'])];
  expect(await Promise.all(codes.map(async (run) => (await run.finish()).code))).toEqual(Object.values(runs));
  expect(await missing.finish()).toMatchObject({
    code: EXIT.commandNotFound,
    stderr: 'octostore: octostore-nonesuch: command not found.\n',
  });
  expect(await notAProgram.finish()).toMatchObject({ code: EXIT.cannotRun });
  for (const file of ['', '/etc/passwd/program', 'x'.repeat(300)]) {
    const { code, stderr } = await lockRun('o', [file]).finish();
    expect(code).toBe(EXIT.cannotRun);
    expect(stderr).toMatch(/^octostore: [^\n]*: cannot be run \([A-Z_]+\)\.\n$/);
  }
  expect(await statusOf('m')).toBe('available');
});

test('signals are forwarded to the command, which decides how to handle them', async () => {
  const names = ['TERM', 'INT', 'HUP', 'QUIT', 'USR1', 'WINCH', 'CONT'];
  const traps = `for s in ${names.join(' ')}; do trap "echo got $s" $s; done; trap 'exit 5' USR2`;
  const run = lockRun('signals', [
    'bash',
    '-c',
    `${traps}; echo "group $$"; while :; do read -rt 0.02 <> <(:); done`,
  ]);
  await groupOf(run);
  for (const name of names) {
    run.signal(`SIG${name}` as NodeJS.Signals);
    await run.printed(new RegExp(`^got ${name}$`, 'm'));
  }
  run.signal('SIGUSR2');
  expect((await run.finish()).code).toBe(5);
});

test('if a signal ends the command, the exit code is 128 plus its number, and the lock is released', async () => {
  const run = lockRun('ended', COMPLIANT);
  const group = await groupOf(run);
  expect(await statusOf('ended')).toBe('held');
  const guardian = guardianOf(group);
  // The guardian must survive a supervisor that sends SIGTERM to every process.
  process.kill(guardian, 'SIGTERM');
  expect(membersOf(guardian)).toHaveLength(1);
  run.signal('SIGTERM');
  expect((await run.finish()).code).toBe(EXIT.signal + 15);
  expect(await statusOf('ended')).toBe('available');
});

test('Ctrl-Z also pauses the command, which continues when octostore does', async () => {
  const run = lockRun('stopped', COMPLIANT);
  const group = await groupOf(run);
  run.signal('SIGTSTP');
  await expect.poll(() => membersOf(group).map(({ state }) => state), SOON).toEqual(['T']);
  run.signal('SIGCONT');
  await expect.poll(() => membersOf(group).map(({ state }) => state), SOON).toEqual(['S']);
  run.signal('SIGINT');
  expect((await run.finish()).code).toBe(EXIT.signal + 2);
});

test('if the lock is held, the message shows its holder and when it expires, and nothing is run', async () => {
  const { expiresAt } = await bob.acquire('taken', { ttlSeconds: 600 });
  const { code, stdout, stderr } = await lockRun('taken', ['echo', 'ran']).finish();
  expect({ code, stdout }).toEqual({ code: EXIT.notAcquired, stdout: '' });
  expect(stderr).toContain(
    `octostore: The lock "taken" is held by bob (until ${expiresAt.toISOString().replace(/\.\d+Z/, 'Z')}). Wait for it with --wait`,
  );
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the wait, and nothing stays held', async (signal) => {
  const name = `wait-${signal}`;
  const { leaseId } = await bob.acquire(name, { ttlSeconds: 600 });
  const run = lockRun(name, ['echo', 'ran'], ['--wait', '10m']);
  await expect.poll(async () => (await bob.lockStatus(name)).waiters, SOON).toBe(1);
  run.signal(signal);
  const { code, stdout, stderr } = await run.finish();
  expect({ code, stdout, stderr }).toEqual({
    code: EXIT.signal + (signal === 'SIGTERM' ? 15 : 2),
    stdout: '',
    stderr: '',
  });
  await expect.poll(async () => (await bob.lockStatus(name)).waiters, SOON).toBe(0);
  await bob.release(name, leaseId);
  expect(await statusOf(name)).toBe('available');
});

test('a grace that leaves no time for renewals is a usage error', async () => {
  const { code, stderr } = await lockRun('a', ['true'], ['--ttl', '10s', '--grace', '4.5']).finish();
  expect(code).toBe(EXIT.usage);
  expect(stderr).toBe(
    'octostore: A grace of 4.5 s leaves no time for renewals within a TTL of 10 s. Give at most 4 s, or a longer TTL.\n',
  );
});

test('no process has the token among its arguments', async () => {
  const run = lockRun('secretive', COMPLIANT);
  const group = await groupOf(run);
  for (const pid of [run.pid, guardianOf(group), group]) expect(commandLineOf(pid)).not.toContain(ALICE);
  run.signal('SIGTERM');
  expect((await run.finish()).stderr).toBe('');
});
