import { serverNowMs } from '../api/server-time';
import { Store, useStore } from './store';

const now = new Store(serverNowMs());

setInterval(() => {
  if (!document.hidden) now.set(serverNowMs());
}, 1000);
document.addEventListener('visibilitychange', () => now.set(serverNowMs()));

/** The time of the server in milliseconds. The component is rendered again each second. */
export function useNow(): number {
  return useStore(now);
}
