import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/list/AddLeadsToList';
const person = (index: number) => ({
  profileUrl: `https://www.linkedin.com/in/ada-example-${index}`,
  firstName: 'Ada',
  lastName: `Example ${index}`,
});
const people = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => person(from + index));

describe('add_leads_to_list_v1', () => {
  const wire = useToolHarness();

  test('sends every field of a lead, and returns the number as added', async () => {
    wire.answerWith({ '/list/AddLeadsToList': { body: '1' } });
    const whole = {
      ...person(1),
      location: 'London',
      summary: 'Founder',
      companyName: 'Example Ltd',
      position: 'Analyst',
      about: 'Likes numbers',
      emailAddress: 'ada@example.com',
      customUserFields: [{ name: 'favorite_color', value: 'blue' }],
    };
    const result = await wire.call('add_leads_to_list_v1', { listId: 930001, leads: [whole, person(2)] });
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([
      post(PATH, { listId: 930001, leads: [whole, person(2)] }),
    ]);
    expect(result.structuredContent).toEqual({
      given: 2,
      sent: 2,
      sentRanges: [{ from: 0, to: 1 }],
      refused: [],
      duplicates: [],
      notSent: [],
      unknown: [],
      added: 1,
      updated: null,
      failed: null,
      unaccounted: null,
    });
  });

  test('sends calls of 100, and stops when HeyReach rejects one', async () => {
    wire.answerWith({
      '/list/AddLeadsToList': ({ body }) =>
        body.includes('example-150"') ? { status: 400, body: { errorMessage: 'List is full.' } } : { body: '100' },
    });
    const result = await wire.call('add_leads_to_list_v1', { listId: 930001, leads: people(1, 250) });
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([
      post(PATH, { listId: 930001, leads: people(1, 100) }),
      post(PATH, { listId: 930001, leads: people(101, 200) }),
    ]);
    expect(result.isError).toBeFalsy();
    const account = result.structuredContent as { refused: object[]; nextStep: string };
    expect(account).toMatchObject({ sent: 100, added: 100, notSent: [{ from: 200, to: 249 }], unknown: [] });
    expect(account.refused).toHaveLength(100);
    expect(account.refused[0]).toEqual({ index: 100, reason: 'HeyReach rejected the call: List is full.' });
    expect(account.nextStep).toContain('List is full.');
  });

  test('an empty 200 accepts the rows without counts', async () => {
    wire.answerWith({ '/list/AddLeadsToList': {} });
    const result = await wire.call('add_leads_to_list_v1', { listId: 930001, leads: people(1, 2) });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ given: 2, sent: 2, added: null, unaccounted: null, unknown: [] });
  });
});
