import { isHangupIgnored } from './hangup.js';

const ignore = (): void => undefined;

/**
 * Overrides how Node handles two signals by default: SIGUSR1 would open a debugger to everyone on this machine, and SIGHUP
 * would end a process that was started with `nohup`. Call this before anything else.
 */
export function overrideSignalDefaults(): void {
  if (process.platform === 'win32') return;
  ignoreDebuggerSignal();
  if (isHangupIgnored()) process.on('SIGHUP', ignore);
}

/** Any listener replaces the one that would open the debugger. */
export function ignoreDebuggerSignal(): void {
  process.on('SIGUSR1', ignore);
}

/** The arguments that make a Node process ignore SIGUSR1 from the start, if this version of Node supports that. */
export function noDebuggerArguments(): string[] {
  const flag = '--disable-sigusr1';
  return process.allowedNodeEnvironmentFlags.has(flag) ? [flag] : [];
}
