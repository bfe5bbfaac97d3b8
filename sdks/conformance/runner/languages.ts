import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './root.js';

const command = z.array(z.string()).min(1);

const shape = z.strictObject({
  /** Programs that must be there, each with the Debian packages that bring it; null if Debian has none that will do. */
  tools: z.record(z.string(), z.string().nullable()).default({}),
  /** Fetch what the SDK needs and build it with its driver. */
  build: z.array(command).default([]),
  /** The SDK's own tests: style, what only a program in the same process sees, and the README's examples. */
  test: z.array(command).default([]),
  driver: command,
  /** For an SDK that can do only one scenario at a time: each gets a driver of its own. */
  driverPerScenario: z.boolean().default(false),
});

/** How to build, test and drive an SDK. All its commands run in `folder`. */
export interface Language extends z.infer<typeof shape> {
  readonly name: string;
  readonly folder: string;
}

/** The SDKs that there must be, by their folders. */
export const LANGUAGES = ['typescript', 'python', 'go', 'rust', 'java', 'csharp', 'ruby', 'php'] as const;

/** The SDK into which bugs are put, to see whether the scenarios find them. */
export const MODEL = 'typescript';

/** Reads an SDK's `conformance/sdk.json`. Throws if there is none, or if it is not written as it should be. */
export function languageOf(name: string): Language {
  const folder = join(ROOT, 'sdks', name);
  const file = join(folder, 'conformance/sdk.json');
  if (!existsSync(file)) throw new Error(`There is no SDK called ${name}: ${file} is missing.`);
  const parsed = shape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return { name, folder, ...parsed.data };
}
