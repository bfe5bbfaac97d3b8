import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** Where a list is that the API gives in pages. */
export interface Pages {
  /** Of the present page. Undefined for the first one. */
  readonly cursor: string | undefined;
  readonly go: (cursor: string) => void;
  readonly back: () => void;
  readonly restart: () => void;
}

export function usePages(): Pages {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    cursor: cursors.at(-1),
    go: (cursor) => setCursors([...cursors, cursor]),
    back: () => setCursors(cursors.slice(0, -1)),
    restart: () => setCursors([]),
  };
}

/** The cursor as the API wants it. */
export function cursorOf({ cursor }: Pages): { cursor?: string } {
  return cursor === undefined ? {} : { cursor };
}

export function Pager({ pages, next }: { readonly pages: Pages; readonly next: string | null }): JSX.Element {
  return (
    <div class="pager">
      {pages.cursor === undefined ? null : (
        <button type="button" onClick={pages.back}>
          Previous
        </button>
      )}
      {next === null ? null : (
        <button type="button" onClick={() => pages.go(next)}>
          Next
        </button>
      )}
    </div>
  );
}
