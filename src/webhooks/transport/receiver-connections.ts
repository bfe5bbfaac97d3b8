import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { readText } from '../../config/text-file.js';
import { CONFIG } from '../../config/config.module.js';
import { guardedLookup } from './guarded-lookup.js';
import { HostResolver } from './host-resolver.js';
import { ReachableNetworks } from './reachable-networks.js';
import { Receiver, type ConnectOptions } from './receiver-connection.js';
import { parseWebhookUrl, type ParsedWebhookUrl } from './webhook-url.js';

/** Knows where webhooks may be sent in this installation, and how to get there. */
@Injectable()
export class WebhookSender {
  readonly #clock: Clock;
  readonly #reachable: ReachableNetworks;
  readonly #connect: ConnectOptions;

  /** Throws if `WEBHOOK_CA_FILE` cannot be used. */
  constructor(clock: Clock, resolver: HostResolver, @Inject(CONFIG) config: Config) {
    this.#clock = clock;
    this.#reachable = new ReachableNetworks(config.WEBHOOK_ALLOW_PRIVATE_NETWORKS);
    this.#connect = {
      lookup: guardedLookup(resolver, this.#reachable),
      ...(config.WEBHOOK_CA_FILE === undefined ? {} : { secureContext: contextWith(config.WEBHOOK_CA_FILE) }),
    };
  }

  parseUrl(text: string): ParsedWebhookUrl {
    return parseWebhookUrl(text, this.#reachable);
  }

  /** A connection to a URL, or null if it may not be called; that may have changed since the webhook was created. */
  receiverFor(text: string): Receiver | null {
    const parsed = this.parseUrl(text);
    return parsed.ok ? new Receiver(parsed.url, this.#clock, this.#connect) : null;
  }
}

/**
 * Trusts the usual certificate authorities and those of a PEM file. One for all connections: reading some 140 certificates
 * takes 30 ms, in which nothing else happens.
 */
function contextWith(path: string): SecureContext {
  try {
    const certificates = readText(path);
    void new X509Certificate(certificates);
    return createSecureContext({ ca: [...rootCertificates, certificates] });
  } catch (cause) {
    throw new Error('WEBHOOK_CA_FILE must be a readable file with PEM certificates', { cause });
  }
}
