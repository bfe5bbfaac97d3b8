import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export interface LogOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
}

/** Whatever stands under these names is a secret and is not written, wherever it turns up. */
const SECRET_FIELDS = ['authorization', 'cookie', 'token', 'lease_id', 'leaseId', 'secret'];

export function createPino({ level, format }: LogOptions, destination?: DestinationStream): Logger {
  const redact = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]);
  const formatters = { level: (label: string) => ({ level: label }) };
  const options = { level, base: undefined, redact, errorKey: 'error', timestamp: isoTime, formatters };
  if (destination !== undefined) return pino(options, destination);
  // Written at once: what a process logs as it dies is what one most wants to read.
  if (format === 'pretty') return pino(options, pretty({ sync: true, ignore: 'pid,hostname' }));
  return pino(options, pino.destination({ sync: true }));
}

const isoTime = pino.stdTimeFunctions.isoTime;

/** Parts of Nest that tell at each start what the source code says already. */
const CHATTY_CONTEXTS = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Nest's log on pino: `logger.log({ message, ...fields })` or `logger.log('text')`, with the class's name as context. */
export class PinoLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    const isChatty = CHATTY_CONTEXTS.has(String(context.at(-1)));
    this.#write(isChatty ? 'debug' : 'info', message, context);
  }

  error(message: unknown, ...context: unknown[]): void {
    this.#write('error', message, context);
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.#write('warn', message, context);
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.#write('debug', message, context);
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.#write('trace', message, context);
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.#write('fatal', message, context);
  }

  #write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    parameters: unknown[],
  ): void {
    // Nest passes the context last, and for errors the stack before it.
    const context = parameters.at(-1);
    const [stack] = parameters.length > 1 ? parameters : [];
    if (
      typeof message === 'object' &&
      message !== null &&
      'message' in message &&
      !(message instanceof Error)
    ) {
      const { message: text, ...fields } = message;
      this.pino[level]({ context, ...fields }, String(text));
      return;
    }
    this.pino[level]({ context, ...(stack === undefined ? {} : { stack }) }, String(message));
  }
}
