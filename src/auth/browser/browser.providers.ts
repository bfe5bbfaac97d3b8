import type { Provider, Type } from '@nestjs/common';
import { BrowserSessions } from './browser-sessions.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { PageOrigin } from './page-origin.js';
import { ReturnCookie } from './return-cookie.js';
import { ReturnToGuard } from './return-to.guard.js';
import { SessionCallers } from './session-callers.js';
import { SessionController } from './session.controller.js';
import { SessionCookie } from './session-cookie.js';
import { SessionPresenter } from './session-presenter.js';
import { SignInEnd } from './sign-in-end.js';

export const BROWSER_CONTROLLERS: Type[] = [SessionController, OwnSessionsController];

export const BROWSER_PROVIDERS: Provider[] = [
  PageOrigin,
  SessionCookie,
  ReturnCookie,
  ReturnToGuard,
  SessionCallers,
  BrowserSessions,
  SessionPresenter,
  SignInEnd,
];
