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

const typescript: Language = {
  build: [['node', 'node_modules/typescript/bin/tsc', '-p', 'sdks/typescript/conformance']],
  driver: ['node', 'build/sdks/typescript/conformance/driver.js'],
};

/** The SDKs that there must be, by their folders. Null for one that has no driver yet. */
export const LANGUAGES: Readonly<Record<string, Language | null>> = {
  typescript,
  python: null,
  go: null,
  rust: null,
  java: null,
  csharp: null,
  ruby: null,
  php: null,
};

/** The SDK into which bugs are put, to see whether the scenarios find them. */
export const MODEL = typescript;

/** Builds a driver. Throws if that fails. */
export function build(language: Language): void {
  for (const [program = '', ...args] of language.build ?? []) {
    execFileSync(program, args, { cwd: ROOT, stdio: 'inherit' });
  }
}
