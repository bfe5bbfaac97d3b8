import type { NestExpressApplication } from '@nestjs/platform-express';
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

/** Makes the server listen, and returns its URL. Throws `AddressError`. */
export async function listen(app: NestExpressApplication, { host, port }: BindAddress): Promise<string> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const reason = REASONS[String(codeOf(error))];
    throw reason === undefined ? error : new AddressError(`${host}:${port} ${reason}`, { cause: error });
  }
  return app.getUrl();
}
