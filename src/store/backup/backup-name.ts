const TIME = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/;

/** The files that remain if the program is killed during a scheduled backup. */
const UNFINISHED = /^(octostore-\d{8}T\d{6}Z\.db)\.unfinished(?:-(?:journal|wal|shm))?$/;

/** The name of a scheduled backup: `octostore-20261129T030000Z.db`. Names sort in order of time. */
export function backupNameAt(wallMs: number): string {
  const time = new Date(wallMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return `octostore-${time}.db`;
}

/** When the backup with this name was made, in milliseconds since 1970. Null if a scheduled backup cannot have this name. */
export function timeOfBackup(name: string): number | null {
  const [, year, month, day, hour, minute, second] = TIME.exec(name) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Anything may stand around the time, and `Date.parse` reads February 30 as a day in March.
  return Number.isNaN(time) || backupNameAt(time) !== name ? null : time;
}

/** Whether the file is part of a scheduled backup that was never finished. */
export function isUnfinishedBackup(name: string): boolean {
  const [, backup] = UNFINISHED.exec(name) ?? [];
  return backup !== undefined && timeOfBackup(backup) !== null;
}
