import { describe, expect, test } from 'vitest';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const PATH = '/api/public/list/AddLeadsToList';
const person = (index: number) => ({
  profileUrl: `https://www.linkedin.com/in/ada-example-${index}`,
  firstName: 'Ada',
  lastName: `Example ${index}`,
});
const people = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => person(from + index));

describe('add_leads_to_list_v1', () => {
  const wire = useWire();

  test('sends every field of a lead, and answers the one number as added', async () => {
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

  test('goes in calls of 100, and stops at a refusal', async () => {
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
    expect(account.refused[0]).toEqual({ index: 100, reason: 'HeyReach refused the call: List is full.' });
    expect(account.nextStep).toContain('List is full.');
  });

  test("answers HeyReach's own sentence when it refuses", async () => {
    const errors = { Leads: ['The Leads field is required.'] };
    const body = { title: 'One or more validation errors occurred.', status: 400, errors };
    wire.answerWith({ '/list/AddLeadsToList': { status: 400, body } });
    const result = await wire.call('add_leads_to_list_v1', { listId: 930001, leads: people(1, 1) });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain('The Leads field is required.');
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      status: 400,
      message: 'The Leads field is required.',
      outcome: 'refused',
    });
  });

  test('an empty 200 took the rows in without counting them', async () => {
    wire.answerWith({ '/list/AddLeadsToList': {} });
    const result = await wire.call('add_leads_to_list_v1', { listId: 930001, leads: people(1, 2) });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ given: 2, sent: 2, added: null, unaccounted: null, unknown: [] });
  });

  test('a person given twice goes once, and a company is refused', async () => {
    wire.answerWith({ '/list/AddLeadsToList': { body: '1' } });
    const again = { ...person(1), profileUrl: 'https://linkedin.com/in/ADA-example-1/' };
    const company = { ...person(3), profileUrl: 'https://www.linkedin.com/company/example' };
    const result = await wire.call('add_leads_to_list_v1', { listId: 930001, leads: [person(1), again, company] });
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([
      post(PATH, { listId: 930001, leads: [person(1)] }),
    ]);
    expect(result.structuredContent).toMatchObject({
      given: 3,
      sent: 1,
      duplicates: [{ index: 1, of: 0 }],
      refused: [{ index: 2, reason: expect.stringContaining('/company/') }],
    });
  });

  test('refuses rows under another name', async () => {
    const result = await wire.call('add_leads_to_list_v1', { listId: 930001, accountLeadPairs: [] });
    expect(result.content[0]?.text).toContain('leads is required');
    expect(wire.sent()).toEqual([]);
  });
});
