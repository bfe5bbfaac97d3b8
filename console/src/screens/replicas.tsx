import type { JSX } from 'preact';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { duration } from '../format/time';
import { grouped } from '../format/words';
import { Badge } from '../parts/badge';
import { Page, Section } from '../parts/page';
import { WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { useLoad } from '../state/use-load';

const LOOKS = {
  leader: { tone: 'good', icon: 'check' },
  standby: { tone: 'plain', icon: 'clock' },
  gone: { tone: 'bad', icon: 'offline' },
} as const;

const REASONS: Record<Schemas['TermBody']['reason'], string> = {
  first: 'the database was new',
  resigned: 'the leader before had stopped',
  silent: 'the leader before was silent for too long',
  restored: 'the database was declared restored',
  restart: 'the leader began again',
};

/** For administrators: which servers there are, which one leads, and which ones led before. */
export function Replicas(): JSX.Element {
  const cluster = useLoad('replicas', () => ask(api.GET('/admin/replicas')), { everyMs: 3000 });
  return (
    <Page title="Replicas">
      <WhenLoaded what="the replicas" of={cluster}>
        {({ replicas, terms }) => (
          <>
            <p class="lead">
              {replicas.every(({ url }) => url === null)
                ? 'One server with a SQLite database. Several servers need PostgreSQL.'
                : 'One server leads, and the others stand by. They share a PostgreSQL database.'}
            </p>
            <Table
              label="Replicas"
              rows={replicas}
              keyOf={({ url, started_at }) => `${url ?? ''} ${started_at}`}
              columns={[
                {
                  title: 'Server',
                  kind: 'name',
                  cell: ({ url }) => <span class="mono">{url ?? 'this server'}</span>,
                },
                { title: 'Role', cell: ({ role }) => <Badge {...LOOKS[role]}>{role}</Badge> },
                { title: 'Version', cell: ({ version }) => version },
                {
                  title: 'Started',
                  cell: ({ started_at }) => <RelativeTime at={started_at} />,
                },
                {
                  title: 'Last seen',
                  cell: ({ seen_seconds_ago }) => `${duration(seen_seconds_ago * 1000)} ago`,
                },
                {
                  title: 'Settings',
                  cell: ({ same_settings }) =>
                    same_settings ? (
                      'same'
                    ) : (
                      <Badge tone="bad" icon="warning">
                        differ
                      </Badge>
                    ),
                },
              ]}
            />
            {terms.length === 0 ? null : <Terms terms={terms} />}
          </>
        )}
      </WhenLoaded>
    </Page>
  );
}

function Terms({ terms }: { readonly terms: readonly Schemas['TermBody'][] }): JSX.Element {
  return (
    <Section title="Terms">
      <Table
        label="Terms"
        rows={terms}
        keyOf={({ term }) => String(term)}
        columns={[
          { title: 'Term', kind: 'number', cell: ({ term }) => term },
          {
            title: 'Leader',
            kind: 'name',
            cell: ({ leader_url }) => <span class="mono">{leader_url ?? 'a command'}</span>,
          },
          { title: 'Began', cell: ({ began_at }) => <RelativeTime at={began_at} /> },
          { title: 'Why', cell: ({ reason }) => REASONS[reason] },
          { title: 'Numbers skipped', kind: 'number', cell: ({ skipped }) => grouped(skipped) },
        ]}
      />
    </Section>
  );
}
