import type { ComponentChildren, JSX } from 'preact';

export interface Column<T> {
  readonly title: string;
  /** Whether the title is for screen readers only, as that of buttons. */
  readonly isUntitled?: boolean;
  readonly cell: (row: T) => ComponentChildren;
  readonly kind?: 'name' | 'number' | 'buttons';
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}

/** A table. On a narrow screen, each row becomes a card whose cells have their titles beside them. */
export function Table<T>({ label, columns, rows, keyOf }: Props<T>): JSX.Element {
  return (
    <table class="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, isUntitled, kind }) => (
            <th key={title} scope="col" class={kind}>
              <span class={isUntitled === true ? 'visually-hidden' : undefined}>{title}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, isUntitled, kind, cell }) => (
              <td key={title} class={kind} data-title={isUntitled === true ? undefined : title}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
