import { ApiQuery, ApiResponse } from '@nestjs/swagger';

/** A route that begins a sign-in, which may end in a browser session. */
export function ApiReturnTo(): MethodDecorator {
  return ApiQuery({
    name: 'return_to',
    required: false,
    schema: { type: 'string' },
    description:
      'Where the browser goes after the sign-in: a path of this server, with a query and a fragment if you like. For anything else, it goes to `/`.',
    example: '/console/locks',
  });
}

/** A route that finishes a sign-in, which may have begun with `return_to`. */
export function ApiReturned(): MethodDecorator {
  return ApiResponse({
    status: 302,
    description: 'Signed in with a browser session, because the sign-in began with `return_to`.',
    headers: {
      Location: {
        description: 'The address of `return_to`.',
        schema: { type: 'string', example: '/console/locks' },
      },
      'Set-Cookie': { description: 'The cookie of the session.', schema: { type: 'string' } },
    },
  });
}
