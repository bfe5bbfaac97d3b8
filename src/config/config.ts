import { databaseViolations } from './database-rules.js';
import { ENVIRONMENT } from './environment.js';
import type { z } from 'zod';

/** The configuration, checked and typed. It is built once at the start and passed on as a value. */
export type Config = Readonly<z.output<typeof ENVIRONMENT>>;

/** The configuration is not valid. The message names every violation, but no values, because they may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly violations: readonly string[]) {
    super(
      `The configuration is not valid. Correct these settings:\n${violations.map((violation) => `  - ${violation}`).join('\n')}`,
    );
  }
}

/** Reads the configuration from environment variables. Empty variables count as not set. Throws `ConfigError`. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = ENVIRONMENT.safeParse(set);
  const violations = parsed.success
    ? databaseViolations(parsed.data, new Set(Object.keys(set)))
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (parsed.success && violations.length === 0) return parsed.data;
  throw new ConfigError(violations);
}
