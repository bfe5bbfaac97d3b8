import type { JSX } from 'preact';
import { absolute, relative } from '../format/time';
import { live } from '../state/live';
import { useNow } from '../state/clock';
import { useStore } from '../state/store';
import { Icon } from './icon';

/** Says that nothing new arrives, and since when. */
export function ConnectionBanner(): JSX.Element {
  const connection = useStore(live.connection);
  return (
    <div role="status" class="banner-place">
      {connection.kind === 'down' ? (
        <Disconnected sinceMs={connection.sinceMs} reason={connection.reason} />
      ) : null}
    </div>
  );
}

function Disconnected({
  sinceMs,
  reason,
}: {
  readonly sinceMs: number;
  readonly reason: string;
}): JSX.Element {
  return (
    <div class="banner">
      <Icon name="offline" />
      <p>
        <b>Disconnected</b> <Since atMs={sinceMs} />, reconnecting. {reason}
      </p>
      <button type="button" class="quiet" onClick={() => live.retry()}>
        Reconnect now
      </button>
    </div>
  );
}

/** It ticks, so it is kept from screen readers, which would read out each second. */
function Since({ atMs }: { readonly atMs: number }): JSX.Element {
  useNow();
  return (
    <time aria-hidden="true" dateTime={new Date(atMs).toISOString()} title={absolute(atMs)}>
      {relative(atMs, Date.now())}
    </time>
  );
}

/** In a corner, whether the page is live. */
export function ConnectionState(): JSX.Element | null {
  const { kind } = useStore(live.connection);
  if (kind === 'idle') return null;
  const words = { open: 'Live', connecting: 'Connecting', down: 'Offline' }[kind];
  return (
    <span class={`connection ${kind}`}>
      <span class="dot" aria-hidden="true" />
      {words}
    </span>
  );
}
