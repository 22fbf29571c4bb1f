/** Something whose id can be completed to. */
export interface Row {
  id: string;
  /** As people know it; empty where nobody named it. */
  name: string;
}

/** Letters that no decomposition takes apart. */
const PLAIN: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** A text without what people leave out when they type: case, accents, blanks around. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßøæœłđðþı]/g, (letter) => PLAIN[letter]!)
    .trim();
}

/**
 * The rows whose id begins with what was typed, or whose name holds it: ids first, then names with a word that begins so,
 * then the others, each in the order given and each id once.
 */
export function matching<Found extends Row>(rows: Iterable<Found>, typed: string): Found[] {
  const wanted = fold(typed);
  const ranked: Found[][] = [[], [], []];
  const seen = new Set<string>();
  for (const row of rows) {
    const rank = rankOf(row, wanted);
    if (rank === undefined || seen.has(row.id)) continue;
    seen.add(row.id);
    ranked[rank]!.push(row);
  }
  return ranked.flat();
}

function rankOf({ id, name }: Row, wanted: string): number | undefined {
  if (wanted === '' || fold(id).startsWith(wanted)) return 0;
  const folded = fold(name);
  const at = folded.indexOf(wanted);
  if (at === -1) return undefined;
  return at === 0 || folded.includes(` ${wanted}`) ? 1 : 2;
}
