import type { Server } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import { Replies } from './answer/replies.js';
import { createExpress } from './create-express.js';
import type { Front } from './front.js';
import type { Pipeline } from './pipeline/pipeline.js';

type ListenRest = [hostname: string, done?: () => void] | [done?: () => void];

interface AdapterOptions {
  readonly trustedProxies: readonly string[];
  /**
   * Whether the server may listen already, and goes on when the application ends. Then the application serves the requests that
   * begin after it "listens", until others do.
   */
  readonly isFrontShared: boolean;
}

/** Nest on Express. Express gets only the requests that the pipeline leaves to it. */
export class HttpAdapter extends ExpressAdapter {
  readonly replies = new Replies();
  readonly front: Front;
  readonly #isFrontShared: boolean;
  #pipeline: Pipeline | null = null;

  constructor(front: Front, { trustedProxies, isFrontShared }: AdapterOptions) {
    super(createExpress(trustedProxies));
    this.front = front;
    this.#isFrontShared = isFrontShared;
  }

  /** Sends all requests through `pipeline`. Call this before the application listens. */
  serveThrough(pipeline: Pipeline): void {
    this.#pipeline = pipeline;
  }

  override initHttpServer(): void {
    this.httpServer = this.front.server as typeof this.httpServer;
  }

  override listen(port: number | string, ...rest: ListenRest): Server {
    if (this.#pipeline !== null) this.front.serveThrough(this.#pipeline);
    if (!this.#isFrontShared) return super.listen(port, ...(rest as [string]));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return this.httpServer;
  }

  override reply(response: Response, body: unknown, statusCode = response.statusCode): void {
    this.replies.send(response, body, statusCode);
  }

  override status(response: Response, statusCode: number): Response {
    response.statusCode = statusCode;
    return response;
  }

  /** Makes every answer of the application close its connection from now on. */
  override beforeClose(): void {
    this.replies.endConnections();
    super.beforeClose();
  }

  override close(): Promise<unknown> | undefined {
    return this.#isFrontShared ? undefined : super.close();
  }
}
