import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { onClientGone } from './client-gone.js';

/** Makes what aborts when the client has gone before it was answered. The handler may abort it for other reasons. */
export type ClientGone = () => AbortController;

/** Lets a handler that waits notice that nobody waits for it any more. Costs nothing unless the controller is made. */
export const ClientGone = createParamDecorator((_: unknown, context: ExecutionContext): ClientGone => {
  const request = context.switchToHttp().getRequest<Request>();
  return () => {
    const controller = new AbortController();
    onClientGone(request, () => controller.abort());
    return controller;
  };
});
