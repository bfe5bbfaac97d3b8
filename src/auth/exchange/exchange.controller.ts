import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Origin } from '../../audit/origin.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { BodyValidatedBy } from '../../http/input/valid-input.decorators.js';
import { UnknownOrigin } from '../request-origins.js';
import { ExchangeBodyPipe } from './exchange-body.pipe.js';
import { ExchangeRequest, ExchangeResponse } from './exchange.dto.js';
import { TokenExchange } from './token-exchange.js';

@ApiTags('Authentication')
@Controller('auth/exchange')
export class ExchangeController {
  constructor(private readonly tokens: TokenExchange) {}

  /**
   * Exchange a token of a trusted issuer
   *
   * @remarks For CI jobs and services: they exchange the OpenID Connect token that their platform gives them for a bearer token of 15
   * minutes ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)). You may exchange the same token again until it expires. Leases, sessions
   * and places in line belong to the subject of the token, so a newer token of the same subject renews and releases them. With such a token,
   * an acquire must choose its `lease_id`. The parameters may also be sent as a form.
   */
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiOkResponse({ type: ExchangeResponse, description: 'Token exchanged' })
  @ApiErrors('exchange_not_configured', 'malformed_json', 'body_too_large', 'validation_failed')
  @ApiErrors('subject_token_refused', 'subject_not_allowed', 'rate_limited', 'issuer_unavailable')
  @ApiErrors('overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  exchangeToken(
    @BodyValidatedBy(new ExchangeBodyPipe()) asked: ExchangeRequest,
    @Req() request: Request,
    @UnknownOrigin() origin: Origin,
  ): Promise<ExchangeResponse> {
    return this.tokens.exchange(asked, request, origin);
  }
}
