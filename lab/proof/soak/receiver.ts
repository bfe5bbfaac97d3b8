import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../kit/doubles/certificate.js';

/** An HTTPS server that accepts every webhook delivery and keeps none, so it can run for any time. */
export class Receiver {
  received = 0;

  private constructor(
    readonly caFile: string,
    private readonly server: Server,
  ) {
    server.on('request', (request, response) => {
      this.received += 1;
      request.on('error', () => undefined).resume();
      response.writeHead(204).end();
    });
  }

  static async start(): Promise<Receiver> {
    const { caFile, ...certificate } = makeCertificate();
    const server = createServer(certificate);
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Receiver(caFile, server);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/soak`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
