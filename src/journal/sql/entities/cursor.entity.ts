import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CursorRow } from '../../rows/cursor-row.js';

@Entity('cursors')
export class CursorEntity implements CursorRow {
  @PrimaryColumn('text')
  reader!: string;

  @Column('integer')
  sequence!: number;
}
