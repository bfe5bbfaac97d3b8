/** How far a reader of the event log has come. */
export interface CursorRow {
  reader: string;

  sequence: number;
}
