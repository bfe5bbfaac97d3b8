import { z } from 'zod';
import type { Identity } from '../user-directory.js';

/** The fields we read from the response of `GET /user`. Other fields are ignored. */
const PROFILE = z.object({
  id: z.number().int().positive(),
  login: z.string().regex(/^[a-zA-Z0-9_-]{1,100}$/),
  avatar_url: z.httpUrl().max(2048).nullish().catch(null),
});

/** The identity from a GitHub profile, or null if the response is not a profile. */
export function identityOf(profile: unknown): Identity | null {
  const parsed = PROFILE.safeParse(profile);
  if (!parsed.success) return null;
  const { id, login, avatar_url: avatarUrl } = parsed.data;
  return { provider: 'github', subject: String(id), login, avatarUrl: avatarUrl ?? null };
}
