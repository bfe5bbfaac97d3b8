import type { JSX } from 'preact';
import { absolute, duration, left, relative, timeOfDay } from '../format/time';
import { useNow } from '../state/clock';

interface Props {
  /** As the API writes it. */
  readonly at: string;
}

/** How long ago something was, or how far away it is. The absolute time shows on hover. */
export function RelativeTime({ at }: Props): JSX.Element {
  const now = useNow();
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={absolute(ms)}>
      {relative(ms, now)}
    </time>
  );
}

/** Such as `2 min left`, or that the time has passed. */
export function TimeLeft({ at, over = 'due' }: Props & { readonly over?: string }): JSX.Element {
  const now = useNow();
  const ms = Date.parse(at);
  const rest = left(ms, now);
  return (
    <time dateTime={at} title={absolute(ms)} class={rest === null ? 'faint' : undefined}>
      {rest ?? over}
    </time>
  );
}

/** How long something has been going on. */
export function TimeSince({ at }: Props): JSX.Element {
  const now = useNow();
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={`Since ${absolute(ms)}`}>
      {duration(Math.max(1000, now - ms))}
    </time>
  );
}

/** In the middle of a sentence, where a relative time would not fit. */
export function TimeOfDay({ at }: Props): JSX.Element {
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={absolute(ms)}>
      {timeOfDay(ms)}
    </time>
  );
}
