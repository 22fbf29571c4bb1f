import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('add_leads_to_blacklist', () => {
  const wire = useWire();
  const path = '/api/public/blacklist/AddLeads';
  const leads = [
    { profileUrl: 'https://www.linkedin.com/in/ada-example' },
    { linkedInProfileId: 'ACoAAexample2' },
    { email: 'grace@example.com', fullName: 'Grace Example' },
    { fullName: 'Linus Example' },
    { email: 'nobody' },
  ];

  test('sends the rows as they are and answers what became of each', async () => {
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
      ['unaccounted', 'unaccounted', 'unaccounted'],
      [null, { inputIndex: 9, id: 1 }, 'grace@example.com', 'none'],
    ],
  ])('an answer with %s loses nothing of what HeyReach said', async (_, body, outcomes, unmatched) => {
    wire.answerWith({ '/blacklist/AddLeads': { body } });
    const result = await wire.call('add_leads_to_blacklist', { leads: leads.slice(0, 3) });
    expect(result.isError).toBeFalsy();
    const { rows } = result.structuredContent as { rows: { outcome: string }[] };
    expect(rows.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(result.structuredContent?.unmatched).toEqual(unmatched);
  });

  test('a refusal is passed on word for word', async () => {
    const errors = { Leads: ['The Leads field is required.'] };
    wire.answerWith({ '/blacklist/AddLeads': { status: 400, body: { title: 'One or more', errors } } });
    expectError(await wire.call('add_leads_to_blacklist', { leads }), {
      kind: 'bad_request',
      status: 400,
      message: 'The Leads field is required.',
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [[], 'leads must have at least 1 entries, got 0 entries'],
    [Array.from({ length: 101 }, () => leads[0]), 'leads must have at most 100 entries, got 101 entries'],
    [[leads[0], { email: '' }], 'leads[1] needs profileUrl, linkedInProfileId, email or fullName'],
    [[{ profileUrl: 'https://www.linkedin.com/pub/ada' }], 'leads[0].profileUrl is a /pub/ URL'],
    [[{ url: 'https://www.linkedin.com/in/ada-example' }], 'unknown parameter url in leads[0]'],
  ])('refuses %.80j', async (given, said) => {
    expectInvalid(await wire.call('add_leads_to_blacklist', { leads: given }), said);
    expect(wire.sent()).toEqual([]);
  });
});
