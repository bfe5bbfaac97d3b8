import type { JSX } from 'preact';
import type { PastLease } from '../../api/schemas';
import { absolute, duration, relative } from '../../format/time';
import { endingWords } from '../../format/words';
import { Badge, type Tone } from '../../parts/badge';
import type { IconName } from '../../parts/icon';
import { Section } from '../../parts/page';
import { RelativeTime } from '../../parts/time';
import { useNow } from '../../state/clock';

const LOOKS: Record<PastLease['how'], { readonly tone: Tone; readonly icon: IconName }> = {
  held: { tone: 'notice', icon: 'held' },
  released: { tone: 'good', icon: 'check' },
  expired: { tone: 'bad', icon: 'clock' },
  session_expired: { tone: 'bad', icon: 'sessions' },
  broken: { tone: 'bad', icon: 'broken' },
};

/** What happened to the lock, the latest first. */
export function Timeline({ history }: { readonly history: readonly PastLease[] }): JSX.Element {
  return (
    <Section title="History">
      {history.length === 0 ? (
        <p class="faint">The event log has nothing about this lock.</p>
      ) : (
        <>
          <Strip history={history} />
          <ol class="timeline">
            {history.map((lease) => (
              <li key={lease.fencing_token} class={lease.how}>
                <p class="timeline-head">
                  <Badge {...LOOKS[lease.how]}>{endingWords(lease.how)}</Badge>
                  <b>{lease.holder}</b>
                  <span class="mono faint">#{lease.fencing_token}</span>
                  <span class="faint timeline-when">
                    {lease.ended_at === null ? 'began ' : ''}
                    <When lease={lease} />
                  </span>
                </p>
                <p>{lease.summary}</p>
              </li>
            ))}
          </ol>
        </>
      )}
    </Section>
  );
}

function When({ lease }: { readonly lease: PastLease }): JSX.Element {
  const at = lease.ended_at ?? lease.acquired_at;
  return at === null ? <>an unknown time</> : <RelativeTime at={at} />;
}

const WIDTH = 1000;
const NARROWEST = 3;

/** The same to scale. The list below says it in words, so screen readers skip it. */
function Strip({ history }: { readonly history: readonly PastLease[] }): JSX.Element | null {
  const now = useNow();
  const spans = history.flatMap((lease) => {
    if (lease.acquired_at === null) return [];
    const end = lease.ended_at === null ? now : Date.parse(lease.ended_at);
    return [{ lease, start: Date.parse(lease.acquired_at), end }];
  });
  const first = Math.min(...spans.map(({ start }) => start));
  if (spans.length === 0 || now - first < 1000) return null;
  const x = (ms: number): number => ((ms - first) / (now - first)) * WIDTH;
  return (
    <div class="strip" aria-hidden="true">
      <svg viewBox={`0 0 ${WIDTH} 24`} preserveAspectRatio="none">
        {spans.map(({ lease, start, end }) => (
          <rect
            key={lease.fencing_token}
            class={lease.how}
            x={Math.min(x(start), WIDTH - NARROWEST)}
            width={Math.max(NARROWEST, x(end) - x(start))}
            y="2"
            height="20"
          >
            <title>{`${lease.holder}, ${duration(end - start)}, from ${absolute(start)}`}</title>
          </rect>
        ))}
      </svg>
      <p class="strip-ends">
        <span>{relative(first, now)}</span>
        <span>now</span>
      </p>
    </div>
  );
}
