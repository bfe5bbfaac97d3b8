import { z } from 'zod';
import { UnusableFileError } from '../../../installation/unusable-file-error.js';
import { withForeignFile, type ForeignFile } from '../../../journal/foreign-file.js';

const date = z.string().transform((text, context) => {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  context.addIssue({ code: 'custom', message: 'is not a time' });
  return z.NEVER;
});

/**
 * A user. The columns `namespace` and `identity_source` came later. The number of a user who never signed in with GitHub is made from
 * the name, and negative.
 */
const user = z.object({
  id: z.uuid().transform((id) => id.toLowerCase()),
  github_id: z.number(),
  github_username: z.string().min(1),
  token: z.string().min(1),
  created_at: date,
  namespace: z.string().nullish(),
  identity_source: z.enum(['legacy', 'local', 'oauth', 'static']).default('legacy'),
});

const webhook = z.object({
  id: z.uuid().transform((id) => id.toLowerCase()),
  user_id: z.string().transform((id) => id.toLowerCase()),
  url: z.string(),
  secret: z.string().nullish(),
  events: z.string(),
  lock_pattern: z.string().nullish(),
  created_at: date,
  active: z.number().default(1),
});

const counter = z.object({ counter: z.number().int().nonnegative() });
const lock = z.object({ fencing_token: z.number().int().nonnegative() });

export type UpstreamUser = z.infer<typeof user>;
export type UpstreamWebhook = z.infer<typeof webhook>;

/** What the upstream server stored. */
export interface Upstream {
  readonly users: readonly UpstreamUser[];
  readonly webhooks: readonly UpstreamWebhook[];
  /** The highest fencing token that the file knows. */
  readonly highestToken: number;
  /** How many rows there are of what ends. */
  readonly ending: { readonly locks: number; readonly sessions: number };
  /** Tables that this version does not know, with their numbers of rows. */
  readonly unknown: ReadonlyMap<string, number>;
}

const KNOWN = new Set(['users', 'fencing_counter', 'locks', 'sessions', 'webhooks']);

/** Reads the database of the upstream server. Throws `UnusableFileError` if it is not one, or if a row is not as expected. */
export function readUpstream(path: string): Promise<Upstream> {
  return withForeignFile(path, async (file) => {
    if (!file.tables.has('users') || !file.tables.has('fencing_counter')) {
      throw new UnusableFileError(
        `${path} is not the database of an upstream OctoStore server: it has no tables "users" and "fencing_counter". Check the path.`,
      );
    }
    const read = <T>(table: string, shape: z.ZodType<T>): Promise<readonly T[]> =>
      rowsOf(file, path, table, shape);
    const users = await read('users', user);
    const locks = await read('locks', lock);
    const counters = await read('fencing_counter', counter);
    return {
      users,
      webhooks: await read('webhooks', webhook),
      highestToken: Math.max(
        0,
        ...counters.map((row) => row.counter),
        ...locks.map((row) => row.fencing_token),
      ),
      ending: { locks: locks.length, sessions: (await read('sessions', z.unknown())).length },
      unknown: await unknownTables(file),
    };
  });
}

async function rowsOf<T>(
  file: ForeignFile,
  path: string,
  table: string,
  shape: z.ZodType<T>,
): Promise<readonly T[]> {
  if (!file.tables.has(table)) return [];
  const { success, data, error } = z.array(shape).safeParse(await file.rows(table));
  if (success) return data;
  const [issue] = error.issues;
  // The value itself could be a token.
  const where =
    issue === undefined ? '' : `, row ${Number(issue.path[0] ?? 0) + 1}, ${String(issue.path[1] ?? '')}`;
  throw new UnusableFileError(
    `The table "${table}" in ${path} is not as the upstream server makes it${where}: ${issue?.message ?? 'unknown'}. Correct it in a copy of the file, and import that.`,
  );
}

async function unknownTables(file: ForeignFile): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of file.tables) {
    if (KNOWN.has(table) || table.startsWith('sqlite_')) continue;
    counts.set(table, (await file.rows(table)).length);
  }
  return counts;
}
