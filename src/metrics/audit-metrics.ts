import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AuditRefusals } from '../auth/audit-refusals.js';
import { LockStore } from '../store/lock-store.js';
import { gauge } from './gauge.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Metrics of the audit. */
@Injectable()
export class AuditMetrics {
  constructor(registry: MetricsRegistry, store: LockStore, refusals: AuditRefusals) {
    gauge(
      'octostore_audit_last_number',
      'The number of the last record of the audit',
      [registry],
      () => store.auditHead.number,
    );
    registry.registerMetric(records(store));
    registry.registerMetric(refused(refusals));
  }
}

function records(store: LockStore): Counter {
  return new Counter({
    name: 'octostore_audit_records_total',
    help: 'Records of the audit since the server began to lead, by what was done and whether it was refused',
    labelNames: ['action', 'outcome'],
    registers: [],
    collect() {
      this.reset();
      for (const { action, outcome, count } of store.auditCounts) this.inc({ action, outcome }, count);
    },
  });
}

/** Repetitions share a record, so there are more refusals than records of them. */
function refused(refusals: AuditRefusals): Counter {
  return new Counter({
    name: 'octostore_audit_refusals_total',
    help: 'Acts that were refused since the server began to lead, with those that are only counted in the audit',
    labelNames: ['action'],
    registers: [],
    collect() {
      this.reset();
      for (const [action, total] of refusals.totals) this.inc({ action }, total);
    },
  });
}
