import type { ComponentChildren, JSX } from 'preact';
import type { PresentLease } from '../../api/schemas';
import { serverNowMs } from '../../api/server-time';
import { duration } from '../../format/time';
import { count, modeWords } from '../../format/words';
import { ActionButton } from '../../parts/action-dialog';
import { Icon } from '../../parts/icon';
import { Section } from '../../parts/page';
import { RelativeTime, TimeLeft, TimeSince } from '../../parts/time';
import { useNow } from '../../state/clock';
import { breakLock, releaseLease, renewLease } from './actions';
import type { LockFacts } from './read-lock';

/** Who has the lock. */
export function Holders({ facts }: { readonly facts: LockFacts }): JSX.Element {
  const { name, holders, holder_count } = facts.explanation;
  return (
    <Section title={holder_count === 1 ? 'Holder' : count(holder_count, 'holder')}>
      <ul class="cards">
        {holders.map((lease) => (
          <li key={lease.fencing_token} class="card">
            <Holder
              name={name}
              lease={lease}
              leaseId={facts.ownLeases.get(lease.fencing_token) ?? null}
              isAlone={holder_count === 1}
            />
          </li>
        ))}
      </ul>
      {holder_count > holders.length ? <p class="faint">The first {holders.length} are shown.</p> : null}
    </Section>
  );
}

interface Props {
  readonly name: string;
  readonly lease: PresentLease;
  readonly leaseId: string | null;
  readonly isAlone: boolean;
}

function Holder({ name, lease, leaseId, isAlone }: Props): JSX.Element {
  return (
    <>
      <Head name={name} lease={lease} leaseId={leaseId} isAlone={isAlone} />
      <Remaining lease={lease} />
      <dl class="facts">
        <Fact label="Held for">
          {lease.acquired_at === null ? 'unknown' : <TimeSince at={lease.acquired_at} />}
        </Fact>
        <Fact label="Time left">
          <TimeLeft at={lease.expires_at} over="expiring" />
        </Fact>
        <Fact label="Last renewal">
          {lease.last_renewed_at === null ? 'none yet' : <RelativeTime at={lease.last_renewed_at} />}
        </Fact>
        <Fact label="Renewals">{lease.renewals}</Fact>
        <Fact label="Closest call">
          {lease.least_margin_ms === null ? '–' : `${duration(lease.least_margin_ms)} left`}
        </Fact>
        <Fact label="Fencing token">
          <span class="mono">{lease.fencing_token}</span>
        </Fact>
        {lease.metadata === null ? null : (
          <Fact label="Note">
            <span class="mono wrap">{lease.metadata}</span>
          </Fact>
        )}
        {lease.slots === undefined ? null : <Fact label="Permits">{lease.slots.join(', ')}</Fact>}
      </dl>
      {lease.release_requests.map(({ by, message, at }) => (
        <p key={at} class="asked">
          <Icon name="ask" />
          <span>
            {by} asked for it <RelativeTime at={at} />
            {message === null ? '' : `: ${message}`}
          </span>
        </p>
      ))}
    </>
  );
}

function Head({ name, lease, leaseId, isAlone }: Props): JSX.Element {
  return (
    <div class="card-head">
      <h3>
        {lease.holder}
        {leaseId === null ? null : <span class="faint"> (you)</span>}
      </h3>
      <span class="faint">{modeWords(lease)}</span>
      <div class="card-actions">
        {leaseId === null ? null : (
          <>
            <ActionButton action={renewLease(name, leaseId)} kind="small">
              Renew…
            </ActionButton>
            <ActionButton action={releaseLease(name, leaseId)} kind="small">
              Release…
            </ActionButton>
          </>
        )}
        {isAlone ? null : (
          <ActionButton
            action={breakLock(name, lease.fencing_token, lease.holder)}
            kind="small danger-outline"
          >
            Break…
          </ActionButton>
        )}
      </div>
    </div>
  );
}

function Fact({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How much of the time since the last renewal is left. The numbers say the same, so it is for the eye only. */
function Remaining({ lease }: { readonly lease: PresentLease }): JSX.Element | null {
  useNow();
  const from = lease.last_renewed_at ?? lease.acquired_at;
  if (from === null) return null;
  const start = Date.parse(from);
  const end = Date.parse(lease.expires_at);
  const share = Math.max(0, Math.min(1, (end - serverNowMs()) / Math.max(1, end - start)));
  return (
    <div class={share < 0.2 ? 'meter low' : 'meter'} aria-hidden="true">
      <div style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </div>
  );
}
