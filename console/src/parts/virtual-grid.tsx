import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

/** Rows above and below the visible ones that are there already when the user scrolls. */
const SPARE_ROWS = 12;

/** What a row is to a screen reader, and what it shows. */
export interface GridRow {
  readonly key: string;
  readonly cells: ComponentChildren;
  readonly level?: number;
  readonly isExpanded?: boolean;
  readonly kind?: string;
}

interface Props {
  readonly label: string;
  readonly role: 'grid' | 'treegrid';
  readonly columns: readonly string[];
  readonly rowCount: number;
  readonly rowHeight: number;
  readonly row: (index: number) => GridRow;
  readonly onOpen: (index: number) => void;
  /** The arrow keys to the right and to the left. */
  readonly onExpand?: (index: number, isWanted: boolean) => void;
  readonly onVisible: (first: number, last: number) => void;
}

/** A list of any length, of which only the visible rows exist. The arrow keys move in it, and Enter opens a row. */
export function VirtualGrid(props: Props): JSX.Element {
  const { rowCount, rowHeight, columns } = props;
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const view = useView(grid);
  const [chosen, setChosen] = useState(0);
  const active = Math.max(0, Math.min(chosen, rowCount - 1));
  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE_ROWS);
  const last = Math.min(rowCount - 1, Math.ceil((view.top + view.height) / rowHeight) + SPARE_ROWS);
  useEffect(() => {
    if (view.height > 0) props.onVisible(first, last);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const target = targetOf(event.key, active, page, rowCount);
    if (target !== null) {
      setChosen(target);
      if (grid.current !== null) reveal(grid.current, target, rowHeight);
    } else if (!act(event.key, active, props)) {
      return;
    }
    event.preventDefault();
  };
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place);
  return (
    <div
      ref={grid}
      class="grid"
      role={props.role}
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-activedescendant={active >= first && active <= last ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="row" class="grid-head" aria-rowindex={1}>
        {columns.map((column) => (
          <span key={column} role="columnheader">
            {column}
          </span>
        ))}
      </div>
      <div role="rowgroup" class="grid-body" style={{ height: `${rowCount * rowHeight}px` }}>
        {indexes.map((index) => (
          <Row
            key={index}
            id={`${id}-${index}`}
            index={index}
            row={props.row(index)}
            top={index * rowHeight}
            isActive={index === active}
            onChoose={() => setChosen(index)}
          />
        ))}
      </div>
    </div>
  );
}

function Row({
  id,
  index,
  row,
  top,
  isActive,
  onChoose,
}: {
  readonly id: string;
  readonly index: number;
  readonly row: GridRow;
  readonly top: number;
  readonly isActive: boolean;
  readonly onChoose: () => void;
}): JSX.Element {
  return (
    <div
      id={id}
      role="row"
      class={`grid-row ${row.kind ?? ''} ${isActive ? 'active' : ''}`}
      aria-rowindex={index + 2}
      aria-level={row.level}
      aria-expanded={row.isExpanded}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={onChoose}
    >
      {row.cells}
    </div>
  );
}

/** Which part of the content can be seen. */
function useView(grid: { readonly current: HTMLDivElement | null }): { top: number; height: number } {
  const [view, setView] = useState({ top: 0, height: 0 });
  useEffect(() => {
    const element = grid.current;
    if (element === null) return undefined;
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [grid]);
  return view;
}

/** What a key does with a row. Returns whether it does anything. */
function act(key: string, index: number, { onOpen, onExpand }: Props): boolean {
  if (key === 'Enter') onOpen(index);
  else if (key === 'ArrowRight' || key === 'ArrowLeft') onExpand?.(index, key === 'ArrowRight');
  else return false;
  return true;
}

/** The row that a key leads to. Null if it leads to none. */
function targetOf(key: string, active: number, page: number, count: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(target, count - 1));
}

function reveal(grid: HTMLElement, index: number, rowHeight: number): void {
  const head = grid.querySelector<HTMLElement>('.grid-head')?.offsetHeight ?? 0;
  const top = index * rowHeight;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + rowHeight + head > grid.scrollTop + grid.clientHeight) {
    grid.scrollTop = top + rowHeight + head - grid.clientHeight;
  }
}
