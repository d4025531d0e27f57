// Where tiles go: pure geometry.

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

const GAP = 10;
const WIDEST = 16 / 9;
const TALLEST = 3 / 4;

/**
 * The grid whose tiles cover the most, each between 3:4 and 16:9.
 *
 * @param {number} count
 * @param {Box} area
 * @returns {Box[]}
 */
export function gridLayout(count, area) {
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    let width = (area.width - GAP * (columns - 1)) / columns;
    let height = (area.height - GAP * (rows - 1)) / rows;
    if (width > height * WIDEST) width = height * WIDEST;
    if (width < height * TALLEST) height = width / TALLEST;
    if (width * height > best.width * best.height) best = { columns, width, height };
  }
  const rows = Math.ceil(count / best.columns);
  const top = area.y + (area.height - rows * best.height - (rows - 1) * GAP) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / best.columns);
    const inRow = Math.min(best.columns, count - row * best.columns);
    const left = area.x + (area.width - inRow * best.width - (inRow - 1) * GAP) / 2;
    return {
      x: left + (index - row * best.columns) * (best.width + GAP),
      y: top + row * (best.height + GAP),
      width: best.width,
      height: best.height,
    };
  });
}

/**
 * One tile large, the others in a strip beside it or below it, whichever side the window has room on.
 *
 * @param {number} others
 * @param {Box} area
 * @returns {{ stage: Box, strip: Box[] }}
 */
export function stageLayout(others, area) {
  if (others === 0) return { stage: area, strip: [] };
  const beside = area.width > area.height;
  const share = beside ? Math.min(260, area.width * 0.26) : Math.min(170, area.height * 0.28);
  const stage = beside
    ? { ...area, width: area.width - share - GAP }
    : { ...area, height: area.height - share - GAP };
  const rest = beside
    ? { ...area, x: area.x + stage.width + GAP, width: share }
    : { ...area, y: area.y + stage.height + GAP, height: share };
  return { stage, strip: gridLayout(others, rest) };
}
