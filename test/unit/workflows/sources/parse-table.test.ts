import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../../src/workflows/sources/decode-text.ts';
import { parseTable } from '../../../../src/workflows/sources/parse-table.ts';
import { personColumn } from '../../../../src/workflows/sources/person-column.ts';
import { apollo, clay, evaboot, linkedInConnections, phantomBuster } from '../../../support/fixtures/sheets.ts';

describe('character sets', () => {
  const text = 'First Name,Last Name\nZoë,Müller–Example €\n';
  const latin = Buffer.from([...'Zo'].map((letter) => letter.charCodeAt(0)).concat(0xeb, 0x2c, 0x80, 0x96));

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without a byte order mark', Buffer.from(text, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['big-endian UTF-16 without a byte order mark', Buffer.from(text, 'utf16le').swap16()],
  ])('%s', async (_name, bytes) => {
    expect((await decodeText(bytes)).text).toBe(text);
  });

  test('decodes other bytes as Windows-1252', async () => {
    expect(await decodeText(latin)).toEqual({ text: 'Zoë,€–', charset: 'windows-1252' });
  });

  test('decodes only its part of a larger buffer', async () => {
    expect((await decodeText(Buffer.from('xxab').subarray(2))).text).toBe('ab');
  });
});

describe('delimiters and quotation marks', () => {
  const rows = [
    ['Ada', 'Example; Ltd'],
    ['Mei', 'Example, Sons'],
  ];

  test.each([',', ';', '\t'])('finds the delimiter %j', async (delimiter) => {
    const cells = [['name', 'company'], ...rows].map((row) => row.map((cell) => `"${cell}"`).join(delimiter));
    expect((await parseTable(cells.join('\r\n'))).rows).toEqual(rows);
  });

  test('prefers the delimiter of most records over a character in cells', async () => {
    const { columns } = await parseTable('name;place\nAda;London, UK\nMei;Paris, FR\n');
    expect(columns).toEqual(['name', 'place']);
  });

  test('a quoted cell can have line breaks and quotation marks', async () => {
    const { rows } = await parseTable('name,note\nAda,"said ""hi""\nand left"\nMei,x\n');
    expect(rows).toEqual([
      ['Ada', 'said "hi"\nand left'],
      ['Mei', 'x'],
    ]);
  });

  test('a cell with only another delimiter does not end the search for the delimiter', async () => {
    const { rows } = await parseTable('"name";"company";"note"\n"Ada";"Example GmbH";","');
    expect(rows).toEqual([['Ada', 'Example GmbH', ',']]);
  });

  test('reads the delimiter of Excel from the first line', async () => {
    expect((await parseTable('sep=;\nname;x\nAda;1\n')).columns).toEqual(['name', 'x']);
  });

  test('omits blank lines, fills short rows, and counts long rows', async () => {
    expect(await parseTable('a,b\n1\n\n,\n1,2,3\n')).toEqual({
      columns: ['a', 'b'],
      rows: [
        ['1', ''],
        ['1', '2'],
      ],
      tooLong: 1,
    });
  });

  test('numbers columns without a name, and distinguishes equal names', async () => {
    expect((await parseTable('a,,a\n1,2,3\n')).columns).toEqual(['a', 'column 2', 'a (2)']);
  });

  test('reports the line of an unclosed quotation mark', async () => {
    await expect(parseTable('a,b\n1,"2\n3,4\n')).rejects.toThrow(/is not valid CSV near line \d+: a quotation mark/);
  });

  test('a text without a row is an error', async () => {
    await expect(parseTable('a,b\n')).rejects.toThrow('has no row with data');
  });
});

describe('URLs without a header', () => {
  test('every line is a row', async () => {
    const { columns, rows } = await parseTable(
      'https://www.linkedin.com/in/ada-example\nlinkedin.com/in/mei-example\n',
    );
    expect(columns).toEqual(['column 1']);
    expect(rows).toHaveLength(2);
  });

  test('the first URL is not a title when the second line has a comma', async () => {
    const { rows } = await parseTable(
      'https://www.linkedin.com/in/a-example\nhttps://www.linkedin.com/in/b-example,x\n',
    );
    expect(rows.map(([url]) => url)).toEqual([
      'https://www.linkedin.com/in/a-example',
      'https://www.linkedin.com/in/b-example',
    ]);
  });
});

describe('JSON', () => {
  test('reads a list of objects, also with nested objects', async () => {
    const table = await parseTable('[{"a":1,"company":{"name":"Example"}},{"b":["x","y"],"a":null}]');
    expect(table.columns).toEqual(['a', 'company.name', 'b']);
    expect(table.rows).toEqual([
      ['1', 'Example', ''],
      ['', '', 'x, y'],
    ]);
  });

  test('reads an object that contains the list', async () => {
    expect((await parseTable('{"total":1,"results":[{"a":"x"}]}')).rows).toEqual([['x']]);
  });

  test('reads JSON Lines, also without a file extension', async () => {
    expect((await parseTable('{"a":1}\n\n{"a":2}\n')).rows).toEqual([['1'], ['2']]);
    await expect(parseTable('{"a":1}\n{"a":\n', '.jsonl')).rejects.toThrow('no valid JSON on line 2');
  });

  test('reads column names that equal prototype properties', async () => {
    expect((await parseTable('[{"__proto__":"x","constructor":"y"}]')).columns).toEqual(['__proto__', 'constructor']);
  });

  test.each(['{}', '[1]', '{"a"', '"x"'])('%s has no rows', async (text) => {
    await expect(parseTable(text, '.json')).rejects.toThrow();
  });
});

describe('the column with the people', () => {
  const columnOf = async (text: string) => {
    const table = await parseTable(text);
    return table.columns[personColumn(table) ?? -1];
  };

  test.each([
    ['Evaboot', evaboot, 'Linkedin URL Public'],
    ['Apollo', apollo, 'Person Linkedin Url'],
    ['Clay', clay, 'Profile'],
    ["LinkedIn's export", linkedInConnections, 'URL'],
    ['PhantomBuster', phantomBuster, 'defaultProfileUrl'],
  ])('%s', async (_program, text, column) => {
    expect(await columnOf(text)).toBe(column);
  });

  test('slugs count if their header names them', async () => {
    expect(await columnOf('profileUrl,name\nada-example,Ada\n')).toBe('profileUrl');
    expect(await columnOf('nickname,name\nada-example,Ada\n')).toBeUndefined();
  });

  test('tolerates a few wrong cells, but not many', async () => {
    const url = 'https://www.linkedin.com/in/ada-example';
    const sheet = (good: number) => ['x,y', ...Array(good).fill(`${url},1`), ...Array(2).fill('n/a,1')].join('\n');
    expect(await columnOf(sheet(8))).toBe('x');
    expect(await columnOf(sheet(7))).toBeUndefined();
  });
});
