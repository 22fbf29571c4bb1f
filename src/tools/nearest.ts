/** The candidate a misspelt name most likely means, or undefined when none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = bare(name.slice(0, 100));
  if (wanted === '') return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const known = bare(candidate);
    const isLong = Math.min(wanted.length, known.length) >= 4;
    const contained = isLong && (known.includes(wanted) || wanted.includes(known)) ? 2 : Infinity;
    const distance = Math.min(contained, editDistance(wanted, known));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  // Two changes make any two-letter word of any other.
  const most = wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  return bestDistance <= most ? best : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
