import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** The system takes ports from 32768 up for listeners and connections that name none, also before the caller listens. */
const LOWEST = 10_000;
const COUNT = 20_000;

/** A port of 127.0.0.1 that no one listens on now. Prefers `wanted`, if that is free. */
export async function freePort(wanted = randomPort()): Promise<number> {
  try {
    return await portOf(createServer().listen(wanted, '127.0.0.1'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return freePort();
  }
}

function randomPort(): number {
  return LOWEST + Math.floor(Math.random() * COUNT);
}

async function portOf(server: Server): Promise<number> {
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
