import type { ServerContext } from '@modelcontextprotocol/server';

/** Clients that show progress do not end a call that makes some. */
const EVERY_MS = 5000;

/** Tells the client now and then that the call goes on, if it wants to know. Returns a function that stops it. */
export function tellProgress({ mcpReq }: ServerContext, message: string): () => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let progress = 0;
  const timer = setInterval(() => {
    progress += EVERY_MS / 1000;
    const params = { progressToken, progress, message };
    // If the client has gone, its call ends by itself.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  }, EVERY_MS);
  return () => clearInterval(timer);
}
