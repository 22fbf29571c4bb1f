import { identityOf } from '../../lib/linkedin-url.ts';
import { quoteName } from '../../lib/outside-text.ts';
import { countNoun } from '../../lib/text-format.ts';
import { isUnresolvedKey } from '../people-index/person-keys.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import type { TextTable } from './parse-table.ts';
import { peopleOfCell, profileUrlsIn } from './profile-cells.ts';

/**
 * People whose profile URLs are in other columns than the column of people.
 * In a row, a Sales Navigator URL or a member id next to a readable URL is taken for the same person.
 */
export function peopleInOtherColumns(
  { columns, rows }: Pick<TextTable, 'columns' | 'rows'>,
  column: number,
): MissingPart[] {
  const identitiesIn = (cell: string | undefined) => profileUrlsIn(cell ?? '').flatMap((url) => identityOf(url) ?? []);
  const taken = new Set(rows.flatMap((cells) => peopleOfCell(cells[column] ?? '').map((url) => identityOf(url))));
  return columns.flatMap((name, index) => {
    if (index === column) return [];
    const people = new Set(
      rows.flatMap((cells) => {
        const others = identitiesIn(cells[index]);
        if (others.length === 0) return [];
        const own = identityOf(peopleOfCell(cells[column] ?? '')[0]);
        const isSame = (other: string) => own !== undefined && (isUnresolvedKey(own) || isUnresolvedKey(other));
        return others.filter((other) => !taken.has(other) && !isSame(other));
      }),
    );
    if (people.size === 0) return [];
    const reason = `The people were read from column ${quoteName(columns[column])} only. Call again with the other URLs alone in text.`;
    return [{ part: `${countNoun(people.size, 'person', 'people')} in column ${quoteName(name)}`, reason }];
  });
}
