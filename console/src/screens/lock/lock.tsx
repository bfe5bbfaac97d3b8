import type { JSX } from 'preact';
import type { Explanation } from '../../api/schemas';
import { duration } from '../../format/time';
import { count } from '../../format/words';
import { ActionButton } from '../../parts/action-dialog';
import { Badge } from '../../parts/badge';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { Page, Section } from '../../parts/page';
import { WhenLoaded } from '../../parts/states';
import { Summary } from '../../parts/summary';
import { TimeLeft } from '../../parts/time';
import { ALL_LOCKS } from '../../routes/route';
import { acquireLock, breakLock, requestRelease } from './actions';
import { Holders } from './holders';
import { Line } from './line';
import type { LockFacts } from './read-lock';
import { Timeline } from './timeline';
import { useLock } from './use-lock';

/** Who has a lock, who waits for it and why, and what happened to it. */
export function Lock({ name }: { readonly name: string }): JSX.Element {
  const lock = useLock(name);
  return (
    <Page
      title={name}
      above={<Path name={name} />}
      heading={
        <>
          <span class="mono">{name.slice(name.lastIndexOf('/') + 1)}</span>
          {lock.data === null ? null : <Status of={lock.data.explanation} />}
        </>
      }
      actions={lock.data === null ? null : <Actions facts={lock.data} />}
    >
      <WhenLoaded what="the lock" of={lock}>
        {(facts) => <Facts facts={facts} />}
      </WhenLoaded>
    </Page>
  );
}

function Path({ name }: { readonly name: string }): JSX.Element {
  const folders = name.split('/').slice(0, -1);
  return (
    <nav class="path" aria-label="Folders">
      <Link to={ALL_LOCKS}>Locks</Link>
      {folders.map((folder, index) => (
        <>
          <span aria-hidden="true">/</span>
          <Link
            class="mono"
            to={{
              ...ALL_LOCKS,
              screen: 'locks',
              view: 'tree',
              mine: false,
              prefix: `${folders.slice(0, index + 1).join('/')}/`,
            }}
          >
            {folder}
          </Link>
        </>
      ))}
      <span aria-hidden="true">/</span>
    </nav>
  );
}

function Status({ of }: { readonly of: Explanation }): JSX.Element {
  switch (of.status) {
    case 'held':
      return (
        <Badge tone="notice" icon="held">
          {of.holder_count === 1 ? 'held' : `held by ${of.holder_count}`}
        </Badge>
      );
    case 'delayed':
      return (
        <Badge tone="bad" icon="clock">
          cooling
        </Badge>
      );
    default:
      return (
        <Badge tone="good" icon="check">
          available
        </Badge>
      );
  }
}

function Actions({ facts }: { readonly facts: LockFacts }): JSX.Element {
  const { name, status, holders, holder_count } = facts.explanation;
  const who = holder_count === 1 ? (holders[0]?.holder ?? 'its holder') : count(holder_count, 'holder');
  if (status === 'available') return <ActionButton action={acquireLock(name)}>Acquire…</ActionButton>;
  return (
    <>
      {status === 'held' ? <ActionButton action={requestRelease(name)}>Ask for release…</ActionButton> : null}
      <ActionButton
        action={breakLock(name, null, status === 'held' ? who : 'its cooling')}
        kind="danger-outline"
      >
        {status === 'held' ? 'Break…' : 'End the delay…'}
      </ActionButton>
    </>
  );
}

function Facts({ facts }: { readonly facts: LockFacts }): JSX.Element {
  const { explanation } = facts;
  return (
    <>
      <p class="summary">
        <Summary text={explanation.summary} />
      </p>
      {explanation.warnings.map(({ kind, summary }) => (
        <p key={kind} class="warning">
          <Icon name="warning" />
          {summary}
        </p>
      ))}
      {explanation.status === 'delayed' && explanation.available_at !== undefined ? (
        <p class="cooling">
          <Icon name="clock" />
          <span>
            No one gets it for another <TimeLeft at={explanation.available_at} over="moment" />.
          </span>
        </p>
      ) : null}
      {explanation.holders.length === 0 ? null : <Holders facts={facts} />}
      <Line facts={facts} />
      <Usual explanation={explanation} />
      <Timeline history={facts.history} />
    </>
  );
}

function Usual({
  explanation: { typical_hold, typical_wait },
}: {
  readonly explanation: Explanation;
}): JSX.Element | null {
  if (typical_hold === null && typical_wait === null) return null;
  return (
    <Section title="Usually">
      <dl class="figures">
        {[
          { label: 'Held for', usual: typical_hold, of: 'lease' },
          { label: 'Waited for', usual: typical_wait, of: 'wait' },
        ].map(({ label, usual, of }) =>
          usual === null ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <b>{duration(usual.median_ms)}</b>
                <span class="faint">
                  {' '}
                  median, 95 % below {duration(usual.p95_ms)}, last {count(usual.count, of)}
                </span>
              </dd>
            </div>
          ),
        )}
      </dl>
    </Section>
  );
}
