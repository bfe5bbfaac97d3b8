import { execFileSync } from 'node:child_process';
import { ROOT } from './root.js';

/** How to build and start the driver of an SDK. Commands run in the folder of the repository. */
export interface Language {
  /** Must succeed before the driver is started. */
  readonly build?: readonly (readonly string[])[];
  readonly driver: readonly string[];
  /** For an SDK that can do only one scenario at a time: each gets a driver of its own. */
  readonly driverPerScenario?: boolean;
}

/** The SDKs that there must be: a driver that cannot be built or started fails the suite. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  typescript: {
    build: [['node', 'node_modules/typescript/bin/tsc', '-p', 'sdks/typescript/conformance']],
    driver: ['node', 'build/sdks/typescript/conformance/driver.js'],
  },
};

/** Builds a driver. Throws if that fails. */
export function build(language: Language): void {
  for (const [program = '', ...args] of language.build ?? []) {
    execFileSync(program, args, { cwd: ROOT, stdio: 'inherit' });
  }
}
