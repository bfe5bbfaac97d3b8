import { isatty } from 'node:tty';
import { Logger } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { createPino, PinoLogger, logDroppedLines } from './logger.js';
import { standardOutput } from './output/standard-output.js';

/** Makes everything in this process log as the configuration says. */
export function startLogging({ LOG_LEVEL, LOG_FORMAT, LOG_BUFFER_KB }: Config): void {
  standardOutput.lengthMax = LOG_BUFFER_KB * 1024;
  const format = LOG_FORMAT ?? (isatty(1) ? 'pretty' : 'json');
  const pino = createPino({ level: LOG_LEVEL, format }, standardOutput);
  logDroppedLines(pino, standardOutput);
  Logger.overrideLogger(new PinoLogger(pino));
}
