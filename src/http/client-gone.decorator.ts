import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';

/** Makes a signal that aborts when the client's connection closes before it was answered. */
export type ClientGone = () => AbortSignal;

/** Lets a handler that waits notice that nobody waits for it any more. Costs nothing unless the signal is made. */
export const ClientGone = createParamDecorator((_: unknown, context: ExecutionContext): ClientGone => {
  const response = context.switchToHttp().getResponse<Response>();
  return () => {
    const controller = new AbortController();
    if (response.destroyed) controller.abort();
    response.once('close', () => {
      if (!response.writableFinished) controller.abort();
    });
    return controller.signal;
  };
});
