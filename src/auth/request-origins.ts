import type { IncomingMessage } from 'node:http';
import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { AuditActor, Origin } from '../audit/origin.js';
import { contextOf } from '../http/input/service-request.js';
import { Accounts } from './accounts.js';
import type { Caller } from './caller.js';
import { ClientAddresses } from './client-addresses.js';
import { qualifiedLogin } from './tokens/token-facts.js';

/** A request that may have a caller. */
type Request = IncomingMessage & { readonly caller?: Caller };

/** Where requests come from, for the audit. */
@Injectable()
export class RequestOrigins implements PipeTransform<Request, Origin> {
  constructor(
    private readonly accounts: Accounts,
    private readonly addresses: ClientAddresses,
  ) {}

  /** Of a request that a guard has accepted. Without a caller, it has the admin key. */
  transform(request: Request): Origin {
    const { caller } = request;
    return caller === undefined
      ? this.#of(request, { kind: 'operator' }, null)
      : this.ofCaller(request, caller);
  }

  /** Of a request with a valid token. */
  ofCaller(request: Request, { userId, tokenId }: Caller): Origin {
    return this.#of(request, userActor(this.accounts, userId), tokenId);
  }

  /** Of a request that no guard has accepted. */
  ofUnknown(request: Request): Origin {
    return this.#of(request, { kind: 'unknown' }, null);
  }

  #of(request: Request, actor: AuditActor, tokenId: string | null): Origin {
    return { actor, address: this.addresses.of(request), requestId: contextOf(request).requestId, tokenId };
  }
}

/** A user, as the audit names one. */
export function userActor(
  accounts: Pick<Accounts, 'user' | 'loginOf'>,
  userId: Caller['userId'],
): AuditActor {
  const user = accounts.user(userId);
  return { kind: 'user', userId, name: user === null ? accounts.loginOf(userId) : qualifiedLogin(user) };
}

/** Where requests come from whose sender is not known. */
@Injectable()
export class UnknownOrigins implements PipeTransform<Request, Origin> {
  constructor(private readonly origins: RequestOrigins) {}

  transform(request: Request): Origin {
    return this.origins.ofUnknown(request);
  }
}

const FromRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<unknown>(),
);

/** Who has sent the request, and from where, for the audit. For routes with a guard. */
export const CurrentOrigin = (): ParameterDecorator => FromRequest(RequestOrigins);

/** The same for a route that anyone can call. */
export const UnknownOrigin = (): ParameterDecorator => FromRequest(UnknownOrigins);
