import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nowMs } from '../../../src/process/time.js';

const ENDED_WITHIN_MS = 10_000;
const POLL_MS = 5;

/** Where PostgreSQL notes what runs on a folder, line by line. */
const ID_LINE = 0;
const PORT_LINE = 3;
const SOCKET_FOLDER_LINE = 4;
const SHARED_MEMORY_LINE = 6;

/** Sends a signal to all processes of the cluster whose data is in this folder. Does nothing if it is not running. */
export function signalProcesses(data: string, signal: 'SIGSTOP' | 'SIGCONT'): number[] {
  const first = Number(noteOf(data)[ID_LINE]);
  if (!(first > 0)) return [];
  // The first process starts the others, so it must stop before they are listed.
  if (signal === 'SIGSTOP') send(first, signal);
  const all = [first, ...childrenOf(first)];
  for (const id of all) send(id, signal);
  return all;
}

/** Kills all processes of a cluster, and frees what the kernel would keep for them. Returns when they have ended. */
export function endProcesses(data: string): void {
  const note = noteOf(data);
  const all = signalProcesses(data, 'SIGSTOP');
  for (const id of all) send(id, 'SIGKILL');
  const untilMs = nowMs() + ENDED_WITHIN_MS;
  while (all.some(isAlive) && nowMs() < untilMs) sleep(POLL_MS);
  if (all.length > 0) removeTraces(data, note);
}

/** If no one waits for the processes to end, they stay in the list of processes. PostgreSQL would think that they run. */
function removeTraces(data: string, note: readonly string[]): void {
  const [, memory] = (note[SHARED_MEMORY_LINE] ?? '').trim().split(/\s+/);
  if (memory !== undefined) spawnSync('ipcrm', ['-m', memory], { stdio: 'ignore' });
  const socket = join(note[SOCKET_FOLDER_LINE] ?? '', `.s.PGSQL.${note[PORT_LINE]}`);
  for (const path of [socket, `${socket}.lock`, join(data, 'postmaster.pid')]) rmSync(path, { force: true });
}

function noteOf(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function childrenOf(id: number): number[] {
  try {
    const list = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map(Number);
  } catch {
    return [];
  }
}

function send(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // It has ended.
  }
}

/** A process that has ended may be listed until its parent has taken notice. */
function isAlive(id: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${id}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Blocks this process, so that a cluster can also be ended while the process exits. */
function sleep(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
