import { HttpStatus, RequestMethod, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { PipeTransform, Type } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  PIPES_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
} from '@nestjs/common/internal';
import type { Express } from 'express';

/**
 * Everything in this server that depends on framework internals: where Nest's decorators store their metadata, and a method
 * of Express that is missing from its types. `test/http/protocol/framework-internals.spec.ts` fails if they change.
 */

export interface Endpoint {
  readonly method: string;
  readonly path: string;
}

/** A header that a handler's decorator sets. */
export interface AnswerHeader {
  readonly name: string;
  readonly value: string;
}

type Handler = (...args: never[]) => unknown;

/** The method and the path that a handler serves; null if it serves none. */
export function endpointOf(controller: Type, handler: Handler): Endpoint | null {
  const path = pathOf(handler);
  if (path === null) return null;
  const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
  const components = [pathOf(controller) ?? '', path].flatMap((part) => part.split('/'));
  return { method: RequestMethod[method], path: `/${components.filter((part) => part !== '').join('/')}` };
}

/** The HTTP method that a handler serves. Null if it serves none. */
export function httpMethodOf(handler: object): string | null {
  const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
  return method === undefined ? null : RequestMethod[method];
}

function pathOf(target: object): string | null {
  const path = Reflect.getMetadata(PATH_METADATA, target) as string | readonly string[] | undefined;
  if (path === undefined) return null;
  if (typeof path !== 'string') throw new Error('a controller or a handler must have exactly one path');
  return path;
}

/**
 * The routes that an Express application has so far, in its order. HEAD routes, which it adds for each GET route, are left
 * out.
 */
export function registeredEndpoints(app: Express): Endpoint[] {
  const router = app.router as unknown as {
    listRoutes(): readonly { readonly path: string; readonly methods?: readonly string[] }[];
  };
  return router
    .listRoutes()
    .flatMap(({ path, methods = [] }) => methods.map((method) => ({ method, path })))
    .filter(({ method }) => method !== 'HEAD');
}

/** The guards of a controller, or those of a handler. */
export function guardsOf(target: object): readonly Type<CanActivate>[] {
  return (Reflect.getMetadata(GUARDS_METADATA, target) as readonly Type<CanActivate>[] | undefined) ?? [];
}

/** The status of a handler's successful answer. */
export function statusOf(handler: Handler): number {
  const isPost = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST;
  const status = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
  return status ?? (isPost ? HttpStatus.CREATED : HttpStatus.OK);
}

/** The headers of a handler's successful answer. */
export function headersOf(handler: Handler): readonly AnswerHeader[] {
  return (Reflect.getMetadata(HEADERS_METADATA, handler) as readonly AnswerHeader[] | undefined) ?? [];
}

/** What Nest would run around a handler besides guards and the pipes of parameters, by Nest's names. */
export function enhancersOf(target: object): string[] {
  const keys = [INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA, PIPES_METADATA];
  return keys.filter((key) => Reflect.hasMetadata(key, target));
}

/** Where a parameter of a handler is read from. A `custom` parameter has one of our own decorators. */
export type Source =
  | { readonly kind: 'body' }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'custom'; readonly read: (context: ExecutionContext) => unknown };

/** A parameter of a handler, as its decorator describes it. */
export interface Parameter {
  readonly index: number;
  readonly source: Source;
  readonly pipes: readonly PipeTransform[];
  /** Its declared type. */
  readonly metatype: Type | undefined;
}

interface StoredParameter {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes: readonly PipeTransform[];
  readonly factory?: (data: unknown, context: ExecutionContext) => unknown;
}

/** The decorated parameters of a controller's method. Throws if one is read from anything but the three sources. */
export function parametersOf(controller: Type<object>, method: string): Parameter[] {
  const noted = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Readonly<
    Record<string, StoredParameter>
  >;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) as Type[];
  return Object.entries(noted).map(([key, parameter]) => ({
    index: parameter.index,
    source: sourceOf(key, parameter),
    pipes: parameter.pipes,
    metatype: types[parameter.index],
  }));
}

function sourceOf(key: string, { data, factory }: StoredParameter): Source {
  if (factory !== undefined) return { kind: 'custom', read: (context) => factory(data, context) };
  switch (Number(key.split(':')[0]) as RouteParamtypes) {
    case RouteParamtypes.BODY:
      return { kind: 'body' };
    case RouteParamtypes.PARAM:
      return { kind: 'param', name: String(data) };
    default:
      throw new Error('a lean route supports only its body, parameters of its path, and our own decorators');
  }
}
