import { describe, expect, test } from 'vitest';
import { HeyReachError } from '../../../../src/client/index.ts';
import { type ColumnChoices, mapColumns } from '../../../../src/workflows/sources/lead-columns.ts';
import { parseTable } from '../../../../src/workflows/sources/parse-table.ts';
import { apollo, clay, evaboot, linkedInConnections, phantomBuster } from '../../../support/fixtures/sheets.ts';

/** The field that each column fills, by name. */
async function mapped(text: string, choices: ColumnChoices = {}) {
  const table = { ...(await parseTable(text)), name: 'file "leads.csv"' };
  const { fields, custom, ...others } = mapColumns(table, choices);
  return {
    fields: Object.fromEntries([...fields].map(([field, index]) => [field, table.columns[index]])),
    custom: custom.map(({ name, column }) => [name, table.columns[column]]),
    ...others,
  };
}

describe('columns of known exports', () => {
  test('Evaboot: the public URL, not the unique id', async () => {
    expect(await mapped(evaboot)).toEqual({
      fields: {
        profileUrl: 'Linkedin URL Public',
        firstName: 'First Name',
        lastName: 'Last Name',
        companyName: 'Company Name',
        position: 'Current Job',
        location: 'Location',
        emailAddress: 'Email',
        companyDomain: 'Company Domain',
      },
      custom: [],
      mended: [],
      sender: undefined,
      ignored: ['Linkedin URL Unique ID', 'Matches Filters'],
    });
  });

  test('Apollo: the profile of the person, not of the company', async () => {
    const { fields, ignored } = await mapped(apollo);
    expect(fields).toEqual({
      profileUrl: 'Person Linkedin Url',
      firstName: 'First Name',
      lastName: 'Last Name',
      companyName: 'Company',
      position: 'Title',
      emailAddress: 'Email',
      companyDomain: 'Website',
    });
    expect(ignored).toEqual(['Company Name for Emails', '# Employees', 'Company Linkedin Url']);
  });

  test('Clay: finds the person by the cells, and fills both names from a full name', async () => {
    const { fields, ignored } = await mapped(clay);
    expect(fields).toEqual({ profileUrl: 'Profile', fullName: 'Name' });
    expect(ignored).toEqual(['Find people', 'Org', 'Our opener']);
  });

  test("LinkedIn's connections", async () => {
    const { fields, ignored } = await mapped(linkedInConnections);
    expect(fields).toEqual({
      profileUrl: 'URL',
      firstName: 'First Name',
      lastName: 'Last Name',
      companyName: 'Company',
      position: 'Position',
      emailAddress: 'Email Address',
    });
    expect(ignored).toEqual(['Connected On']);
  });

  test('PhantomBuster: the default URL, not that of Sales Navigator', async () => {
    const { fields } = await mapped(phantomBuster);
    expect(fields).toMatchObject({
      profileUrl: 'defaultProfileUrl',
      firstName: 'firstName',
      companyName: 'companyName',
    });
  });
});

describe('columns that the caller names', () => {
  test('a field, a custom field with a corrected name, an ignored column, and the sender', async () => {
    const columns = [
      { column: 'org', field: 'companyName' },
      { column: 'Our opener', field: 'Our öpener!' },
      { column: 'Name', field: 'none' },
    ];
    expect(await mapped(clay, { columns, senderColumn: 'find people' })).toMatchObject({
      fields: { profileUrl: 'Profile', companyName: 'Org' },
      custom: [['Our_opener', 'Our opener']],
      mended: [{ from: 'Our öpener!', to: 'Our_opener' }],
      sender: 0,
      ignored: [],
    });
  });

  test('a person column of the caller takes precedence over the cells', async () => {
    const { fields } = await mapped(evaboot, { columns: [{ column: 'Linkedin URL Unique ID', field: 'profileUrl' }] });
    expect(fields.profileUrl).toBe('Linkedin URL Unique ID');
  });

  test('custom fields of HeyReach stay custom fields', async () => {
    const text = 'profileUrl,firstName,lastName,title\nhttps://www.linkedin.com/in/ada-example,Ada,Example,x\n';
    const { fields, custom } = await mapped(text, { customColumns: ['title'] });
    expect(fields).not.toHaveProperty('position');
    expect(custom).toEqual([['title', 'title']]);
  });

  test.each<[string, ColumnChoices, RegExp]>([
    [
      'a missing column',
      { columns: [{ column: 'Organisation name', field: 'companyName' }] },
      /has no column "Organisation name"/,
    ],
    ['a missing sender column', { senderColumn: 'Owner' }, /has no column "Owner"/],
  ])('%s is an error that lists the columns', async (_name, choices, message) => {
    const error = await mapped(clay, choices).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(HeyReachError);
    expect(error).toMatchObject({ outcome: 'not_sent', message: expect.stringMatching(message) });
    expect((error as HeyReachError).nextStep).toContain('"Find people", "Name", "Profile", "Org", "Our opener"');
  });

  test('a missing person column is an error that says how to name it', async () => {
    await expect(mapped('Name,Company Linkedin Url\nAda,https://www.linkedin.com/company/example\n')).rejects.toThrow(
      'file "leads.csv" has no column with LinkedIn profile URLs of people',
    );
  });
});
