import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** A port of 127.0.0.1 that no one listens on now. Prefers `wanted`, if that is free. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  try {
    return await portOf(server.listen(wanted, '127.0.0.1'));
  } catch (error) {
    if (wanted === 0) throw error;
    return freePort();
  }
}

async function portOf(server: Server): Promise<number> {
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
