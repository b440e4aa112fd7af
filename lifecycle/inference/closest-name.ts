/** Longer input is no misspelt name, and comparing it would cost. */
const longestName = 64;

/**
 * Finds the name that someone who wrote `written` most likely meant: the nearest by insertions, deletions, replacements and swaps of neighbours,
 * in any case and with any separator, as long as no more than a third of the letters differ.
 */
export function closestName(written: string, names: Iterable<string>): string | undefined {
  if (written.length > longestName) return undefined;
  const wanted = plain(written);
  let closest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const edits = countEdits(wanted, plain(name));
    if (edits < fewest && edits <= Math.max(wanted.length, name.length) / 3) {
      closest = name;
      fewest = edits;
    }
  }
  return closest;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.\s]/g, '');
}

/** Optimal string alignment distance. */
function countEdits(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current[column] = Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) current[column] = Math.min(current[column]!, beforePrevious[column - 2]! + 1);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[to.length]!;
}
