import type { LockExplanation, OctoStoreClient } from '@octostore/client';
import { z } from 'zod';

/** Who has a lock, as data. */
export const DESCRIBED_LOCK = z.object({
  name: z.string(),
  status: z.enum(['available', 'held', 'delayed']),
  summary: z.string(),
  holders: z.array(
    z.object({
      holder: z.string(),
      purpose: z.string().nullable().describe('Their words, with the name of their agent.'),
      since: z.string().nullable(),
      lease_ends_at: z
        .string()
        .describe('When the lease ends unless it is renewed, which a live agent does.'),
      fencing_token: z.number(),
    }),
  ),
  waiting: z.number().describe('How many wait in line for it.'),
  usually_held_seconds: z.number().nullable().describe('How long it is usually held. Null if not known.'),
  likely_free_at: z
    .string()
    .nullable()
    .describe('A guess from how long it is usually held. Null if not known.'),
});

type DescribedLock = z.infer<typeof DESCRIBED_LOCK>;

/** Who has a lock, in words and as data. Throws the SDK's errors. */
export async function describeLock(
  client: OctoStoreClient,
  name: string,
): Promise<{ readonly text: string; readonly data: DescribedLock }> {
  const lock = await client.explain(name);
  const data = dataOf(lock);
  return { text: textOf(lock, data), data };
}

function dataOf(lock: LockExplanation): DescribedLock {
  const { name, status, summary, holders, waiters, typicalHold } = lock;
  return {
    name,
    status,
    summary,
    holders: holders.map(({ holder, metadata, acquiredAt, expiresAt, fencingToken }) => ({
      holder,
      purpose: metadata,
      since: acquiredAt?.toISOString() ?? null,
      lease_ends_at: expiresAt.toISOString(),
      fencing_token: fencingToken,
    })),
    waiting: waiters,
    usually_held_seconds: typicalHold === null ? null : Math.ceil(typicalHold.medianMs / 1000),
    likely_free_at: likelyFreeAt(lock),
  };
}

/** The past is only a hint, so there is no guess once the present holder has had it for longer than is usual. */
function likelyFreeAt({ holders, typicalHold, status, availableAt }: LockExplanation): string | null {
  if (status === 'delayed') return availableAt?.toISOString() ?? null;
  const [first] = holders;
  const since = first?.acquiredAt;
  if (since === undefined || since === null || typicalHold === null) return null;
  const guess = new Date(since.getTime() + typicalHold.medianMs);
  const renewedAt = first?.lastRenewedAt ?? since;
  return guess > renewedAt ? guess.toISOString() : null;
}

function textOf({ name, summary, holders }: LockExplanation, data: DescribedLock): string {
  const purposes = holders.flatMap(({ holder, metadata, acquiredAt }) =>
    metadata === null
      ? []
      : [
          `${holder} says: "${metadata}"${acquiredAt === null ? '' : ` (since ${acquiredAt.toISOString()})`}.`,
        ],
  );
  const guess = data.likely_free_at === null ? [] : [`It is likely to be free at ${data.likely_free_at}.`];
  return [`${name}: ${summary}`, ...purposes, ...guess].join(' ');
}
