import type { JSX } from 'preact';
import type { Lease } from '../../api/schemas';
import { modeWords } from '../../format/words';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { TimeLeft } from '../../parts/time';
import type { GridRow } from '../../parts/virtual-grid';
import type { LockEntry } from '../../state/levels';
import type { Row } from '../../state/lock-tree';

interface Context {
  readonly isNested: boolean;
  readonly toggle: (prefix: string) => void;
  readonly loadMore: (prefix: string) => void;
}

/** How a row of the list looks. */
export function gridRowOf(row: Row | undefined, { isNested, toggle, loadMore }: Context): GridRow {
  if (row === undefined) return { key: '', cells: null };
  const level = isNested ? row.depth : undefined;
  if (row.kind === 'more') {
    return {
      key: `more ${row.prefix}`,
      level,
      kind: 'more',
      cells: <MoreCells row={row} onLoad={loadMore} />,
    };
  }
  const { entry, isOpen, base } = row;
  const shown = isNested ? entry.key.slice(base.length) : entry.key;
  if (entry.kind === 'folder') {
    return {
      key: entry.key,
      level,
      isExpanded: isOpen,
      kind: 'folder',
      cells: (
        <FolderCells name={shown} depth={row.depth} isOpen={isOpen} onToggle={() => toggle(entry.key)} />
      ),
    };
  }
  return {
    key: entry.key,
    level,
    cells: <LockCells entry={entry} name={shown} depth={isNested ? row.depth : 1} />,
  };
}

function Indent({ depth }: { readonly depth: number }): JSX.Element {
  return <span class="indent" style={{ width: `${(depth - 1) * 18}px` }} />;
}

function FolderCells({
  name,
  depth,
  isOpen,
  onToggle,
}: {
  readonly name: string;
  readonly depth: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <span role="gridcell" class="cell-name folder-name" onClick={onToggle}>
      <Indent depth={depth} />
      <span class={isOpen ? 'twisty open' : 'twisty'}>
        <Icon name="chevron" />
      </span>
      <Icon name="folder" />
      <span class="mono">{name}</span>
    </span>
  );
}

function LockCells({
  entry,
  name,
  depth,
}: {
  readonly entry: LockEntry;
  readonly name: string;
  readonly depth: number;
}): JSX.Element | null {
  const [first] = entry.leases;
  if (first === undefined) return null;
  return (
    <>
      <span role="gridcell" class="cell-name">
        <Indent depth={depth} />
        <span class="twisty" />
        <Link to={{ screen: 'lock', name: entry.key }} tabIndex={-1} class="mono" title={entry.key}>
          {name}
        </Link>
      </span>
      <span role="gridcell" class="cell-holder" title={first.metadata ?? undefined}>
        {holders(entry.leases)}{' '}
        {first.metadata === null ? null : <span class="faint note">{first.metadata}</span>}
      </span>
      <span role="gridcell" class="cell-mode">
        {first.mode === 'counted' ? permitsWords(entry.leases) : modeWords(first)}
      </span>
      <span role="gridcell" class="cell-token mono">
        {first.fencing_token}
      </span>
      <span role="gridcell" class="cell-expires">
        <TimeLeft at={latestExpiry(entry.leases)} over="renewing" />
      </span>
    </>
  );
}

function holders(leases: readonly Lease[]): string {
  const names = [...new Set(leases.map(({ holder }) => holder))];
  const [first = ''] = names;
  return leases.length === 1 ? first : `${first} + ${leases.length - 1} more`;
}

function permitsWords(leases: readonly Lease[]): string {
  const used = leases.reduce((sum, { permits = 1 }) => sum + permits, 0);
  return `${used} of ${leases[0]?.limit ?? used}`;
}

function latestExpiry(leases: readonly Lease[]): string {
  return leases.reduce((latest, { expires_at }) => (expires_at > latest ? expires_at : latest), '');
}

function MoreCells({
  row,
  onLoad,
}: {
  readonly row: Extract<Row, { kind: 'more' }>;
  readonly onLoad: (prefix: string) => void;
}): JSX.Element {
  return (
    <span role="gridcell" class="cell-name faint" onClick={() => onLoad(row.prefix)}>
      <Indent depth={row.depth} />
      <span class="twisty" />
      Loading more…
    </span>
  );
}
