/** The position of a reader in the event log. */
export interface CursorRow {
  reader: string;

  sequence: number;
}
