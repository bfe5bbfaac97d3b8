import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogOutput } from './output/log-output.js';

export interface LogOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
}

/** Fields with these names contain secrets, so they are never written. */
const SECRET_FIELDS = ['authorization', 'cookie', 'token', 'lease_id', 'leaseId', 'secret'];

/** @param output Receives whole lines. */
export function createPino({ level, format }: LogOptions, output: DestinationStream): Logger {
  const redact = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]);
  const formatters = { level: (label: string) => ({ level: label }) };
  const options = { level, base: undefined, redact, errorKey: 'error', timestamp: isoTime, formatters };
  return pino(options, format === 'pretty' ? prettified(output) : output);
}

function prettified(output: DestinationStream): DestinationStream {
  const prettify = prettyFactory({ ignore: 'pid,hostname' });
  return { write: (line) => output.write(prettify(line) ?? line) };
}

/** Logs how many lines were dropped, once lines can be written again. */
export function logDroppedLines(pino: Logger, output: LogOutput): void {
  output.onRecovered = (dropped) => {
    pino.warn({ context: 'Log', dropped }, 'Log lines were dropped, because they could not be written');
  };
}

const isoTime = pino.stdTimeFunctions.isoTime;

/** Parts of Nest that log, at each start, only what the source code already says. */
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
