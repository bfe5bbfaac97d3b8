import { readdirSync, readFileSync } from 'node:fs';
import { OctoStoreClient } from '@octostore/client';
import { expect, onTestFinished } from 'vitest';
import { Proxy } from '../../lab/kit/proxy/proxy.js';
import { signalGroup } from '../../src/cli/client/run/process-group.js';
import { addressOf } from '../../lab/kit/http/connection.js';
import { ALICE, BOB, Installation, type Program, SOON } from '../support/process.js';

/** A command that prints the id of its process group. It ignores SIGTERM, and so does its child. */
export const STUBBORN = ['sh', '-c', `trap '' TERM; sleep 300 & echo "group $$"; sleep 300; sleep 300`];

/** A command that prints the id of its process group, and waits. */
export const COMPLIANT = ['sh', '-c', 'echo "group $$"; exec sleep 300'];

/** Runs `octostore` as Alice. */
export function octostore(
  args: readonly string[],
  url: string,
  settings: Record<string, string | undefined> = {},
): Program {
  const own = new Installation();
  return own.launch(args, {
    DATABASE_URL: undefined,
    STATIC_TOKENS: undefined,
    HOME: own.folder,
    OCTOSTORE_BASE_URL: url,
    OCTOSTORE_TOKEN: ALICE,
    ...settings,
  });
}

/** The process group of the command that a program runs. The group and its guardian must end with the test. */
export async function groupOf(program: Program): Promise<number> {
  const [, text] = await program.printed(/^group (\d+)$/m);
  const group = Number(text);
  const guardian = membersOf(group).find(({ pid }) => pid === group)?.parent;
  onTestFinished(async () => {
    try {
      await expectGone(group);
      if (guardian !== undefined) await expectGone(guardian);
    } finally {
      signalGroup(group, 'SIGKILL');
    }
  });
  return group;
}

interface Member {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

/** The processes of a group, including zombies. */
export function membersOf(group: number): Member[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const [state = '', parent, itsGroup] = statOf(pid);
      return Number(itsGroup) === group ? [{ pid: Number(pid), parent: Number(parent), state }] : [];
    });
}

/** The fields of a process in /proc that follow its name: state, parent, group. Empty if the process has ended. */
function statOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  } catch {
    return [];
  }
}

/** The processes of a group that are alive. */
export function livingMembers(group: number): Member[] {
  return membersOf(group).filter(({ state }) => state !== 'Z');
}

/** Waits until a group has no living process. */
export async function expectGone(group: number): Promise<void> {
  await expect.poll(() => livingMembers(group), SOON).toEqual([]);
}

/** A proxy to a server, which can inject faults. */
export class Rig {
  private constructor(
    readonly serverUrl: string,
    readonly proxy: Proxy,
  ) {}

  static async start(serverUrl: string): Promise<Rig> {
    const proxy = await Proxy.start(() => addressOf(serverUrl));
    onTestFinished(() => proxy.down());
    return new Rig(serverUrl, proxy);
  }

  /** Runs a command under a lock as Alice, through the proxy, and waits until it has printed its group. */
  async run(
    name: string,
    command: readonly string[],
    ttl = '3s',
  ): Promise<{ readonly run: Program; readonly group: number }> {
    const run = octostore(['lock', 'run', name, '--ttl', ttl, '--', ...command], this.proxy.url);
    return { run, group: await groupOf(run) };
  }

  /** Waits for a lock as another client does, and returns the members of a group that are alive when it is granted. */
  async survivorsAtGrant(name: string, group: number): Promise<Member[]> {
    const client = new OctoStoreClient({ baseUrl: this.serverUrl, token: BOB });
    const { leaseId } = await client.acquire(name, { ttlSeconds: 60, waitSeconds: 60 });
    const survivors = livingMembers(group);
    await client.release(name, leaseId);
    return survivors;
  }
}

/** The guardian of a command. It is the parent of the group leader, and has its own group. */
export function guardianOf(group: number): number {
  const leader = membersOf(group).find(({ pid }) => pid === group);
  if (leader === undefined) throw new Error(`the group ${group} has no leader`);
  return leader.parent;
}

/** What every user of the machine can read about a process: its name and arguments. */
export function commandLineOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
}
