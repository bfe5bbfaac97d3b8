import type { JSX } from 'preact';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { duration } from '../format/time';
import { bytes, grouped } from '../format/words';
import { Badge } from '../parts/badge';
import { Chart, type Series } from '../parts/chart';
import { Page } from '../parts/page';
import { State, WhenLoaded } from '../parts/states';
import { useLoad } from '../state/use-load';

type Name = keyof Schemas['ChartsBody']['series'];

interface Drawing {
  readonly title: string;
  readonly lines: readonly { readonly name: Name; readonly label: string }[];
  readonly format: (value: number) => string;
}

const perSecond = (value: number): string =>
  `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))}/s`;
const milliseconds = (value: number): string =>
  `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ms`;
const whole = (value: number): string => grouped(Math.round(value));

const DRAWINGS: readonly Drawing[] = [
  {
    title: 'Throughput',
    lines: [
      { name: 'requests_per_second', label: 'requests' },
      { name: 'commands_per_second', label: 'changes' },
    ],
    format: perSecond,
  },
  {
    title: 'Latency of changes',
    lines: [
      { name: 'command_p50_ms', label: 'median' },
      { name: 'command_p95_ms', label: '95 %' },
      { name: 'command_p99_ms', label: '99 %' },
    ],
    format: milliseconds,
  },
  {
    title: 'Commits',
    lines: [
      { name: 'commit_p50_ms', label: 'median' },
      { name: 'commit_p99_ms', label: '99 %' },
    ],
    format: milliseconds,
  },
  { title: 'Locks held', lines: [{ name: 'locks_held', label: 'locks' }], format: whole },
  {
    title: 'Clients',
    lines: [
      { name: 'waiters', label: 'waiting' },
      { name: 'sessions', label: 'sessions' },
      { name: 'streams', label: 'streams' },
    ],
    format: whole,
  },
  {
    title: 'Refused',
    lines: [
      { name: 'overloaded_per_second', label: 'overloaded' },
      { name: 'rate_limited_per_second', label: 'rate limited' },
    ],
    format: perSecond,
  },
  {
    title: 'Webhook deliveries',
    lines: [
      { name: 'deliveries_per_second', label: 'attempts' },
      { name: 'delivery_failures_per_second', label: 'failures' },
    ],
    format: perSecond,
  },
  {
    title: 'Event loop delay',
    lines: [{ name: 'event_loop_delay_p99_ms', label: '99 %' }],
    format: milliseconds,
  },
  {
    title: 'Memory',
    lines: [
      { name: 'memory_bytes', label: 'process' },
      { name: 'heap_bytes', label: 'heap' },
    ],
    format: bytes,
  },
];

/** For administrators: how the server is doing, and how it did in the last hour. */
export function Health(): JSX.Element {
  const status = useLoad('status', () => ask(api.GET('/admin/status')), { everyMs: 5000 });
  const charts = useLoad('charts', () => ask(api.GET('/admin/charts')), { everyMs: 10_000 });
  return (
    <Page title="Health">
      <WhenLoaded what="the status" of={status}>
        {(data) => <Figures status={data} />}
      </WhenLoaded>
      <WhenLoaded what="the charts" of={charts}>
        {(data) =>
          data.times.length < 2 ? (
            <State icon="health" title="The charts begin in a few seconds.">
              <p>The server keeps the last hour in memory, from the moment it began to lead.</p>
            </State>
          ) : (
            <div class="charts">
              {DRAWINGS.map(({ title, lines, format }) => (
                <Chart
                  key={title}
                  title={title}
                  times={data.times}
                  series={lines.map(({ name, label }): Series => ({ label, values: data.series[name] }))}
                  format={format}
                />
              ))}
            </div>
          )
        }
      </WhenLoaded>
    </Page>
  );
}

function Figures({ status }: { readonly status: Schemas['AdminStatusResponse'] }): JSX.Element {
  const isReady = status.status === 'ready';
  const figures: readonly [string, string][] = [
    ['Version', status.version],
    ['Running for', duration(status.uptime_seconds * 1000)],
    ['Database', status.database === 'sqlite' ? 'SQLite' : 'PostgreSQL'],
    ['Term', grouped(status.term)],
    ['Locks held', grouped(status.locks_held)],
    ['Waiting', grouped(status.waiters)],
    ['Sessions', grouped(status.sessions)],
    ['Event streams', grouped(status.watchers)],
    ['Commands pending', grouped(status.pending_commands)],
    ['Fencing token', grouped(status.fencing_token)],
    ['Event sequence', grouped(status.event_sequence)],
    ['Deliveries pending', grouped(status.webhook_deliveries_pending)],
    ['Deliveries dead', grouped(status.webhook_deliveries_dead)],
  ];
  return (
    <>
      <p class="badges">
        <Badge tone={isReady ? 'good' : 'bad'} icon={isReady ? 'check' : 'warning'}>
          {status.status}
        </Badge>
        {status.storage_low ? (
          <Badge tone="bad" icon="warning">
            the disk is nearly full: no new grants
          </Badge>
        ) : null}
      </p>
      <dl class="facts">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
