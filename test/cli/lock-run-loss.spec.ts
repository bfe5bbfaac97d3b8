import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { Installation } from '../support/process.js';
import { startServer, type TestServer } from '../support/server.js';
import { livingMembers, Rig, STUBBORN } from './cli-rig.js';

// Every test checks that no process of the command's group is alive when someone else gets the lock.

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

test.each([
  ['is cut', { cut: 'before', hang: false }],
  ['drops everything', { hang: true }],
] as const)('a network that %s ends the command before the lease', async (how, fault) => {
  const name = how.replaceAll(' ', '-');
  const rig = await Rig.start(server.url);
  const { run, group } = await rig.run(name, STUBBORN);
  const survivors = rig.survivorsAtGrant(name, group);
  rig.proxy.faults.add({ on: 'any', times: 'always', piece: 1, ...fault });
  expect(await survivors).toEqual([]);
  const { code, stderr } = await run.finish();
  expect(code).toBe(EXIT.lost);
  expect(stderr).toBe(
    `octostore: the lock ${name} is lost: it could not be renewed in time. sh was stopped.\n`,
  );
});

test.each(['SIGSTOP', 'SIGKILL'] as const)(
  'a server that gets %s ends the command before the lease',
  async (signal) => {
    const installation = new Installation();
    const stopped = await installation.start();
    const { run, group } = await (await Rig.start(stopped.url)).run('a', STUBBORN);
    stopped.program.signal(signal);
    const { code } = await run.finish();
    expect({ code, survivors: livingMembers(group) }).toEqual({ code: EXIT.lost, survivors: [] });
    stopped.program.signal('SIGCONT');
    const { url } = signal === 'SIGKILL' ? await installation.start() : stopped;
    expect(await (await Rig.start(url)).survivorsAtGrant('a', group)).toEqual([]);
  },
);

test.each(['SIGSTOP', 'SIGKILL'] as const)(
  'when octostore itself gets %s, its command is ended before the lease',
  async (signal) => {
    const rig = await Rig.start(server.url);
    const { run, group } = await rig.run(signal, STUBBORN);
    const survivors = rig.survivorsAtGrant(signal, group);
    run.signal(signal);
    expect(await survivors).toEqual([]);
    run.signal('SIGCONT');
    expect((await run.finish()).code).toBe(signal === 'SIGSTOP' ? EXIT.lost : null);
  },
);
