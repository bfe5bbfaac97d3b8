import type { INestApplicationContext, Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express } from 'express';
import { endpointOf, registeredEndpoints, type Endpoint } from './framework-internals.js';
import type { Route } from './route.js';
import { traitsOf, DEFAULT_TRAITS } from './traits.js';

/**
 * All routes of an application that is not initialized yet, in the order of Express: first those that were registered by
 * hand, then those of the controllers.
 */
export function applicationRoutes(app: NestExpressApplication): Route[] {
  const express: Express = app.getHttpAdapter().getInstance();
  return [...registeredEndpoints(express).map(routeByHand), ...routesOfControllers(app)];
}

function routeByHand(endpoint: Endpoint): Route {
  return { ...endpoint, ...DEFAULT_TRAITS, target: null };
}

/** The routes of all controllers, in the order in which Nest gives them to Express. */
export function routesOfControllers(app: INestApplicationContext): Route[] {
  const controllers = app.get(DiscoveryService, { strict: false }).getControllers();
  return controllers.flatMap(({ metatype }) => controllerRoutes(metatype as Type<object>));
}

const scanner = new MetadataScanner();

/** The routes of a controller, in the order of its methods. */
export function controllerRoutes(controller: Type<object>): Route[] {
  const prototype = controller.prototype as Readonly<Record<string, () => unknown>>;
  return scanner.getAllMethodNames(prototype).flatMap((method) => {
    const handler = prototype[method];
    const endpoint = handler === undefined ? null : endpointOf(controller, handler);
    if (handler === undefined || endpoint === null) return [];
    return [{ ...endpoint, ...traitsOf(controller, handler), target: { controller, method } }];
  });
}
