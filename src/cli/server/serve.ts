import 'reflect-metadata';
import { SystemClock } from '../../clock/system-clock.js';
import type { Config } from '../../config/config.js';
import { surviveLossOfOutput } from '../../logging/output/standard-output.js';
import { startLogging } from '../../logging/start-logging.js';
import type { Installation } from './installation/installation.js';
import { exitOnSignal } from './stop.js';

/** Runs the server until it is told to stop. */
export async function serve(config: Config, installation: Installation): Promise<void> {
  surviveLossOfOutput();
  const started = exitOnSignal();
  startLogging(config);
  await installation.serve({ clock: new SystemClock(), started });
}
