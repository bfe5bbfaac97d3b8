/** All sizes of the picture, in pixels. */
export const BOX = { width: 146, height: 40, radius: 7 };
export const GAP = { row: 34, column: 14, bend: 8, group: 20 };
export const PAGE = { margin: 24, label: 84 };
