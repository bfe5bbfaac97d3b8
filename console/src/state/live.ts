import { useEffect } from 'preact/hooks';
import type { LockEvent } from '../api/schemas';
import { LiveStream } from '../live/live-stream';
import { pathOf, type Watched } from '../live/watched';

/** The one event stream of this tab. */
export const live = new LiveStream();

/** Follows the events of what a screen shows, as long as it is shown. */
export function useWatched(watched: Watched, onEvents: (events: readonly LockEvent[]) => void): void {
  useEffect(() => live.onEvents(onEvents), [onEvents]);
  useEffect(() => live.watch(watched), [pathOf(watched)]);
}
