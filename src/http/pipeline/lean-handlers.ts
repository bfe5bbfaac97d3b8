import type { ServerResponse } from 'node:http';
import {
  ForbiddenException,
  HttpStatus,
  RequestMethod,
  SetMetadata,
  type ArgumentsHost,
  type CanActivate,
  type ExecutionContext,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  METHOD_METADATA,
  PIPES_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
} from '@nestjs/common/internal';
import { LeanContext } from './lean-context.js';
import type { ServiceRequest } from '../input/service-request.js';

const LEAN = 'lean route';

/** The method of a controller that serves a route. */
interface Target {
  readonly controller: Type<object>;
  readonly method: string;
}

/**
 * Has a route served without Express, and its guards and pipes called without promises. Its handler, guards and pipes get
 * Node's own request and response, with `params`, `body` and `route` added, and no other property or method that Express would
 * add; middleware is not run for it.
 *
 * For the few routes that make the load: the frameworks' way to a handler costs more than all that it does.
 */
export function Lean(): MethodDecorator {
  return (prototype, method, descriptor) => {
    const target: Target = {
      controller: prototype.constructor as Type<object>,
      method: String(method),
    };
    SetMetadata(LEAN, target)(prototype, method, descriptor);
  };
}

/** Serves a request to the end. Rejects only if even the answer to what went wrong could not be given. */
export type LeanHandler = (request: ServiceRequest, response: ServerResponse) => Promise<void>;

/** What a handler is put together from. */
interface Parts {
  /** The instance of a controller or a guard. */
  readonly instanceOf: <T>(type: Type<T>) => T;
  readonly errorFilter: { answer(thrown: unknown, context: ArgumentsHost): void };
  readonly reply: (response: ServerResponse, body: unknown, status: number) => void;
}

type Argument = (context: LeanContext) => unknown;

/** What Nest notes of a parameter with a decorator. */
interface ParameterMetadata {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes: readonly PipeTransform[];
  /** Of a decorator of our own. */
  readonly factory?: (data: unknown, context: ExecutionContext) => unknown;
}

/** What Nest would do around a handler, and this does not. */
const UNSUPPORTED = [
  INTERCEPTORS_METADATA,
  EXCEPTION_FILTERS_METADATA,
  PIPES_METADATA,
  HEADERS_METADATA,
] as const;

/** The handlers of lean routes, put together once from the metadata that Nest's decorators have left. */
export class LeanHandlers {
  constructor(private readonly parts: Parts) {}

  /**
   * The handler of a route, by the function that Nest gave to Express; null if the route is not a lean one. Throws if it needs
   * something that lean routes cannot have.
   */
  handlerOf(handle: object): LeanHandler | null {
    const target = Reflect.getMetadata(LEAN, handle) as Target | undefined;
    return target === undefined ? null : this.#handlerOf(target);
  }

  #handlerOf({ controller, method }: Target): LeanHandler {
    const { instanceOf, errorFilter, reply } = this.parts;
    const instance = instanceOf(controller);
    const handle = Reflect.get(controller.prototype as object, method) as (...args: unknown[]) => unknown;
    for (const key of UNSUPPORTED) {
      if (has(key, controller) || has(key, handle)) {
        throw new Error(`${controller.name}.${method} is lean, so it cannot have ${key}`);
      }
    }
    const guards = [...guardsOf(controller), ...guardsOf(handle)].map(instanceOf);
    const readArguments = argumentsOf(controller, method);
    const status = statusOf(handle);
    return async (request, response) => {
      const context = new LeanContext(request, response, controller, handle);
      try {
        admit(context, guards);
        const result = await handle.apply(instance, readArguments(context));
        reply(response, result, status);
      } catch (error) {
        errorFilter.answer(error, context);
      }
    };
  }
}

function has(key: string, target: object): boolean {
  return Reflect.hasMetadata(key, target);
}

function guardsOf(target: object): readonly Type<CanActivate>[] {
  return (Reflect.getMetadata(GUARDS_METADATA, target) as readonly Type<CanActivate>[] | undefined) ?? [];
}

function statusOf(handle: object): number {
  const isPost = Reflect.getMetadata(METHOD_METADATA, handle) === RequestMethod.POST;
  const status = Reflect.getMetadata(HTTP_CODE_METADATA, handle) as number | undefined;
  return status ?? (isPost ? HttpStatus.CREATED : HttpStatus.OK);
}

function admit(context: LeanContext, guards: readonly CanActivate[]): void {
  for (const guard of guards) {
    if (now(guard.canActivate(context)) !== true) throw new ForbiddenException();
  }
}

/** Reads all arguments of a handler. */
function argumentsOf(controller: Type<object>, method: string): (context: LeanContext) => unknown[] {
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) as Type[];
  const noted = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) as
    Readonly<Record<string, ParameterMetadata>> | undefined;
  const readers: Argument[] = [];
  for (const [key, parameter] of Object.entries(noted ?? {})) {
    readers[parameter.index] = argumentOf(key, parameter, types[parameter.index]);
  }
  return (context) => readers.map((read) => read(context));
}

function argumentOf(key: string, { data, pipes, factory }: ParameterMetadata, metatype?: Type): Argument {
  if (factory !== undefined) return piped((context) => factory(data, context), pipes, 'custom', metatype);
  switch (Number(key.split(':')[0]) as RouteParamtypes) {
    case RouteParamtypes.BODY:
      return piped(({ request }) => request.body, pipes, 'body', metatype);
    case RouteParamtypes.PARAM:
      return piped(({ request }) => request.params[String(data)], pipes, 'param', metatype);
    default:
      throw new Error('a lean route takes only its body, parameters of its path, and decorators of our own');
  }
}

function piped(
  read: Argument,
  pipes: readonly PipeTransform[],
  type: 'body' | 'param' | 'custom',
  metatype: Type | undefined,
): Argument {
  const metadata = { type, metatype };
  return pipes.reduce<Argument>(
    (before, pipe) => (context) => now(pipe.transform(before(context), metadata)),
    read,
  );
}

/** What guards and pipes of a lean route give must be there at once. */
function now(value: unknown): unknown {
  if (value instanceof Promise) throw new TypeError('guards and pipes of a lean route cannot wait');
  return value;
}
