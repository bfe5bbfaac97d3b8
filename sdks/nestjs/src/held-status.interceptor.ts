import {
  HttpException,
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { LockHeldError } from '@octostore/client';
import { catchError, type Observable } from 'rxjs';
import { MODULE_OPTIONS_TOKEN, type OctoStoreModuleOptions } from './options.js';

/** Answers HTTP requests whose handler could not get a lock. The answer does not say who holds it. */
@Injectable()
export class HeldStatusInterceptor implements NestInterceptor {
  readonly #status: number;

  constructor(@Inject(MODULE_OPTIONS_TOKEN) { heldStatus = 423 }: OctoStoreModuleOptions) {
    this.#status = heldStatus;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    return next.handle().pipe(
      catchError((error: unknown) => {
        throw error instanceof LockHeldError ? this.#refusal(error) : error;
      }),
    );
  }

  #refusal(error: LockHeldError): HttpException {
    const message = 'Another request is using this now. Try again later.';
    return new HttpException({ statusCode: this.#status, message, code: error.code }, this.#status, {
      cause: error,
    });
  }
}
