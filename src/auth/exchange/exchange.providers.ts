import type { Provider } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { SubjectTokens } from './subject-tokens.js';
import { TokenExchange } from './token-exchange.js';
import { TrustedIssuers } from './trusted-issuers.js';

export const EXCHANGE_PROVIDERS: Provider[] = [
  {
    provide: TrustedIssuers,
    inject: [CONFIG],
    useFactory: (config: Config) => TrustedIssuers.fromConfig(config),
  },
  {
    provide: SubjectTokens,
    inject: [TrustedIssuers, Clock],
    useFactory: (issuers: TrustedIssuers, clock: Clock) => new SubjectTokens(issuers, clock),
  },
  TokenExchange,
];
