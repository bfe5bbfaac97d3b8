import { loadConfig, type Config } from './config.js';
import { readEnvFile } from './env-file/read.js';
import { misspeltInEnvironment, misspeltInFile } from './misspelt.js';

interface Collected {
  readonly config: Config;
  /** Sentences for people about what may not be what they meant. They hold no value. */
  readonly warnings: readonly string[];
}

/**
 * The configuration from the environment, and for what that does not set, from a file of settings. What the file sets, other
 * parts of the process find in `environment` as well. Throws `ConfigError`.
 *
 * @param file must exist; without it `.env` is read if there is one.
 */
export function collectConfig(environment: NodeJS.ProcessEnv, file: string | undefined): Collected {
  const { settings, warnings } = readEnvFile(file);
  const misspelt = [
    ...Object.entries(environment).map(([name, value]) => (value ? misspeltInEnvironment(name) : null)),
    ...[...settings.keys()].map(misspeltInFile),
  ].filter((sentence) => sentence !== null);
  for (const [name, { value }] of settings) environment[name] ??= value;
  return { config: loadConfig(environment), warnings: [...warnings, ...new Set(misspelt)] };
}
