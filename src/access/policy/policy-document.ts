import { z } from 'zod';
import { LOCK_PATTERN_LENGTH_MAX, LOCK_PATTERN_SHAPE } from '../patterns/lock-pattern.js';
import { ACTIONS } from './rights.js';
import { problemOfSubject, SUBJECT_SHAPE } from './subject-text.js';

/** The most bytes of a policy's text. */
export const POLICY_BYTES_MAX = 192 * 1024;

/** How many entries each list of a policy may have. */
const ENTRIES_MAX = 1_000;

/** How many subjects, actions or patterns one entry may name. */
const NAMES_MAX = 100;

const LIMIT_MAX = 10_000_000;

const subject = z
  .string('must be a text')
  .regex(new RegExp(SUBJECT_SHAPE), {
    error: ({ input }) => problemOfSubject(String(input)) ?? 'is not valid',
  })
  .meta({ description: 'A user, or everyone.', examples: ['github:ada', 'static:ci', 'everyone'] });

/** An action that a grant may allow. */
export const policyAction = z.enum(ACTIONS, {
  error: ({ input }) => `${JSON.stringify(input)} is not an action. Use ${ACTIONS.join(', ')}`,
});

/** A lock pattern of a grant. */
export const lockPattern = z
  .string('must be a text')
  .max(LOCK_PATTERN_LENGTH_MAX, `has more than ${LOCK_PATTERN_LENGTH_MAX} characters`)
  .regex(new RegExp(LOCK_PATTERN_SHAPE), {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not a lock pattern. Use the characters of lock names, and the wildcards * and ?`,
  })
  .meta({
    description:
      'Lock names. * matches any run of characters, even across slashes, and ? any one character. A component ** matches any number of components.',
    examples: ['billing/*'],
  });

/** A list with at least one entry. */
export const listOf = <T extends z.ZodType>(item: T): z.ZodArray<T> =>
  z
    .array(item, 'must be a list')
    .min(1, 'is empty, so the entry has no effect. Name at least one')
    .max(NAMES_MAX, `has more than ${NAMES_MAX} entries`);

const grant = z.strictObject(
  {
    to: listOf(subject).meta({ description: 'Who gets the permission.' }),
    may: listOf(policyAction).meta({
      description:
        'What they may do. acquire, break and administer imply observe, and administer implies break.',
    }),
    on: listOf(lockPattern).meta({ description: 'On which locks, and on the fences with such names.' }),
  },
  'must be an entry with to, may and on',
);

const limit = (description: string, min = 0): z.ZodOptional<z.ZodNumber> =>
  z
    .int(`must be a whole number from ${min} to ${LIMIT_MAX}`)
    .min(min, `must be at least ${min}`)
    .max(LIMIT_MAX, `must be at most ${LIMIT_MAX}`)
    .meta({ description })
    .optional();

const limits = {
  locks: limit('How many locks each user may hold.'),
  sessions: limit('How many sessions each user may have.'),
  waiters: limit('How many places in lines each user may have.'),
  watches: limit('How many event streams each user may have open.'),
  webhooks: limit('How many webhooks each user may have.'),
  requests_per_second: limit('How many requests each user may send a second.', 1),
};

const quota = z
  .strictObject(
    {
      for: listOf(subject).meta({ description: 'Whose limits these are. Each user has their own.' }),
      ...limits,
    },
    'must be an entry with for and at least one limit',
  )
  .refine((entry) => LIMIT_NAMES.some((name) => entry[name] !== undefined), {
    error: `sets no limit. Add at least one of ${Object.keys(limits).join(', ')}`,
  });

export type LimitName = keyof typeof limits;

export const LIMIT_NAMES = Object.keys(limits) as LimitName[];

/** A policy: who may do what on which locks, and how much. What is not granted is refused. */
export const policyDocument = z
  .strictObject(
    {
      grants: z
        .array(grant, 'must be a list')
        .min(1, 'is empty, so no one could do anything. Add a grant, or remove the policy')
        .max(ENTRIES_MAX, `has more than ${ENTRIES_MAX} entries`),
      quotas: z
        .array(quota, 'must be a list')
        .max(ENTRIES_MAX, `has more than ${ENTRIES_MAX} entries`)
        .meta({
          description:
            'Limits that replace those of the settings. For each limit, the most specific subject that names it wins.',
        })
        .optional(),
    },
    'must have grants',
  )
  .meta({
    title: 'OctoStore policy',
    description: 'Who may do what on which locks. What is not granted is refused.',
  });

export type PolicyDocument = z.infer<typeof policyDocument>;

export type Grant = PolicyDocument['grants'][number];

export type Quota = NonNullable<PolicyDocument['quotas']>[number];

/** The JSON Schema of policies, for editors and other programs. */
export function policySchema(): object {
  return z.toJSONSchema(policyDocument, { target: 'draft-2020-12' });
}
