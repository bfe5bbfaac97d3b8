import { ApiParam } from '@nestjs/swagger';

/** Documents the name of a service account in a path. */
export function ApiServiceName(): MethodDecorator {
  return ApiParam({
    name: 'name',
    description: 'The name of the service account',
    schema: { type: 'string' },
  });
}
