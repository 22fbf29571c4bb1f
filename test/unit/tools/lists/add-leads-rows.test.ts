import { describe, expect, test } from 'vitest';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const url = 'https://www.linkedin.com/in/ada-example';
const row = { profileUrl: url, firstName: 'Ada', lastName: 'Example' };
const grace = { profileUrl: 'https://www.linkedin.com/in/grace-example', firstName: 'Grace', lastName: 'Example' };

/** The rows of both tools that add leads, and how to call the tools. */
const TOOLS = [
  ['add_leads_to_list', '/list/AddLeadsToListV2', (leads: unknown[]) => ({ listId: 930001, leads })],
  [
    'add_leads_to_campaign',
    '/campaign/AddLeadsToCampaignV2',
    (leads: unknown[]) => ({ campaignId: 600001, accountLeadPairs: leads.map((lead) => ({ lead })) }),
  ],
] as const;

describe.each(TOOLS)('the rows of %s', (tool, path, argsOf) => {
  const wire = useToolHarness();

  /** Adds rows. @returns the rows that HeyReach got, and the rejected rows. */
  async function add(...leads: unknown[]) {
    wire.answerWith({ [path]: { body: { addedLeadsCount: 1, updatedLeadsCount: 0, failedLeadsCount: 0 } } });
    const result = await wire.call(tool, argsOf(leads));
    const bodies = wire.sent().map(({ body }) => body as { leads?: object[]; accountLeadPairs?: { lead: object }[] });
    const sent = bodies.flatMap((body) => body.leads ?? body.accountLeadPairs?.map(({ lead }) => lead) ?? []);
    const { refused } = result.structuredContent as { refused?: { index: number; reason: string }[] };
    return { sent, refused, text: result.content[0]?.text ?? '' };
  }

  test('a number or a boolean in a custom field becomes text', async () => {
    const customUserFields = [
      { name: 'seats', value: 25 },
      { name: 'trial', value: false },
      { name: 'note', value: null },
    ];
    expect(await add({ ...row, customUserFields }, grace)).toMatchObject({
      sent: [
        {
          ...row,
          customUserFields: [
            { name: 'seats', value: '25' },
            { name: 'trial', value: 'false' },
            { name: 'note', value: '' },
          ],
        },
        grace,
      ],
      refused: [],
    });
  });

  test.each([
    [
      'a list as a value',
      { ...row, customUserFields: [{ name: 'seats', value: [25] }] },
      'value must be a string, got a list',
    ],
    ['an unknown field', { ...row, linkedInUrl: url }, 'unknown parameter linkedInUrl'],
    ['a text that is too long', { ...row, firstName: 'A'.repeat(501) }, 'must have at most 500 characters'],
    ['a row that is a text', 'Ada Example', 'must be an object'],
    ['a row that is null', null, 'must be an object'],
  ])('%s rejects its row, and the others are sent', async (_, lead, reason) => {
    const { sent, refused } = await add(grace, lead);
    expect(sent).toEqual([grace]);
    expect(refused).toEqual([{ index: 1, reason: expect.stringContaining(reason) }]);
  });

  test('rows that are all unreadable are invalid arguments', async () => {
    const { sent, text } = await add({ ...row, firstName: ['Ada'] });
    expect(sent).toEqual([]);
    expect(text).toContain('firstName must be a string, got a list');
  });

  test.each([
    [{ firstName: '{{first_name}}' }, 'firstName "{{first_name}}" is a placeholder'],
    [{ firstName: '[First Name]' }, 'firstName "[First Name]" is a placeholder'],
    [{ lastName: 'N/A' }, 'lastName "N/A" is a placeholder'],
    [{ lastName: '#N/A' }, 'lastName "#N/A" is a placeholder'],
    [{ lastName: 'null' }, 'with one capital letter (Null)'],
    [{ lastName: '\u200b' }, 'lastName is missing'],
    [{ firstName: '\u3164' }, 'firstName is missing'],
    [{ profileUrl: '\u200b' }, 'profileUrl is missing'],
    [
      { profileUrl: 'https://www.linkedin.com/in/undefined' },
      'profileUrl names no person: "undefined" is a placeholder',
    ],
    [{ profileUrl: 'https://www.linkedin.com/in/{{slug}}' }, 'profileUrl names no person: "{{slug}}" is a placeholder'],
    [{ profileUrl: 'null' }, 'profileUrl names no person'],
    [{ companyName: 'undefined' }, 'companyName "undefined" is a placeholder'],
    [{ emailAddress: '{{email}}' }, 'emailAddress "{{email}}" is a placeholder'],
    [
      { customUserFields: [{ name: 'seats', value: '${SEATS}' }] },
      'customUserFields seats "${SEATS}" is a placeholder',
    ],
  ])('%j rejects its row, and the others are sent', async (change, reason) => {
    const { sent, refused } = await add({ ...row, ...change }, grace);
    expect(sent).toEqual([grace]);
    expect(refused).toEqual([{ index: 0, reason: expect.stringContaining(reason) }]);
  });

  test('sends people with unusual surnames', async () => {
    const leads = ['Null', 'None', 'Na', "O'Neil", '李'].map((lastName, index) => ({
      ...row,
      profileUrl: `${url}-${index}`,
      lastName,
    }));
    expect(await add(...leads)).toMatchObject({ sent: leads, refused: [] });
  });

  test('accepts the slug of a row, a markdown link and invisible characters', async () => {
    const spellings = ['ada-example', `[${url}](${url})`, `${url}\u200b`, `<${url}>`, `${url},`];
    for (const profileUrl of spellings) {
      wire.stub.requests.length = 0;
      expect((await add({ ...row, profileUrl, firstName: 'Ada\u200b ', companyName: '\u200b' })).sent).toEqual([row]);
    }
  });

  test('two member ids that differ by case are two people, and two spellings of a slug are one', async () => {
    const ids = ['ACoAADdu6TsBifd', 'ACoAADdu6TsBIFD'].map((id) => ({
      ...row,
      profileUrl: `https://www.linkedin.com/in/${id}`,
    }));
    const again = [{ ...row, profileUrl: 'https://www.linkedin.com/in/Ada-Example/?x' }, row];
    const { sent } = await add(...ids, ...again);
    expect(sent).toEqual([...ids, again[0]]);
  });
});
