import type { ServerResponse } from 'node:http';
import { ForbiddenException, type ArgumentsHost, type CanActivate, type Type } from '@nestjs/common';
import type { ServiceRequest } from '../input/service-request.js';
import {
  guardsOf,
  headersOf,
  parametersOf,
  statusOf,
  enhancersOf,
  type Parameter,
  type Source,
} from '../routes/framework-internals.js';
import type { Route, Target } from '../routes/route.js';
import { LeanContext } from './lean-context.js';

/** Serves a request completely. Rejects only if even the error answer could not be sent. */
export type LeanHandler = (request: ServiceRequest, response: ServerResponse) => Promise<void>;

interface Parts {
  /** The instance of a controller or a guard. */
  readonly instanceOf: <T>(type: Type<T>) => T;
  readonly errorFilter: { answer(thrown: unknown, context: ArgumentsHost): void };
  readonly replies: { send(response: ServerResponse, body: unknown, status: number): void };
}

/**
 * The handlers of the routes that are served without Express, built once from the metadata of Nest's decorators. Throws if a
 * route needs something that lean routes do not support.
 */
export function leanHandlersOf(routes: readonly Route[], parts: Parts): ReadonlyMap<Route, LeanHandler> {
  return new Map(
    routes.flatMap((route) =>
      route.isLean && route.target !== null ? [[route, leanHandlerOf(route.target, parts)]] : [],
    ),
  );
}

function leanHandlerOf(target: Target, { instanceOf, errorFilter, replies }: Parts): LeanHandler {
  const { controller, method } = target;
  const instance = instanceOf(controller);
  const handle = Reflect.get(controller.prototype as object, method) as (...args: unknown[]) => unknown;
  const [unsupported] = [...enhancersOf(controller), ...enhancersOf(handle)];
  if (unsupported !== undefined)
    throw new Error(`${controller.name}.${method} is lean, so it cannot have ${unsupported}`);
  const guards = [...guardsOf(controller), ...guardsOf(handle)].map(instanceOf);
  const readArguments = argumentsOf(target);
  const [status, headers] = [statusOf(handle), headersOf(handle)];
  return async (request, response) => {
    const context = new LeanContext(request, response, controller, handle);
    try {
      admit(context, guards);
      const result = await handle.apply(instance, readArguments(context));
      for (const { name, value } of headers) response.setHeader(name, value);
      replies.send(response, result, status);
    } catch (error) {
      errorFilter.answer(error, context);
    }
  };
}

function admit(context: LeanContext, guards: readonly CanActivate[]): void {
  for (const guard of guards) {
    if (now(guard.canActivate(context)) !== true) throw new ForbiddenException();
  }
}

type Argument = (context: LeanContext) => unknown;

/** Makes a function that reads all arguments of a handler. */
function argumentsOf({ controller, method }: Target): (context: LeanContext) => unknown[] {
  const readers: Argument[] = [];
  for (const parameter of parametersOf(controller, method)) readers[parameter.index] = argumentOf(parameter);
  return (context) => readers.map((read) => read(context));
}

function argumentOf({ source, pipes, metatype }: Parameter): Argument {
  const metadata = { type: source.kind, metatype };
  return pipes.reduce<Argument>(
    (before, pipe) => (context) => now(pipe.transform(before(context), metadata)),
    readerOf(source),
  );
}

function readerOf(source: Source): Argument {
  if (source.kind === 'custom') return source.read;
  if (source.kind === 'body') return ({ request }) => request.body;
  return ({ request }) => request.params[source.name];
}

/** Guards and pipes of a lean route must return their values at once. */
function now(value: unknown): unknown {
  if (value instanceof Promise) throw new TypeError('guards and pipes of a lean route cannot wait');
  return value;
}
