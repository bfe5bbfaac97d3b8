import type { ServerContext } from '@modelcontextprotocol/server';
import { at, nowMs, type CancelTimer } from '../../../../process/time.js';

/** Clients that show progress do not end a call that makes some. */
const EVERY_MS = 5000;

/** Tells the client now and then that the call goes on, if it wants to know. Returns a function that stops it. */
export function tellProgress({ mcpReq }: ServerContext, message: string): CancelTimer {
  const { _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let progress = 0;
  let cancel: CancelTimer | undefined;
  const tellLater = (): void => {
    cancel = at(nowMs() + EVERY_MS, () => {
      progress += EVERY_MS / 1000;
      const params = { progressToken, progress, message };
      // If the client has gone, its call ends by itself.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
      tellLater();
    });
  };
  tellLater();
  return () => cancel?.();
}
