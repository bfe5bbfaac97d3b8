import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Clock } from '../../../../src/clock/clock.js';
import { Browser, OIDC } from '../../../../lab/kit/doubles/browser.js';
import { OidcDouble } from '../../../../lab/kit/doubles/oidc-double.js';
import { startServer } from '../../../support/server.js';
import { ServerFixture } from '../sign-in-fixture.js';

/** A server and the fake provider that it uses. */
export class OidcFixture extends ServerFixture {
  provider!: OidcDouble;

  /** Both run as long as the tests of the file or group in which this is called. */
  static forTests(environment: Record<string, string> = {}, clock?: Clock): OidcFixture {
    const fixture = new OidcFixture();
    beforeAll(async () => {
      fixture.provider = await OidcDouble.start();
      const settings = {
        ...fixture.provider.environment,
        OIDC_REDIRECT_URI: OIDC.redirectUri,
        SIGN_INS_PER_MINUTE: '100000',
        ...environment,
      };
      fixture.server = await startServer(settings, clock);
    });
    beforeEach(() => fixture.provider.behave());
    afterAll(async () => {
      await fixture.server.close();
      await fixture.provider.close();
    });
    return fixture;
  }

  browser(): Browser {
    return new Browser(this, OIDC);
  }

  /** Signs in. Returns the token. */
  async token(): Promise<string> {
    const { status, body } = await this.browser().signIn();
    if (status !== 200) throw new Error(`not signed in: ${JSON.stringify(body)}`);
    return String(body['token']);
  }
}
