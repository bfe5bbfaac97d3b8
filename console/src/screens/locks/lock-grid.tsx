import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LockEvent } from '../../api/schemas';
import { serverNowMs } from '../../api/server-time';
import { Failure, Loading, StaleNote, State } from '../../parts/states';
import { VirtualGrid } from '../../parts/virtual-grid';
import { navigate } from '../../routes/navigation';
import type { Route } from '../../routes/route';
import { live, useWatched } from '../../state/live';
import { LockTree, rowsOf, type Row } from '../../state/lock-tree';
import { useStore } from '../../state/store';
import { rowHeightOf, useIsNarrow } from './row-height';
import { gridRowOf } from './lock-row';

interface Props {
  readonly route: Extract<Route, { screen: 'locks' }>;
  /** How many locks the server has. Null if that is not known yet. */
  readonly lockCount: number | null;
}

/** With more locks than this, renewals are not followed: most of them are of locks that no one looks at. */
const RENEWALS_MAX = 2000;

export function LockGrid({ route, lockCount }: Props): JSX.Element {
  const { prefix, mine } = route;
  const nested = route.view === 'tree';
  const generation = useStore(live.generation);
  const open = useRef<ReadonlySet<string>>(new Set());
  // What was read before a gap in the events is thrown away.
  const tree = useMemo(() => new LockTree({ prefix, nested, mine }, open.current), [generation]);
  const contents = useStore(tree.contents);
  open.current = contents.open;
  useWatched(
    { kind: 'locks', prefix, renewals: lockCount !== null && lockCount <= RENEWALS_MAX },
    useCallback((events: readonly LockEvent[]) => tree.apply(events), [tree]),
  );
  useEffect(() => {
    void tree.loadMore(prefix);
  }, [tree]);

  const rows = useMemo(() => rowsOf(contents, prefix), [contents]);
  const { root } = tree;
  if (root.entries.length === 0 && contents.failure !== null) {
    return <Failure failure={contents.failure} retry={() => void tree.loadMore(prefix)} />;
  }
  if (root.entries.length === 0 && root.state !== 'ready') return <Loading what="locks" />;
  if (root.entries.length === 0) return <NoLocks prefix={prefix} mine={mine} />;
  return (
    <>
      {contents.failure === null ? null : (
        <StaleNote failure={contents.failure} retry={() => void tree.loadMore(prefix)} />
      )}
      <Rows rows={rows} tree={tree} isNested={nested} />
    </>
  );
}

function Rows({
  rows,
  tree,
  isNested,
}: {
  readonly rows: readonly Row[];
  readonly tree: LockTree;
  readonly isNested: boolean;
}): JSX.Element {
  const isNarrow = useIsNarrow();
  const [, setTouched] = useState(0);
  const toggle = (prefix: string): void => {
    tree.toggle(prefix);
    void tree.loadMore(prefix);
  };
  const onOpen = (index: number): void => {
    const row = rows[index];
    if (row?.kind === 'more') void tree.loadMore(row.prefix);
    else if (row?.entry.kind === 'folder') toggle(row.entry.key);
    else if (row !== undefined) navigate({ screen: 'lock', name: row.entry.key });
  };
  return (
    <VirtualGrid
      label="Held locks"
      role={isNested ? 'treegrid' : 'grid'}
      columns={['Name', 'Holder', 'Mode', 'Token', 'Expires']}
      rowCount={rows.length}
      rowHeight={rowHeightOf(isNarrow)}
      row={(index) =>
        gridRowOf(rows[index], { isNested, toggle, loadMore: (prefix) => void tree.loadMore(prefix) })
      }
      onOpen={onOpen}
      onExpand={(index, isWanted) => {
        const row = rows[index];
        if (row?.kind === 'entry' && row.entry.kind === 'folder' && row.isOpen !== isWanted)
          toggle(row.entry.key);
        setTouched((count) => count + 1);
      }}
      onVisible={(first, last) => readVisible(tree, rows, first, last)}
    />
  );
}

/** Reads what has come into view, and what looks expired although no event has said so: it was renewed. */
function readVisible(tree: LockTree, rows: readonly Row[], first: number, last: number): void {
  const hasFailed = tree.contents.value.failure !== null;
  const now = serverNowMs();
  for (const row of rows.slice(first, last + 1)) {
    if (row.kind === 'more') {
      if (!hasFailed) void tree.loadMore(row.prefix);
    } else if (
      row.entry.kind === 'lock' &&
      row.entry.leases.some((lease) => Date.parse(lease.expires_at) < now)
    ) {
      void tree.refresh(row.base, row.entry.key);
    }
  }
}

function NoLocks({ prefix, mine }: { readonly prefix: string; readonly mine: boolean }): JSX.Element {
  if (mine) return <State icon="inbox" title="You hold no locks here." />;
  if (prefix !== '') {
    return (
      <State icon="search" title={`No lock is held whose name begins with ${prefix}`}>
        <p>The list shows held locks. To see the history of another lock, press Enter in the search field.</p>
      </State>
    );
  }
  return (
    <State icon="inbox" title="No lock is held.">
      <p>Locks appear here the moment a client acquires one. Try it:</p>
      <p>
        <code>octostore lock run deploy/prod -- sleep 60</code>
      </p>
    </State>
  );
}
