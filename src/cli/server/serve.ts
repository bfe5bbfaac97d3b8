import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { TrustedIssuers } from '../../auth/exchange/trusted-issuers.js';
import { SystemClock } from '../../clock/system-clock.js';
import type { Config } from '../../config/config.js';
import { surviveLossOfOutput } from '../../logging/output/standard-output.js';
import { startLogging } from '../../logging/start-logging.js';
import { openTracing } from '../../tracing/open-tracing.js';
import type { Installation } from './installation/installation.js';
import { exitOnSignal } from './stop.js';

/** A server that stands by finds a mistake now, and not when it has to lead. */
function checkTrustedIssuers(config: Config): void {
  const logger = new Logger('Server');
  for (const warning of TrustedIssuers.fromConfig(config).warnings) logger.warn(warning);
}

/** Runs the server until it is told to stop. */
export async function serve(config: Config, installation: Installation): Promise<void> {
  surviveLossOfOutput();
  const started = exitOnSignal();
  startLogging(config);
  checkTrustedIssuers(config);
  const clock = new SystemClock();
  await installation.serve({ clock, tracing: await openTracing(config, clock), started });
}
