import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { Config } from '../../config/config.js';

type SamplerName = Config['OTEL_TRACES_SAMPLER'];

const ROOTS: Readonly<Record<SamplerName, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  parentbased_always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  parentbased_always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
};

/** Which traces are recorded. `ratio` is the share of those with `traceidratio` in their name. */
export function samplerOf(name: SamplerName, ratio: number): Sampler {
  const root = ROOTS[name](ratio);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
