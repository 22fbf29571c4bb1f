import {
  holdsProfileUrl,
  isHeaderWord,
  isLikeNoWord,
  profileUrlOfCell,
  profileUrlsIn,
  slugUrlOfCell,
} from './profile-cells.ts';

type Records = readonly (readonly string[])[];

/** Whether records have profile URLs or bare slugs and nothing else, so that the first is no header. */
export function isListOfPeople(records: Records): boolean {
  const filled = records.map((record) => record.filter(isFilled));
  const cells = filled.flat();
  const isCertain = (cell: string) => profileUrlOfCell(cell) !== undefined || isLikeNoWord(cell);
  const isPerson = (cell: string) => profileUrlOfCell(cell) !== undefined || slugUrlOfCell(cell) !== undefined;
  return (
    !isHeaderWord(cells[0] ?? '') &&
    filled.every((record) => record.length === 1 || record.some(holdsProfileUrl)) &&
    cells.every(isPerson) &&
    // Words of a language can be slugs too.
    cells.filter(isCertain).length * 2 >= cells.length
  );
}

/**
 * Whether records without a header are a table: some cells are no URLs, and each column has URLs in all its cells or in none.
 */
export function isTableOfPeople(records: Records): boolean {
  const width = records.reduce((most, { length }) => Math.max(most, length), 0);
  const columns = Array.from({ length: width }, (_, index) =>
    records.map((record) => record[index] ?? '').filter(isFilled),
  );
  const urls = columns.map((cells) => cells.filter((cell) => profileUrlsIn(cell).length === 1).length);
  const others = columns.map((cells) => cells.filter((cell) => !holdsProfileUrl(cell)).length);
  return (
    others.some((count) => count > 0) &&
    columns.every(({ length }, index) => urls[index] === length || others[index] === length)
  );
}

/** A row with one cell for each person of a record. A record without one stays a row. */
export function peopleOfRecord(record: readonly string[], withSlugs: boolean): string[][] {
  const filled = record.filter(isFilled);
  const people = filled.flatMap((cell) => {
    const url = profileUrlOfCell(cell);
    if (url !== undefined) return [url];
    const urls = profileUrlsIn(cell);
    if (urls.length > 0 || !withSlugs) return urls;
    // In a line with a URL, a word is the name of its person.
    const slug = filled.length === 1 || isLikeNoWord(cell) ? slugUrlOfCell(cell) : undefined;
    return slug === undefined ? [] : [slug];
  });
  return people.length === 0 ? [[filled.join(' ')]] : people.map((url) => [url]);
}

function isFilled(cell: string): boolean {
  return cell.trim() !== '';
}
