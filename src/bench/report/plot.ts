import type { Axis } from './axis.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const WIDTH = 565;
const HEIGHT = 300;
const MARGIN = { left: 50, right: 34, top: 34, bottom: 62 } as const;
const INNER = {
  width: WIDTH - MARGIN.left - MARGIN.right,
  height: HEIGHT - MARGIN.top - MARGIN.bottom,
} as const;
const LEGEND_STEP = 104;

/** The most series that have different colours. */
export const SERIES_MAX = 5;

/** A line plot, as SVG that needs only the page's style. */
export function plot({ title, x, y, series }: Plot): string {
  const shown = series.slice(0, SERIES_MAX);
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(title)}">` +
    `<text class="title" x="8" y="18">${escapeXml(`${title}, ${y.label}`)}</text>` +
    gridOf(x, y) +
    shown.map(({ points }, index) => line(points, x, y, index)).join('') +
    (shown.length < 2 ? '' : shown.map(({ name }, index) => legend(name, index)).join('')) +
    '</svg>'
  );
}

function gridOf(x: Axis, y: Axis): string {
  const bottom = MARGIN.top + INNER.height;
  const right = MARGIN.left + INNER.width;
  const vertical = x.ticks.map(({ at, label }) => {
    const left = round(leftOf(x, at));
    return `<path class="grid" d="M${left} ${MARGIN.top}V${bottom}"/><text x="${left}" y="${bottom + 15}" text-anchor="middle">${label}</text>`;
  });
  const horizontal = y.ticks.map(({ at, label }) => {
    const top = round(topOf(y, at));
    return `<path class="grid" d="M${MARGIN.left} ${top}H${right}"/><text x="${MARGIN.left - 6}" y="${top + 4}" text-anchor="end">${label}</text>`;
  });
  return (
    vertical.join('') +
    horizontal.join('') +
    `<text x="${right}" y="${bottom + 31}" text-anchor="end">${escapeXml(x.label)}</text>`
  );
}

function line(points: readonly Point[], x: Axis, y: Axis, index: number): string {
  const path = points.map((point) => `${round(leftOf(x, point.x))} ${round(topOf(y, point.y))}`).join('L');
  return path === '' ? '' : `<path class="line s${index}" d="M${path}"/>`;
}

function legend(name: string, index: number): string {
  const left = MARGIN.left + index * LEGEND_STEP;
  const top = HEIGHT - 8;
  return (
    `<path class="line s${index}" d="M${left} ${top - 4}h16"/>` +
    `<text x="${left + 21}" y="${top}">${escapeXml(name)}</text>`
  );
}

function leftOf(axis: Axis, value: number): number {
  return MARGIN.left + axis.place(value) * INNER.width;
}

function topOf(axis: Axis, value: number): number {
  return MARGIN.top + (1 - axis.place(value)) * INNER.height;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
