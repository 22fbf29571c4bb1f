/** A value to offer. */
export interface Row {
  id: string;
  /** The name that users know. May be empty. */
  name: string;
}

/** Letters that Unicode normalisation does not decompose. */
const PLAIN: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** Removes what users leave out when they type: case, accents, blanks at both ends. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßøæœłđðþı]/g, (letter) => PLAIN[letter]!)
    .trim();
}

/**
 * The rows whose id starts with the typed text, or whose name contains it. Ids come first, then names with a word that starts
 * with it, then the rest. Each id appears once.
 */
export function matching<Match extends Row>(rows: Iterable<Match>, typed: string): Match[] {
  const text = fold(typed);
  const ranked: Match[][] = [[], [], []];
  const seen = new Set<string>();
  for (const row of rows) {
    const rank = rankOf(row, text);
    if (rank === undefined || seen.has(row.id)) continue;
    seen.add(row.id);
    ranked[rank]!.push(row);
  }
  return ranked.flat();
}

function rankOf({ id, name }: Row, text: string): number | undefined {
  if (text === '' || fold(id).startsWith(text)) return 0;
  const folded = fold(name);
  const at = folded.indexOf(text);
  if (at === -1) return undefined;
  return at === 0 || folded.includes(` ${text}`) ? 1 : 2;
}
