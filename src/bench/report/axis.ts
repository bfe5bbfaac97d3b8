export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Maps values to a share (0 to 1) of the length of an axis. */
export interface Axis {
  readonly label: string;
  readonly ticks: readonly Tick[];
  readonly place: (value: number) => number;
}

/** An axis from 0 to at least `max`. */
export function linearAxis(label: string, max: number): Axis {
  const step = niceStep(max / 5);
  const end = Math.max(step, Math.ceil(max / step) * step);
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return {
    label,
    ticks: ticks.map((at) => ({ at, label: at.toLocaleString('en', { maximumFractionDigits: 3 }) })),
    place: (value) => value / end,
  };
}

/** An axis from the power of ten below `min` to the one above `max`. Both must be greater than 0. */
export function logarithmicAxis(label: string, min: number, max: number): Axis {
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 1, Math.ceil(Math.log10(max)));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return {
    label,
    ticks: ticks.map((at) => ({ at, label: at.toLocaleString('en', { maximumFractionDigits: 6 }) })),
    place: (value) => Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low))),
  };
}

/** An axis of shares (0 to 1) by their nines, so that the tail has as much room as the rest. */
export function ninesAxis(label: string, highest: number): Axis {
  const nines = Math.max(1, Math.ceil(ninesOf(highest) - 1e-9));
  const ticks = [0, 0.5, ...Array.from({ length: nines }, (_, index) => 1 - 10 ** -(index + 1))];
  return {
    label,
    ticks: ticks.map((at) => ({ at, label: `${Number((at * 100).toFixed(6))} %` })),
    place: (value) => ninesOf(value) / nines,
  };
}

function ninesOf(share: number): number {
  return -Math.log10(Math.max(1e-12, 1 - share));
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function niceStep(step: number): number {
  if (step <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5, 10].find((factor) => factor * power >= step) ?? 10) * power;
}
