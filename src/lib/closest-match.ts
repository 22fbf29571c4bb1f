/** The candidate closest to a misspelt name, or undefined when none is close enough. */
export function closestMatch(name: string, candidates: readonly string[]): string | undefined {
  const bare = (text: string) =>
    text
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
  const target = bare(name.slice(0, 100));
  if (target === '') return undefined;
  // Two edits turn any two-letter word into any other, and `email` into `detail`.
  const maxDistance = target.length < 6 ? 1 : Math.max(2, Math.floor(target.length / 3));
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const known = bare(candidate);
    const isLong = Math.min(target.length, known.length) >= 4;
    const isPart = isLong && (known.includes(target) || target.includes(known));
    const edits = editDistance(target, known);
    const distance = Math.min(isPart ? 2 : Infinity, edits <= maxDistance ? edits : Infinity);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
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
