import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('add_leads_to_blacklist', () => {
  const wire = useToolHarness();
  const path = '/api/public/blacklist/AddLeads';
  const leads = [
    { profileUrl: 'https://www.linkedin.com/in/ada-example' },
    { linkedInProfileId: '580000002' },
    { email: 'grace@example.com', fullName: 'Grace Example' },
    { fullName: 'Linus Example' },
    { email: 'nobody' },
  ];

  test('sends the rows unchanged and returns the outcome of each', async () => {
    const entries = [
      { inputIndex: 0, id: 41, created: true },
      { inputIndex: 1, id: 7, created: false },
    ];
    const duplicates = [{ inputIndex: 2, duplicateOfIndex: 0 }];
    const validationErrors = [{ inputIndex: 4, errorMessage: 'The lead has no valid identifier.' }];
    wire.answerWith({ '/blacklist/AddLeads': { body: { added: 1, entries, duplicates, validationErrors } } });
    const result = await wire.call('add_leads_to_blacklist', { leads });
    expect(wire.sent()).toEqual([post(path, { leads })]);
    expect(result.structuredContent).toEqual({
      given: 5,
      added: 1,
      rows: [
        { index: 0, outcome: 'added', id: 41 },
        { index: 1, outcome: 'present', id: 7 },
        { index: 2, outcome: 'duplicate', reason: '{"duplicateOfIndex":0}' },
        { index: 3, outcome: 'unaccounted' },
        { index: 4, outcome: 'invalid', reason: 'The lead has no valid identifier.' },
      ],
    });
  });

  test.each([
    ['bare indexes', { duplicates: [1], validationErrors: [2] }, ['unaccounted', 'duplicate', 'invalid'], undefined],
    ['no lists at all', { added: 0 }, ['unaccounted', 'unaccounted', 'unaccounted'], undefined],
    ['nulls', { entries: null, duplicates: null }, ['unaccounted', 'unaccounted', 'unaccounted'], undefined],
    [
      'texts, nulls and indexes out of range',
      { entries: [null, { inputIndex: 9, id: 1 }], duplicates: ['grace@example.com'], validationErrors: 'none' },
      ['unaccounted', 'unaccounted', 'present'],
      [null, { inputIndex: 9, id: 1 }, 'none'],
    ],
  ])('a response with %s loses nothing that HeyReach returned', async (_, body, outcomes, unmatched) => {
    wire.answerWith({ '/blacklist/AddLeads': { body } });
    const result = await wire.call('add_leads_to_blacklist', { leads: leads.slice(0, 3) });
    expect(result.isError).toBeFalsy();
    const { rows } = result.structuredContent as { rows: { outcome: string }[] };
    expect(rows.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(result.structuredContent?.unmatched).toEqual(unmatched);
  });

  test.each([
    ['a URL in another spelling', ['linkedin.com/in/Ada-Example/?x=1'], { profileUrl: leads[0]!.profileUrl }],
    ['a slug', ['ada-example'], { profileUrl: leads[0]!.profileUrl }],
    ['a numeric id', [580000002], { linkedInProfileId: '580000002' }],
    ['an e-mail address in another case', ['GRACE@example.com'], { email: 'grace@example.com' }],
    ['a name', [{ identifier: 'Linus Example' }], { fullName: 'linus example' }],
  ])('finds the row of an identifier that HeyReach lists as a duplicate: %s', async (_, duplicates, lead) => {
    const entries = [
      { inputIndex: 0, id: 7, created: false },
      { inputIndex: 1, id: 41, created: true },
    ];
    wire.answerWith({ '/blacklist/AddLeads': { body: { added: 1, entries, duplicates, validationErrors: [] } } });
    const result = await wire.call('add_leads_to_blacklist', { leads: [lead, { fullName: 'Alan Example' }] });
    expect(result.structuredContent).toEqual({
      given: 2,
      added: 1,
      rows: [
        { index: 0, outcome: 'present', id: 7 },
        { index: 1, outcome: 'added', id: 41 },
      ],
    });
  });

  test('a person in two rows is added once, and the second row is a duplicate', async () => {
    const rows = [{ profileUrl: leads[0]!.profileUrl }, { profileUrl: 'https://linkedin.com/in/ADA-example/' }];
    const entries = [
      { inputIndex: 0, id: 41, created: true },
      { inputIndex: 1, id: 41, created: false },
    ];
    wire.answerWith({ '/blacklist/AddLeads': { body: { added: 1, entries, duplicates: ['ada-example'] } } });
    const result = await wire.call('add_leads_to_blacklist', { leads: rows });
    expect(result.structuredContent?.rows).toEqual([
      { index: 0, outcome: 'added', id: 41 },
      { index: 1, outcome: 'duplicate', id: 41 },
    ]);
    expect(result.structuredContent).not.toHaveProperty('unmatched');
  });

  test('an empty 200 means that the rows were accepted, without the outcome of each', async () => {
    wire.answerWith({ '/blacklist/AddLeads': {} });
    const result = await wire.call('add_leads_to_blacklist', { leads: [leads[0]] });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({ given: 1, added: null, rows: [{ index: 0, outcome: 'unaccounted' }] });
  });

  test.each([
    [
      [leads[0], { linkedInProfileId: 'ACoAAexample2' }],
      'leads[1].linkedInProfileId must be the numeric linkedin_id of a person',
    ],
    [[leads[0], { email: '' }], 'leads[1] needs profileUrl, linkedInProfileId, email or fullName'],
    [[{ profileUrl: 'https://www.linkedin.com/pub/ada' }], 'leads[0].profileUrl is a /pub/ URL'],
    [[{ url: 'https://www.linkedin.com/in/ada-example' }], 'unknown parameter url in leads[0]'],
  ])('rejects %.80j', async (rows, message) => {
    expectInvalid(await wire.call('add_leads_to_blacklist', { leads: rows }), message);
    expect(wire.sent()).toEqual([]);
  });
});
