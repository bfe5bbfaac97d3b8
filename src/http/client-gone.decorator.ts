import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';

/** Makes what aborts when the client's connection closes before it was answered. The handler may abort it for other reasons. */
export type ClientGone = () => AbortController;

/** Lets a handler that waits notice that nobody waits for it any more. Costs nothing unless the controller is made. */
export const ClientGone = createParamDecorator((_: unknown, context: ExecutionContext): ClientGone => {
  const response = context.switchToHttp().getResponse<Response>();
  return () => {
    const controller = new AbortController();
    if (response.destroyed) controller.abort();
    response.once('close', () => {
      if (!response.writableFinished) controller.abort();
    });
    return controller;
  };
});
