import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LeanConnection } from '../../../src/bench/load/lean-connection.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { alone, PeerMissing, type RunningPeer } from './peer.js';

const HOST = '127.0.0.1';
const READY_WITHIN_MS = 20_000;
const POLL_MS = 50;

/** Where a peer's process listens and keeps its files. */
export interface Place {
  readonly host: string;
  readonly ports: readonly [number, number];
  readonly folder: string;
}

/** Starts a program with free ports and its own folder. Throws `PeerMissing` if the program is not installed. */
export async function startProgram(
  program: string,
  argsOf: (place: Place) => string[],
  howToInstall: string,
): Promise<RunningPeer> {
  const place = await newPlace();
  return startProgramAt(place, program, argsOf(place), howToInstall);
}

/** Free ports, and a new folder. */
export async function newPlace(): Promise<Place> {
  return { host: HOST, ports: [await freePort(), await freePort()], folder: newFolder() };
}

export async function startProgramAt(
  place: Place,
  program: string,
  args: readonly string[],
  howToInstall: string,
): Promise<RunningPeer> {
  const { folder } = place;
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  const peer = running(child, folder, place.ports[0]);
  try {
    await Promise.race([
      accepts(place.ports[0]),
      endOf(child, `${program} is not installed. To install it: ${howToInstall}`),
    ]);
  } catch (error) {
    await peer.stop();
    throw error;
  }
  return peer;
}

/** Starts a script from this folder. The script must send its port to its parent. */
export async function startScript(script: string): Promise<RunningPeer> {
  const folder = newFolder();
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [folder], { cwd: folder });
  const [port] = (await Promise.race([
    once(child, 'message'),
    endOf(child, `${script} ended before it was ready`),
  ])) as [number];
  return running(child, folder, port);
}

function running(child: ChildProcess, folder: string, port: number): RunningPeer {
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const target = { host: HOST, port, isSecure: false, basePath: '', token: 'unused' };
  return alone({ target, processId: child.pid ?? 0 }, async () => {
    process.off('exit', kill);
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      kill();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Rejects when the process ends or cannot be started. */
async function endOf(child: ChildProcess, message: string): Promise<never> {
  const [code] = (await once(child, 'exit').catch(() => {
    throw new PeerMissing(message);
  })) as unknown[];
  throw new Error(`${child.spawnfile} ended with ${String(code)}`);
}

async function accepts(port: number): Promise<void> {
  const startedMs = nowMs();
  for (;;) {
    try {
      (await LeanConnection.open({ host: HOST, port })).close();
      return;
    } catch (error) {
      if (nowMs() - startedMs > READY_WITHIN_MS) throw error;
      await pause(POLL_MS);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'octostore-bench-'));
}
