import { isatty } from 'node:tty';
import { isHangupIgnored } from '../../process/hangup.js';

const ignore = (): void => undefined;

let signals: readonly NodeJS.Signals[] | null = null;

/**
 * The signals that stop the server. SIGHUP is one of them if the server runs in a terminal, because then it says that the
 * terminal has been closed. To other servers it is sent to have them read their configuration anew, or although `nohup` was to
 * protect them: there it is ignored.
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
