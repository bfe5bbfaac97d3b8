import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a reader of the event log has come. */
@Entity('cursors')
export class CursorEntity {
  @PrimaryColumn('text')
  reader!: string;

  @Column('integer')
  sequence!: number;
}
