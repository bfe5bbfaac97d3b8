import type { BindAddress } from '../../config/environment.js';
import { codeOf } from '../../errors/system-error-code.js';

/** The server cannot listen where `BIND_ADDR` says. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/** Why the server cannot listen on an address, by the system's error code. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another process. Stop it, or choose another address with BIND_ADDR.',
  EADDRNOTAVAIL: 'is not an address of this machine. Choose another one with BIND_ADDR.',
  EACCES: 'may not be used by this process. Choose a port above 1023 with BIND_ADDR.',
  ENOTFOUND: 'cannot be found. Choose another host with BIND_ADDR.',
};

/** Runs `listen`, which begins to listen at an address. Throws `AddressError` if it cannot be used. */
export async function listenAt<T>(
  { host, port }: BindAddress,
  listen: (port: number, host: string) => Promise<T>,
): Promise<T> {
  try {
    return await listen(port, host);
  } catch (error) {
    const reason = REASONS[String(codeOf(error))];
    throw reason === undefined ? error : new AddressError(`${host}:${port} ${reason}`, { cause: error });
  }
}
