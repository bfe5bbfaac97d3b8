import type { Provider } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { SubjectTokens } from './subject-tokens.js';
import { TokenExchange } from './token-exchange.js';
import { TrustedIssuers } from './trusted-issuers.js';

export const EXCHANGE_PROVIDERS: Provider[] = [
  {
    provide: SubjectTokens,
    inject: [TrustedIssuers, Clock],
    useFactory: (issuers: TrustedIssuers, clock: Clock) => new SubjectTokens(issuers, clock),
  },
  TokenExchange,
];
