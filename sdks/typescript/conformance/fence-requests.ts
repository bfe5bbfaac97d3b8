import type { Request } from './given.js';
import { clients } from './things.js';

/** The requests about fences. */
export const FENCE_REQUESTS: Readonly<Record<string, Request>> = {
  advance_fence: ({ client, name, fencing_token }) => clients.get(client).fences.advance(name, fencing_token),
  check_fence: ({ client, name, fencing_token }) => clients.get(client).fences.check(name, fencing_token),
  fence: ({ client, name }) => clients.get(client).fences.get(name),
};
