import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The GitHub account that a login in the configuration stands for. Never changed and never removed. */
@Entity('login_pins')
export class LoginPinEntity {
  /** In lower case. */
  @PrimaryColumn('text')
  login!: string;

  /** GitHub's numeric id of the account that used the login first. */
  @Column('text')
  subject!: string;

  /** Wall-clock milliseconds. */
  @Column('integer', { name: 'created_at' })
  createdAt!: number;
}
