import { createExpress } from '../../http/create-express.js';
import { clientAddressOf } from '../../http/input/client-address.js';
import type { ServiceRequest } from '../../http/input/service-request.js';

/** Makes a function that tells the address of a request's client, as the application of a leader does. */
export function clientAddresses(trustedProxies: readonly string[]): (request: ServiceRequest) => string {
  // Express reads the headers of proxies even if it trusts none.
  if (trustedProxies.length === 0) return ({ socket }) => socket.remoteAddress ?? '';
  const app = createExpress(trustedProxies);
  return (request) => clientAddressOf(request, app);
}
