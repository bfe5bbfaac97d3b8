import { Logger } from '@nestjs/common';
import { EXIT } from '../shared/exit-codes.js';
import { exitAfterLog } from './exit-after-log.js';
import { stopSignals } from './stop-signals.js';

/**
 * How long requests under way may take to finish at a stop, in milliseconds. Longer than any commit, but short enough that no
 * supervisor kills the process first.
 */
export const FINISH_MS = 5_000;

const logger = new Logger('Server');

/**
 * Exits at once if the process is told to stop while it starts, because it has served no one yet. Returns a function that
 * undoes this.
 */
export function exitOnSignal(): () => void {
  const signals = stopSignals();
  for (const signal of signals) process.on(signal, exitAtOnce);
  return () => {
    for (const signal of signals) process.off(signal, exitAtOnce);
  };
}

function exitAtOnce(): void {
  exitAfterLog(EXIT.ok);
}

/** Runs `stop` when the process is told to stop, then exits. Signals after the first change nothing. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.log({ message: 'Stopping', signal });
    void stopAndExit(stop);
  };
  for (const signal of stopSignals()) process.on(signal, onSignal);
}

async function stopAndExit(stop: () => Promise<void>): Promise<void> {
  try {
    await stop();
    logger.log('Stopped');
    exitAfterLog(EXIT.ok);
  } catch (error) {
    logger.error({ message: 'The stop was not clean', error });
    exitAfterLog(EXIT.failure);
  }
}
