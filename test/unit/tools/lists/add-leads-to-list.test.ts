import { describe, expect, test } from 'vitest';
import { listNotFound } from '../../../support/fixtures/list.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('add_leads_to_list', () => {
  const wire = useToolHarness();
  const path = '/api/public/list/AddLeadsToListV2';
  const lead = (slug: string, changes: object = {}) => ({
    profileUrl: `https://www.linkedin.com/in/${slug}`,
    firstName: 'Ada',
    lastName: 'Example',
    ...changes,
  });
  const counts = (added: number, updated = 0, failed = 0) => ({
    addedLeadsCount: added,
    updatedLeadsCount: updated,
    failedLeadsCount: failed,
  });

  test('sends every field of a lead, custom fields as an array', async () => {
    wire.answerWith({ '/list/AddLeadsToListV2': { body: counts(1) } });
    const full = lead('ada-example', {
      location: 'London',
      summary: 'Counts.',
      companyName: 'Example Ltd',
      position: 'Analyst',
      about: 'Likes engines.',
      emailAddress: 'ada@example.com',
      customUserFields: [{ name: 'team_1', value: 'Data' }],
    });
    const result = await wire.call('add_leads_to_list', { listId: 930001, leads: [full] });
    expect(wire.sent()).toEqual([post(path, { listId: 930001, leads: [full] })]);
    expect(result.structuredContent).toEqual({
      given: 1,
      sent: 1,
      sentRanges: [{ from: 0, to: 0 }],
      refused: [],
      duplicates: [],
      notSent: [],
      unknown: [],
      added: 1,
      updated: 0,
      failed: 0,
      unaccounted: 0,
    });
  });

  test('an empty 200 means that the rows were accepted, without counts', async () => {
    wire.answerWith({ '/list/AddLeadsToListV2': {} });
    const result = await wire.call('add_leads_to_list', { listId: 930001, leads: [lead('ada-example')] });
    expect(result.isError).toBeFalsy();
    const unknown = { added: null, updated: null, failed: null, unaccounted: null };
    expect(result.structuredContent).toMatchObject({ given: 1, sent: 1, unknown: [], ...unknown });
  });

  test('more counted rows than sent rows leave none unaccounted', async () => {
    wire.answerWith({ '/list/AddLeadsToListV2': { body: counts(1, 3) } });
    const result = await wire.call('add_leads_to_list', { listId: 930001, leads: [lead('ada-example')] });
    expect(result.structuredContent).toMatchObject({ sent: 1, added: 1, updated: 3, unaccounted: 0 });
  });

  test('sends valid rows in calls of 100, and accounts for every index', async () => {
    wire.answerWith({
      '/list/AddLeadsToListV2': ({ body }) => {
        const { leads } = JSON.parse(body) as { leads: object[] };
        return { body: counts(leads.length - 2, 1) };
      },
    });
    const good = Array.from({ length: 150 }, (_, index) => lead(`person-${index}`));
    const nameless = lead('nameless', { firstName: ' ' });
    const company = lead('x', { profileUrl: 'https://www.linkedin.com/company/example' });
    const again = lead('x', { profileUrl: 'linkedin.com/in/Person-3/?trk=1' });
    const leads = [nameless, ...good, company, again];
    const result = await wire.call('add_leads_to_list', { listId: 930001, leads });
    expect(wire.sent()).toEqual([
      post(path, { listId: 930001, leads: good.slice(0, 100) }),
      post(path, { listId: 930001, leads: good.slice(100) }),
    ]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({
      given: 153,
      sent: 150,
      sentRanges: [{ from: 1, to: 150 }],
      refused: [
        { index: 0, reason: expect.stringContaining('firstName is missing') },
        { index: 151, reason: expect.stringContaining('/company/ URL') },
      ],
      duplicates: [{ index: 152, of: 4 }],
      notSent: [],
      unknown: [],
      added: 146,
      updated: 2,
      failed: 0,
      unaccounted: 2,
      nextStep: expect.stringContaining('dropped the unaccounted rows'),
    });
  });

  test('an unknown list is an error that names list_lists and accounts for the rows', async () => {
    wire.answerWith({ '/list/AddLeadsToListV2': { status: 404, body: { errorMessage: listNotFound.message } } });
    const result = await wire.call('add_leads_to_list', { listId: 930009, leads: [lead('ada-example')] });
    expectError(result, listNotFound);
    expect(result.structuredContent).toMatchObject({ given: 1, sent: 0, notSent: [], unknown: [] });
    expect(result.structuredContent?.refused).toEqual([
      { index: 0, reason: 'HeyReach rejected the call: List with id 930009 was not found.' },
    ]);
  });
});
