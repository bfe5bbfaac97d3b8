import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { codeWords } from '../format/words';
import { Badge } from '../parts/badge';
import { Page } from '../parts/page';
import { SearchField } from '../parts/search-field';
import { State, WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { useLoad } from '../state/use-load';
import { actorOf, readRecords, subjectOf, type AuditRecord } from './audit-records';

const PAGE_SIZE = 200;

/** For administrators: who did what, the latest first. */
export function Audit(): JSX.Element {
  const [text, setText] = useState('');
  const [before, setBefore] = useState<number | null>(null);
  const audit = useLoad(
    `audit ${before ?? 'latest'}`,
    () => readRecords(before, PAGE_SIZE),
    before === null ? { everyMs: 10_000 } : {},
  );
  return (
    <Page title="Audit">
      <div class="toolbar">
        <SearchField
          label="Search the records that are shown"
          hint="Lock, user, action, address…"
          value={text}
          onChange={setText}
        />
      </div>
      <WhenLoaded what="the audit" of={audit}>
        {(records) => {
          const found = records.filter((record) => matches(record, text)).toReversed();
          const first = records[0]?.number ?? 1;
          return (
            <>
              {found.length === 0 ? (
                <State
                  icon="audit"
                  title={text === '' ? 'There are no records.' : 'No record here contains that.'}
                />
              ) : (
                <Records records={found} />
              )}
              <div class="pager">
                {before === null ? null : (
                  <button type="button" onClick={() => setBefore(null)}>
                    Latest
                  </button>
                )}
                {first <= 1 ? null : (
                  <button type="button" onClick={() => setBefore(first)}>
                    Earlier
                  </button>
                )}
              </div>
            </>
          );
        }}
      </WhenLoaded>
    </Page>
  );
}

function matches(record: AuditRecord, text: string): boolean {
  return text === '' || JSON.stringify(record).toLowerCase().includes(text.toLowerCase());
}

function Records({ records }: { readonly records: readonly AuditRecord[] }): JSX.Element {
  return (
    <Table
      label="Audit"
      rows={records}
      keyOf={({ number }) => String(number)}
      columns={[
        { title: 'Number', kind: 'number', cell: ({ number }) => number },
        { title: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
        { title: 'Action', cell: ({ action }) => codeWords(action) },
        { title: 'Actor', cell: (record) => actorOf(record) },
        {
          title: 'Subject',
          kind: 'name',
          cell: (record) => <span class="mono wrap">{subjectOf(record)}</span>,
        },
        {
          title: 'Outcome',
          cell: ({ outcome, code }) =>
            outcome === 'ok' ? (
              'ok'
            ) : (
              <Badge tone="bad" icon="forbidden">
                {codeWords(code ?? outcome).toLowerCase()}
              </Badge>
            ),
        },
        { title: 'Address', cell: ({ address }) => <code>{address ?? '–'}</code> },
        { title: 'Details', cell: ({ details }) => <Details of={details} /> },
      ]}
    />
  );
}

const SHORT = 60;

function Details({ of }: { readonly of: unknown }): JSX.Element | null {
  if (typeof of !== 'object' || of === null || Object.keys(of).length === 0) return null;
  // A reason says more than lists of what was affected.
  const words = Object.entries(of)
    .toSorted(([, one], [, other]) => Number(typeof other === 'string') - Number(typeof one === 'string'))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  if (words.length <= SHORT) return <span class="wrap">{words}</span>;
  return (
    <details class="wrap">
      <summary>{words.slice(0, SHORT)}…</summary>
      <pre>{JSON.stringify(of, null, 2)}</pre>
    </details>
  );
}
