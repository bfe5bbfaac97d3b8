const FIRST_PORT = 20_000;
let lastPort = FIRST_PORT - 1;

/**
 * A loopback address that belongs to this process alone, with a port that it has not used before. On a shared address,
 * the port of a listener that is down for a while could be given to another program, which would answer in its place.
 * Only Linux has more than one loopback address. Its process ids have 22 bits.
 */
export function ownAddress(): { readonly host: string; readonly port: number } {
  lastPort += 1;
  if (process.platform !== 'linux') return { host: '127.0.0.1', port: lastPort };
  const { pid } = process;
  return { host: `127.${64 + (pid >>> 16)}.${(pid >>> 8) & 255}.${pid & 255}`, port: lastPort };
}
