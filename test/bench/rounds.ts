/** The median. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures several things in turn, round by round, so that a slow phase of the machine affects all of them. Each round
 * starts with another thing and every second round runs backwards, so that the predecessor of a thing varies.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  names: readonly Name[],
  measure: (name: Name) => Promise<number>,
): Promise<Record<Name, number[]>> {
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < names.length; place += 1) {
      const step = round % 2 === 0 ? place : names.length - 1 - place;
      const name = names[(round + step) % names.length]!;
      measured[name].push(await measure(name));
    }
  }
  return measured;
}

/** The ratio of two things that were measured in turn: the median of the rounds' ratios. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / theirs[round]!));
}
