import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { onClientGone } from './client-gone.js';

/** Creates a controller that aborts when the client disconnects before its answer. The handler may abort it for other reasons. */
export type ClientGone = () => AbortController;

/** Lets a waiting handler notice that its client has disconnected. Costs nothing until the controller is created. */
export const ClientGone = createParamDecorator((_: unknown, context: ExecutionContext): ClientGone => {
  const request = context.switchToHttp().getRequest<Request>();
  return () => {
    const controller = new AbortController();
    onClientGone(request, () => controller.abort());
    return controller;
  };
});
