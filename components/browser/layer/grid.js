/**
 * Points in square cells, to find those near a place without looking at all of them.
 */

const CELL = 32;

/** Put points into cells: `count` of them at x[i], y[i], in a field of width by height. Points outside are left out. */
export function makeGrid(x, y, count, width, height) {
  const columns = Math.max(1, Math.ceil(width / CELL));
  const rows = Math.max(1, Math.ceil(height / CELL));
  const starts = new Int32Array(columns * rows + 1);
  const cellOf = (at) => {
    const column = Math.floor(x[at] / CELL);
    const row = Math.floor(y[at] / CELL);
    return column >= 0 && row >= 0 && column < columns && row < rows ? row * columns + column : -1;
  };
  for (let at = 0; at < count; at += 1) {
    const cell = cellOf(at);
    if (cell >= 0) starts[cell + 1] += 1;
  }
  let occupied = 0;
  for (let cell = 0; cell < columns * rows; cell += 1) {
    if (starts[cell + 1]) occupied += 1;
    starts[cell + 1] += starts[cell];
  }
  const entries = new Int32Array(starts[columns * rows]);
  const next = starts.slice(0, columns * rows);
  for (let at = 0; at < count; at += 1) {
    const cell = cellOf(at);
    if (cell >= 0) {
      entries[next[cell]] = at;
      next[cell] += 1;
    }
  }

  return {
    /** Call `visit(at)` for each point that lies in the box or in a cell it touches. */
    each(left, top, right, bottom, visit) {
      const from = Math.max(0, Math.floor(left / CELL));
      const to = Math.min(columns - 1, Math.floor(right / CELL));
      const low = Math.max(0, Math.floor(top / CELL));
      const high = Math.min(rows - 1, Math.floor(bottom / CELL));
      if (from > to) return;
      for (let row = low; row <= high; row += 1) {
        const end = starts[row * columns + to + 1];
        for (let at = starts[row * columns + from]; at < end; at += 1) visit(entries[at]);
      }
    },
    /** The boxes that hold any point: neighbouring cells of a row in one. */
    occupied() {
      const boxes = [];
      for (let row = 0; row < rows; row += 1) {
        let open = null;
        for (let column = 0; column < columns; column += 1) {
          const cell = row * columns + column;
          if (starts[cell] === starts[cell + 1]) {
            open = null;
          } else if (open) {
            open.right += CELL;
          } else {
            open = { left: column * CELL, top: row * CELL, right: (column + 1) * CELL, bottom: (row + 1) * CELL };
            boxes.push(open);
          }
        }
      }
      return boxes;
    },
    /** How much room the points share, in square units, and how many they are. */
    area: occupied * CELL * CELL,
    count: entries.length,
  };
}
