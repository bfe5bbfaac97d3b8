import 'reflect-metadata';
import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import {
  Body,
  createParamDecorator,
  Delete,
  ForbiddenException,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
  type CanActivate,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { expect, test } from 'vitest';
import { ServiceRequest } from '../../../src/http/input/service-request.js';
import { leanHandlersOf, type LeanHandler } from '../../../src/http/pipeline/lean-handlers.js';
import { controllerRoutes } from '../../../src/http/routes/application-routes.js';
import { Lean } from '../../../src/http/routes/traits.js';

class Gate implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ServiceRequest & { gates?: number }>();
    request.gates = (request.gates ?? 0) + 1;
    return request.headers['x-closed'] === undefined;
  }
}

class SlowGate implements CanActivate {
  canActivate(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

const upper: PipeTransform = { transform: (value: string) => value.toUpperCase() };
const slow: PipeTransform = { transform: (value: unknown) => Promise.resolve(value) };

const Gates = createParamDecorator(
  (_, context: ExecutionContext) => context.switchToHttp().getRequest<{ gates: number }>().gates,
);

@UseGuards(Gate)
class Controller {
  @Post()
  @Lean()
  @UseGuards(Gate)
  all(@Param('id', upper) id: string, @Gates() gates: number, @Body() body: Buffer): unknown {
    return Promise.resolve({ id, gates, body: body.toString(), self: this instanceof Controller });
  }

  @Delete()
  @Lean()
  @HttpCode(204)
  none(): unknown {
    return undefined;
  }

  @Get()
  @Lean()
  fails(): unknown {
    return Promise.reject(new Error('fails'));
  }

  @Get()
  @Lean()
  throws(): unknown {
    throw new Error('throws');
  }

  @Get()
  @Lean()
  slowPipe(@Param('id', slow) id: string): unknown {
    return id;
  }

  @Get()
  @Lean()
  @UseGuards(SlowGate)
  slowGuard(): unknown {
    return 1;
  }

  @Get()
  @Lean()
  query(@Query() query: object): unknown {
    return query;
  }

  @Get()
  @Lean()
  @Header('x', 'y')
  header(): unknown {
    return 1;
  }

  @Get()
  @Lean()
  @UseInterceptors({ intercept: (_context, next) => next.handle() })
  intercepted(): unknown {
    return 1;
  }

  @Get()
  fat(): unknown {
    return 1;
  }
}

type Route = Exclude<keyof Controller, 'constructor'>;

/** The lean handler of a route, which records its answers; undefined if the route is not lean. */
function handlerOf(name: Route | 'fat', answers: unknown[] = []): LeanHandler | undefined {
  const route = controllerRoutes(Controller).filter(({ target }) => target?.method === name);
  const handlers = leanHandlersOf(route, {
    instanceOf: (type) => new type(),
    errorFilter: { answer: (error) => answers.push(error) },
    replies: { send: (response, body, status) => answers.push(answerIn(response, body, status)) },
  });
  return [...handlers.values()][0];
}

function answerIn(response: ServerResponse, body: unknown, status: number): object {
  const headers = response.getHeaders();
  return { status, body, ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }) };
}

/** The answer: a status with a body, or an error. */
async function answerOf(route: Route, headers: Record<string, string> = {}): Promise<unknown> {
  const answers: unknown[] = [];
  const handler = handlerOf(route, answers);
  const request = Object.assign(new ServiceRequest(new Socket()), {
    params: { id: 'abc' },
    body: Buffer.from('text'),
    route: { path: '/' },
    headers,
  });
  await handler?.(request, new ServerResponse(request));
  expect(answers).toHaveLength(1);
  return answers[0];
}

test('guards of the class and of the method run, and all kinds of arguments are passed', async () => {
  expect(await answerOf('all')).toEqual({
    status: 201,
    body: { id: 'ABC', gates: 2, body: 'text', self: true },
  });
});

test('the status is that of the route', async () => {
  expect(await answerOf('none')).toEqual({ status: 204, body: undefined });
});

test('a refusing guard prevents the call of the handler', async () => {
  expect(await answerOf('all', { 'x-closed': 'yes' })).toBeInstanceOf(ForbiddenException);
});

test.each(['fails', 'throws'] as const)('a handler that %s is answered by the filter', async (route) => {
  expect(await answerOf(route)).toEqual(new Error(route));
});

test.each(['slowPipe', 'slowGuard'] as const)('a promise is awaited, not answered: %s', async (route) => {
  expect(await answerOf(route)).toEqual(new TypeError('guards and pipes of a lean route cannot wait'));
});

test('the headers of the route are set', async () => {
  expect(await answerOf('header')).toEqual({ status: 200, body: 1, headers: { x: 'y' } });
});

test.each(['query', 'intercepted'] as const)(
  'a lean route with an unsupported feature is refused at the start: %s',
  async (route) => {
    await expect(answerOf(route)).rejects.toThrow(/lean/);
  },
);

test('a route without the decorator is left to Express', () => {
  expect(handlerOf('fat')).toBeUndefined();
});
