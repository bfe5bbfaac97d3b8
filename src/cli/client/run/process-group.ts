import { readdirSync, readFileSync } from 'node:fs';

/** Sends a signal to every process of a group. It is not an error if the group has ended or belongs to another user. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  errorOfKill(group, signal);
}

/** Whether any process of the group is alive. Zombies do not count. */
export function isGroupAlive(group: number): boolean {
  const error = errorOfKill(group, 0);
  if (error !== null) return error !== 'ESRCH';
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .some((pid) => isLivingMember(pid, group));
  } catch {
    return true; // Not Linux. What we cannot inspect counts as alive.
  }
}

/**
 * The group of a running process that was started with all of these environment variables. Null if there is none, or if the
 * system does not say.
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
    return false; // It has ended, or belongs to another user.
  }
}

/** The system's error code. Null on success. */
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
    return false; // It has ended meanwhile.
  }
}

function groupOf(pid: string): number {
  return Number(statOf(pid)[2]);
}

/** The fields that Linux lists for a process after its name: state, parent, group, and so on. */
function statOf(pid: string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name is in parentheses and may contain some itself, so the fields begin after the last one.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
