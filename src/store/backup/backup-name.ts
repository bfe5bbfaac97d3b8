const NAME = /^octostore-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.db$/;

/** What the scheduled backups of this program leave when it is killed while it makes one. */
const UNFINISHED = /^(octostore-\d{8}T\d{6}Z\.db)\.unfinished(?:-(?:journal|wal|shm))?$/;

/** Names a scheduled backup by its time, so that names sort as times do: `octostore-20261129T030000Z.db`. */
export function backupNameAt(wallMs: number): string {
  const time = new Date(wallMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return `octostore-${time}.db`;
}

/** When the backup of this name was made, in milliseconds since 1970; null if it is no name of ours. */
export function timeOfBackup(name: string): number | null {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // February 30 is taken for a day of March.
  return Number.isNaN(time) || backupNameAt(time) !== name ? null : time;
}

/** Whether it is a part of a scheduled backup that was never finished. */
export function isUnfinishedBackup(name: string): boolean {
  const [, backup] = UNFINISHED.exec(name) ?? [];
  return backup !== undefined && timeOfBackup(backup) !== null;
}
