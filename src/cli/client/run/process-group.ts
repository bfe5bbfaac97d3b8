import { readdirSync, readFileSync } from 'node:fs';

/** Sends a signal to every process of a group. A group that is gone, or of another user, is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  errorOfKill(group, signal);
}

/** Whether a process of the group is alive. One that has ended and that nobody has waited for does not count. */
export function isGroupAlive(group: number): boolean {
  const error = errorOfKill(group, 0);
  if (error !== null) return error !== 'ESRCH';
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .some((pid) => isLivingMember(pid, group));
  } catch {
    return true; // No Linux: what cannot be looked at counts as alive.
  }
}

/**
 * The group of a living process that was started with all of these variables; null if there is none, or if the system does not
 * tell.
 */
export function groupWithVariables(variables: Readonly<Record<string, string>>): number | null {
  const wanted = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  try {
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && hasVariables(name, wanted));
    return pid === undefined ? null : groupOf(pid);
  } catch {
    return null;
  }
}

function hasVariables(pid: string, wanted: readonly string[]): boolean {
  try {
    const variables = new Set(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'));
    return wanted.every((variable) => variables.has(variable));
  } catch {
    return false; // It has ended, or is somebody else's.
  }
}

/** The code of the system's error; null for success. */
function errorOfKill(group: number, signal: NodeJS.Signals | 0): string | null {
  try {
    process.kill(-group, signal);
    return null;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function isLivingMember(pid: string, group: number): boolean {
  try {
    const [state, , itsGroup] = statOf(pid);
    return Number(itsGroup) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false; // It has ended since.
  }
}

function groupOf(pid: string): number {
  return Number(statOf(pid)[2]);
}

/** What Linux says of a process after its name: state, parent, group. */
function statOf(pid: string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name in parentheses may hold anything, so what counts comes after the last of them.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
