import { expect, test } from 'vitest';
import { identityOf } from '../../../../src/lib/linkedin-url.ts';
import type { ToolContext } from '../../../../src/mcp/tool.ts';
import { readContactPeople } from '../../../../src/workflows/contacted/contact-people.ts';
import { readLeadRows, rowRejectionOf } from '../../../../src/workflows/imports/lead-rows.ts';
import type { IndexSource } from '../../../../src/workflows/people-index/source.ts';
import { mapColumns } from '../../../../src/workflows/sources/lead-columns.ts';
import { readSource } from '../../../../src/workflows/sources/read-source.ts';

const ADA = 'https://www.linkedin.com/in/ada-example';
const MEI = 'https://www.linkedin.com/in/mei-example';
const BOTH = ['in/ada-example', 'in/mei-example'];

const context = { memoizedRead: (_key: string, read: () => unknown) => read() } as unknown as ToolContext;

/** The people that import_leads reads, and the reasons for its rejected rows. */
async function imported(text: string) {
  const source = await readSource({ text }, context);
  const { rows } = readLeadRows(source, mapColumns(source, {}));
  const refused = rows.flatMap((row) => rowRejectionOf(row, false) ?? []);
  return {
    people: rows.flatMap(({ identity }) => identity ?? []),
    urls: rows.map(({ lead }) => lead.profileUrl),
    refused,
  };
}

async function checked(text: string) {
  const { people } = await readContactPeople({ text }, {} as IndexSource, context);
  return people.map(({ key }) => key);
}

const table = (delimiter: string, ...rows: string[][]) => rows.map((cells) => cells.join(delimiter)).join('\n');
const rowsWith = (cellOf: (name: string, url: string) => string): string[][] => [
  ['Last name', 'Profile'],
  ['Example', cellOf('Ada', ADA)],
  ['Sample', cellOf('Mei', MEI)],
];
const mixed = (name: string, url: string) => `${name} ${url}`;
const objects = (cellOf: (name: string, url: string) => string) =>
  rowsWith(cellOf)
    .slice(1)
    .map(([last, profile]) => ({ last, profile }));

test.each([
  ['CSV', table(',', ...rowsWith(mixed))],
  ['CSV with semicolons', table(';', ...rowsWith(mixed))],
  ['TSV', table('\t', ...rowsWith(mixed))],
  ['quoted cells with a comma', table(',', ...rowsWith((name, url) => `"${name}, ${url}"`))],
  ['quoted cells with a line break', table(',', ...rowsWith((name, url) => `"${name}\n${url}"`))],
  ['a URL before the name', table(',', ...rowsWith((name, url) => `${url} (${name})`))],
  ['markdown links', table(',', ...rowsWith((name, url) => `[${name}](${url})`))],
  ['markdown links in a text', table(',', ...rowsWith((name, url) => `see [${name}](${url}).`))],
  [
    'a company page next to the person',
    table(',', ...rowsWith((_, url) => `https://www.linkedin.com/company/x ${url}`)),
  ],
  ['JSON', JSON.stringify(objects(mixed))],
  ['JSON with markdown links', JSON.stringify(objects((name, url) => `**[${name}](${url})**`))],
  ['a JSON list of texts', JSON.stringify([mixed('Ada', ADA), mixed('Mei', MEI)])],
  [
    'JSON Lines',
    objects(mixed)
      .map((row) => JSON.stringify(row))
      .join('\n'),
  ],
  ['lines of a text', `${mixed('Ada', ADA)}\n${mixed('Mei', MEI)}`],
  ['a header above half of the cells', `Last name,LinkedIn URL\nExample,${ADA}\nSample,${MEI}\nNone,n/a\nNone,n/a`],
  ['a note with other people', `Note,Profile\nknows ${MEI}?x,${ADA}\nknows ${ADA}?x,${MEI}`],
])('import_leads and check_contacted read the same people: %s', async (_form, text) => {
  const { people, urls } = await imported(text);
  expect(people).toEqual(BOTH);
  expect(await checked(text)).toEqual(BOTH);
  expect(urls.slice(0, 2).map((url) => identityOf(url))).toEqual(BOTH);
});

test('checks all people of a cell, but rejects its row for an import by name', async () => {
  const text = `Last name,Profile\nExample,${ADA} and ${MEI}`;
  expect(await checked(text)).toEqual(BOTH);
  expect(await imported(text)).toMatchObject({ people: [], refused: ['several_people'] });
});
