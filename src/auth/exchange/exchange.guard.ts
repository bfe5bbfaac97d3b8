import { Injectable, type CanActivate } from '@nestjs/common';
import { TokenExchange } from './token-exchange.js';

/** Refuses exchanges before their bodies are read, if this server makes none. */
@Injectable()
export class ExchangeGuard implements CanActivate {
  constructor(private readonly exchange: TokenExchange) {}

  canActivate(): boolean {
    this.exchange.assertConfigured();
    return true;
  }
}
