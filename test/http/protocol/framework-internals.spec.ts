import 'reflect-metadata';
import {
  Body,
  Controller,
  createParamDecorator,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CanActivate,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { expect, test } from 'vitest';
import {
  endpointOf,
  guardsOf,
  parametersOf,
  registeredEndpoints,
  statusOf,
  enhancersOf,
  headersOf,
} from '../../../src/http/routes/framework-internals.js';
import { routesOfControllers } from '../../../src/http/routes/application-routes.js';
import { useServer } from '../suite.js';

class Gate implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

type Handler = () => null;

const pipe: PipeTransform = { transform: (value: unknown) => value };
const Own = createParamDecorator((data) => `data: ${data}`);

@Controller('things')
@UseGuards(Gate)
class Things {
  @Post(':id/parts')
  make(@Param('id', pipe) _id: string, @Body() _body: Buffer, @Own('x') _own: number): null {
    return null;
  }

  @Get('search')
  search(@Query() _query: object): null {
    return null;
  }

  @Get()
  @HttpCode(204)
  @UseGuards(Gate)
  list(): null {
    return null;
  }

  @Delete()
  @Header('x', 'y')
  @UsePipes(pipe)
  @UseInterceptors({ intercept: (_context, next) => next.handle() })
  @UseFilters({ catch: () => undefined })
  surrounded(): null {
    return null;
  }

  other(): null {
    return null;
  }
}

const [make, list, surrounded, other] = ['make', 'list', 'surrounded', 'other'].map(
  (name) => Reflect.get(Things.prototype, name) as () => null,
) as [Handler, Handler, Handler, Handler];

test('the endpoint of a handler', () => {
  expect(endpointOf(Things, make)).toEqual({ method: 'POST', path: '/things/:id/parts' });
  expect(endpointOf(Things, list)).toEqual({ method: 'GET', path: '/things' });
  expect(endpointOf(Things, other)).toBeNull();
});

test('guards, of controllers and of handlers', () => {
  expect([guardsOf(Things), guardsOf(list), guardsOf(make)]).toEqual([[Gate], [Gate], []]);
});

test('the status of an answer', () => {
  expect([make, list, surrounded].map(statusOf)).toEqual([201, 204, 200]);
});

test('interceptors and filters around a handler', () => {
  expect(enhancersOf(list)).toEqual([]);
  expect(enhancersOf(surrounded)).toHaveLength(3);
});

test('the headers of an answer', () => {
  expect([headersOf(list), headersOf(surrounded)]).toEqual([[], [{ name: 'x', value: 'y' }]]);
});

test('parameters with decorators', () => {
  const read = expect.any(Function);
  const parameters = parametersOf(Things, 'make').toSorted((one, other) => one.index - other.index);
  expect(parameters).toEqual([
    { index: 0, source: { kind: 'param', name: 'id' }, pipes: [pipe], metatype: String },
    { index: 1, source: { kind: 'body' }, pipes: [], metatype: Buffer },
    { index: 2, source: { kind: 'custom', read }, pipes: [], metatype: Number },
  ]);
  const [, , own] = parameters;
  expect(own?.source.kind === 'custom' && own.source.read({} as ExecutionContext)).toBe('data: x');
  expect(parametersOf(Things, 'list')).toEqual([]);
  expect(() => parametersOf(Things, 'search')).toThrow(/our own decorators/);
});

const suite = useServer();

test('the routes of the controllers are those that Nest registers with Express, in the same order', () => {
  const { app } = suite.server;
  const registered = registeredEndpoints(app.getHttpAdapter().getInstance());
  const known = routesOfControllers(app).map(({ method, path }) => ({ method, path }));
  expect(known.length).toBeGreaterThan(30);
  expect(registered.slice(-known.length)).toEqual(known);
});
