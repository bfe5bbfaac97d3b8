import { isHangupIgnored } from './hangup.js';

const ignore = (): void => undefined;

/**
 * Undoes what Node does with signals before it runs a program: SIGUSR1 would open a debugger to everybody on this machine, and
 * SIGHUP would end a process that `nohup` has started. To be called before anything else.
 */
export function settleSignals(): void {
  if (process.platform === 'win32') return;
  keepDebuggerShut();
  if (isHangupIgnored()) process.on('SIGHUP', ignore);
}

/** A listener of any kind takes the place of the one that would open the debugger. */
export function keepDebuggerShut(): void {
  process.on('SIGUSR1', ignore);
}

/** What a process of Node must be started with to ignore SIGUSR1 from its first instant, where Node can do that. */
export function debuggerShutArguments(): string[] {
  const flag = '--disable-sigusr1';
  return process.allowedNodeEnvironmentFlags.has(flag) ? [flag] : [];
}
