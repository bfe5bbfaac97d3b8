import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './root.js';

const command = z.array(z.string()).min(1);

const shape = z.strictObject({
  /** Required programs, each with the Debian packages that provide it. Null if Debian has no suitable package. */
  tools: z.record(z.string(), z.string().nullable()).default({}),
  /** Commands that fetch dependencies and build the SDK and its driver. */
  build: z.array(command).default([]),
  /** Commands that run the SDK's own tests: style, what needs the same process, and the README's examples. */
  test: z.array(command).default([]),
  driver: command,
  /** Whether each scenario gets its own driver, for an SDK that can do only one thing at a time. */
  driverPerScenario: z.boolean().default(false),
});

/** How to build, test and drive an SDK. All its commands run in `folder`. */
export interface Language extends z.infer<typeof shape> {
  readonly name: string;
  readonly folder: string;
}

/** All SDKs, by their folders. */
export const LANGUAGES = ['typescript', 'python', 'go', 'rust', 'java', 'csharp', 'ruby', 'php'] as const;

/** The SDK that gets deliberate bugs, to see whether the scenarios find them. */
export const MODEL = 'typescript';

/** Reads an SDK's `conformance/sdk.json`. Throws if it is missing or invalid. */
export function languageOf(name: string): Language {
  const folder = join(ROOT, 'sdks', name);
  const file = join(folder, 'conformance/sdk.json');
  if (!existsSync(file)) throw new Error(`There is no SDK named ${name}: ${file} is missing.`);
  const parsed = shape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return { name, folder, ...parsed.data };
}
