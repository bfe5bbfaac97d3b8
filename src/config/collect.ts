import { loadConfig, type Config } from './config.js';
import { readEnvFile } from './env-file/read.js';
import { misspeltInEnvironment, misspeltInFile } from './misspelt.js';

interface Collected {
  readonly config: Config;
  /** Sentences about likely mistakes, for people. They contain no values. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration from the environment, and from a file of settings for what the environment does not set. Also
 * copies those settings into `environment`, for other code in this process. Throws `ConfigError`.
 * @param file Must exist. If it is undefined, `.env` is read if there is one.
 * @param ignored settings that count as not set.
 */
export function collectConfig(
  environment: NodeJS.ProcessEnv,
  file: string | undefined,
  ignored: RegExp | null = null,
): Collected {
  const { settings, warnings } = readEnvFile(file);
  const misspelt = [
    ...Object.entries(environment).map(([name, value]) => (value ? misspeltInEnvironment(name) : null)),
    ...[...settings.keys()].map(misspeltInFile),
  ].filter((sentence) => sentence !== null);
  for (const [name, { value }] of settings) environment[name] ??= value;
  // Other code reads these settings from here, too.
  for (const name of Object.keys(environment)) if (ignored?.test(name) === true) delete environment[name];
  return { config: loadConfig(environment), warnings: [...warnings, ...new Set(misspelt)] };
}
