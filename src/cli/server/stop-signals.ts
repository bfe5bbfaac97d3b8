import { isatty } from 'node:tty';
import { isHangupIgnored } from '../../process/hangup.js';

const ignore = (): void => undefined;

let signals: readonly NodeJS.Signals[] | null = null;

/**
 * The signals that stop the server. SIGHUP is one of them if the server runs in a terminal, because then it means that the
 * terminal was closed. Otherwise it is ignored: it is usually sent to reload a configuration, or to a process that `nohup`
 * should protect from it.
 */
export function stopSignals(): readonly NodeJS.Signals[] {
  return (signals ??= chooseSignals());
}

function chooseSignals(): readonly NodeJS.Signals[] {
  const isInTerminal = isatty(1) || isatty(2);
  if (isInTerminal && !isHangupIgnored()) return ['SIGTERM', 'SIGINT', 'SIGHUP'];
  process.on('SIGHUP', ignore);
  return ['SIGTERM', 'SIGINT'];
}
