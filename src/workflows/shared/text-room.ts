/**
 * How much of a text a table can show. Room is measured in characters of English, of which o200k makes a token of four or
 * five. Other scripts take more tokens a character.
 */

/** The room that a text takes. */
export function roomOf(text: string): number {
  return [...text].reduce((sum, character) => sum + roomOfCharacter(character), 0);
}

/** Where scripts begin of which nearly every character is a token: CJK, Hangul, emoji. */
const DENSE_SCRIPTS = 0x2e80;

function roomOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  return code < DENSE_SCRIPTS ? 1.5 : 4;
}

/**
 * Shares room among texts. Texts that take less than their share leave the rest to the others.
 * @param needs the room that each text takes.
 * @returns the most that one text may take, Infinity where all of them fit.
 */
export function shareRoom(needs: readonly number[], room: number): number {
  let left = room;
  const ascending = needs.toSorted((a, b) => a - b);
  for (const [index, need] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (need > share) return Math.max(0, Math.floor(share));
    left -= need;
  }
  return Number.POSITIVE_INFINITY;
}

/** The beginning of a word at the end of a text that is cut, which takes a token and says little. */
const PART_OF_WORD = /\s+\S{0,15}$/;

interface Bounds {
  characters: number;
  room?: number;
}

/** The beginning of a text, with the length of the whole text where it is cut: `Hello…(540)`. */
export function clipTo(text: string, { characters, room = Number.POSITIVE_INFINITY }: Bounds): string {
  if (text.length <= characters && roomOf(text) <= room) return text;
  let taken = 0;
  let end = 0;
  for (const character of text) {
    taken += roomOfCharacter(character);
    if (taken > room || end + character.length > characters) break;
    end += character.length;
  }
  const beginning = text.slice(0, end);
  const isWordEnd = /^\s/.test(text.slice(end));
  return `${isWordEnd ? beginning.trimEnd() : beginning.replace(PART_OF_WORD, '')}…(${text.length})`;
}
