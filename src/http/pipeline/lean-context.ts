import type { ServerResponse } from 'node:http';
import type { ExecutionContext, Type } from '@nestjs/common';
import type { ServiceRequest } from '../input/service-request.js';

type HttpContext = ReturnType<ExecutionContext['switchToHttp']>;

/** The execution context of a request on a lean route. All guards, decorators and filters share one. */
export class LeanContext implements ExecutionContext, HttpContext {
  constructor(
    readonly request: ServiceRequest,
    readonly response: ServerResponse,
    private readonly controller: Type<object>,
    private readonly handler: (...args: unknown[]) => unknown,
  ) {}

  switchToHttp(): HttpContext {
    return this;
  }

  getRequest<T>(): T {
    return this.request as T;
  }

  getResponse<T>(): T {
    return this.response as T;
  }

  getNext<T>(): T {
    throw new Error('no other route follows a lean route');
  }

  getClass<T>(): Type<T> {
    return this.controller as Type<T>;
  }

  getHandler(): (...args: unknown[]) => unknown {
    return this.handler;
  }

  getArgs<T extends unknown[]>(): T {
    return [this.request, this.response] as unknown[] as T;
  }

  getArgByIndex<T>(index: number): T {
    return this.getArgs()[index] as T;
  }

  getType<T extends string>(): T {
    return 'http' as T;
  }

  switchToRpc(): never {
    throw new Error('this is a request over HTTP');
  }

  switchToWs(): never {
    throw new Error('this is a request over HTTP');
  }
}
