import { readFileSync } from 'node:fs';

/** The account that runs PostgreSQL, which refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Null if it runs as the current user. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = new Map(readFileSync('/etc/passwd', 'utf8').split('\n').map(toEntry));
  return accounts.get('postgres') ?? accounts.get('nobody') ?? { uid: 65_534, gid: 65_534 };
}

function toEntry(line: string): [name: string, account: Account] {
  const [name = '', , uid, gid] = line.split(':');
  return [name, { uid: Number(uid), gid: Number(gid) }];
}
