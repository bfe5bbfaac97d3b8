import 'reflect-metadata';
import { Controller, Get, Post } from '@nestjs/common';
import { expect, test } from 'vitest';
import { controllerRoutes, routesOfControllers } from '../../../src/http/routes/application-routes.js';
import { Lean, NeedsCaller, Upkeep, DEFAULT_TRAITS } from '../../../src/http/routes/traits.js';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { useServer } from '../suite.js';

@Controller()
class Plain {
  @Get()
  usual(): null {
    return null;
  }

  @Post()
  @Lean()
  @Upkeep()
  @NeedsCaller()
  special(): null {
    return null;
  }
}

@Controller()
@NeedsCaller()
class Guarded {
  @Get()
  usual(): null {
    return null;
  }
}

test('a route has the traits that its decorators give it', () => {
  const [usual, special] = controllerRoutes(Plain);
  expect(usual).toMatchObject(DEFAULT_TRAITS);
  expect(special).toMatchObject({ isLean: true, isUpkeep: true, needsCaller: true });
});

test('a route also has the traits of its controller', () => {
  expect(controllerRoutes(Guarded)).toEqual([
    expect.objectContaining({ needsCaller: true, isUpkeep: false }),
  ]);
});

const suite = useServer();
const contract = ApiContract.load();

/** As the API document writes it. */
function templateOf(path: string): string {
  return path.replace(/[:*](\w+)/g, '{$1}');
}

test('the routes that need a caller are those that are documented to need one', () => {
  const needing = routesOfControllers(suite.server.app)
    .filter(({ needsCaller }) => needsCaller)
    .map(({ method, path }) => `${method} ${templateOf(path)}`);
  const documented = contract.routes
    .filter(({ operation }) => (operation.security ?? []).length > 0)
    .map(({ method, template }) => `${method} ${template}`);
  expect(needing.toSorted()).toEqual(documented.toSorted());
});
