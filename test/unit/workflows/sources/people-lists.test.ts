import { describe, expect, test } from 'vitest';
import { parseTable } from '../../../../src/workflows/sources/parse-table.ts';
import { peopleInOtherColumns } from '../../../../src/workflows/sources/people-in-other-columns.ts';
import { personColumn } from '../../../../src/workflows/sources/person-column.ts';

const ADA = 'https://www.linkedin.com/in/ada-example';
const MEI = 'https://www.linkedin.com/in/mei-example';

/** The cells of the column with the people. */
async function peopleIn(text: string): Promise<(string | undefined)[]> {
  const table = await parseTable(text);
  return table.rows.map((cells) => cells[personColumn(table) ?? -1]);
}

describe('pasted lists of people', () => {
  test.each([
    ['angle brackets', `<${ADA}>\n<${MEI}>`],
    ['bullets', `- ${ADA}\n- ${MEI}`],
    ['stars', `* ${ADA}\n* <${MEI}>`],
    ['numbers', `1. ${ADA}\n2) ${MEI}`],
    ['markdown links', `[Ada](${ADA})\n[Mei](${MEI})`],
    ['markdown links with a comma', `- [Ada, MBA](${ADA})\n- [Mei](${MEI})`],
    ['commas on one line', `${ADA}, ${MEI}`],
    ['semicolons on one line', `${ADA}; ${MEI}`],
    ['spaces on one line', `${ADA} ${MEI}`],
    ['vertical bars on one line', `${ADA} | ${MEI}`],
    ['a title above', `People:\n- ${ADA}\n- ${MEI}`],
    ['a title above one line', `People\n${ADA}, ${MEI}`],
    ['bare slugs', 'ada-example\nmei-example'],
    ['bare slugs with bullets', '- ada-example\n- mei-example'],
    ['a slug above a URL', `ada-example\n${MEI}`],
    ['a slug above a line of two', `ada-example\n${MEI}, ${MEI}?x`],
    ['a URL above a slug', `${ADA}\nmei-example`],
  ])('%s', async (_form, text) => {
    const people = await peopleIn(text);
    expect(people.slice(0, 2)).toEqual([ADA, MEI]);
  });

  test.each([
    ['a name before it', `Ada Example - ${ADA}\nMei Example - ${MEI}`],
    ['a sentence around it', `Ask ${ADA}, then ${MEI}.`],
  ])('%s', async (_form, text) => {
    expect((await peopleIn(text)).map((cell) => cell?.replace(/\.$/, ''))).toEqual([ADA, MEI]);
  });

  test('a line without a person stays a row', async () => {
    expect(await peopleIn(`${ADA}\nask Mei`)).toEqual([ADA, 'ask Mei']);
  });

  test('a table without a header keeps its columns', async () => {
    const { rows } = await parseTable(`Ada,Example,<${ADA}>\nMei,Example,${MEI}`);
    expect(rows).toEqual([
      ['Ada', 'Example', ADA],
      ['Mei', 'Example', MEI],
    ]);
  });

  test.each(['Name\nAda', 'linkedin-url\nada-example', 'profile link\nada-example'])(
    '%j has a header',
    async (text) => {
      expect((await parseTable(text)).rows).toHaveLength(1);
    },
  );

  test.each(['[\n  "x"]', ' [{"a":1}]', '[]', '["[Ada](x)"]'])('%j is JSON', async (text) => {
    await expect(parseTable(text).then(({ columns }) => columns[0] ?? '', String)).resolves.not.toContain('[');
  });
});

describe('people outside the column with the people', () => {
  const leftOut = async (text: string) => {
    const table = await parseTable(text);
    return peopleInOtherColumns(table, personColumn(table)!).map(({ part }) => part);
  };

  test('are named with their column', async () => {
    expect(await leftOut(`Person,Friend\n${ADA},${MEI}\n${ADA},x`)).toEqual(['1 person in column "Friend"']);
    expect(await leftOut(`Name,URL\nAda,${ADA},${MEI}`)).toEqual(['1 person in column "column 3"']);
  });

  test('are not named if they were read, or are the same person', async () => {
    expect(await leftOut(`Person,Friend\n${ADA},${MEI}\n${MEI},${ADA}`)).toEqual([]);
    expect(await leftOut(`Person,Navigator\n${ADA},"https://www.linkedin.com/sales/lead/ACwAAada,NAME"`)).toEqual([]);
  });
});
