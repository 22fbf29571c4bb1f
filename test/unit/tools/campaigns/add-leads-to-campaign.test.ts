import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/AddLeadsToCampaignV2';
const person = (index: number) => ({
  profileUrl: `https://www.linkedin.com/in/ada-example-${index}`,
  firstName: 'Ada',
  lastName: `Example ${index}`,
});
const pairs = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ lead: person(from + index) }));
const counts = (addedLeadsCount: number, updatedLeadsCount = 0, failedLeadsCount = 0) => ({
  body: { addedLeadsCount, updatedLeadsCount, failedLeadsCount },
});

describe('add_leads_to_campaign', () => {
  const wire = useToolHarness();

  test('an empty 200 means that the rows were accepted, without counts', async () => {
    wire.answerWith({ '/campaign/AddLeadsToCampaignV2': {} });
    const result = await wire.call('add_leads_to_campaign', { campaignId: 600001, accountLeadPairs: pairs(1, 2) });
    expect(result.isError).toBeFalsy();
    const unknown = { added: null, updated: null, failed: null, unaccounted: null };
    expect(result.structuredContent).toMatchObject({ given: 2, sent: 2, unknown: [], ...unknown });
  });

  test('sends every field of a lead, pinned to a sender, and both resume flags', async () => {
    wire.answerWith({ '/campaign/AddLeadsToCampaignV2': counts(1, 1) });
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
    const navigator = { ...person(2), profileUrl: 'https://www.linkedin.com/sales/lead/ACwAAExample,NAME,abcd' };
    const result = await wire.call('add_leads_to_campaign', {
      campaignId: 600001,
      accountLeadPairs: [{ linkedInAccountId: '170001', lead: whole }, { lead: navigator }],
      resumeFinishedCampaign: true,
      resumePausedCampaign: true,
    });
    expect(wire.sent()).toEqual([
      post(PATH, {
        campaignId: 600001,
        accountLeadPairs: [{ linkedInAccountId: 170001, lead: whole }, { lead: navigator }],
        resumeFinishedCampaign: true,
        resumePausedCampaign: true,
      }),
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
      updated: 1,
      failed: 0,
      unaccounted: 0,
    });
  });

  test('resumes nothing without flags', async () => {
    wire.answerWith({ '/campaign/AddLeadsToCampaignV2': counts(1) });
    await wire.call('add_leads_to_campaign', { campaignId: 600001, accountLeadPairs: pairs(1, 1) });
    expect(wire.sent()).toEqual([
      post(PATH, {
        campaignId: 600001,
        accountLeadPairs: pairs(1, 1),
        resumeFinishedCampaign: false,
        resumePausedCampaign: false,
      }),
    ]);
  });

  test('sends the resume flag with the last call only, and does not retry that call after a 500', async () => {
    wire.answerWith({
      '/campaign/AddLeadsToCampaignV2': ({ body }) => (body.includes('example-101') ? { status: 500 } : counts(100)),
    });
    const args = { campaignId: 600001, accountLeadPairs: pairs(1, 101), resumePausedCampaign: true };
    const result = await wire.call('add_leads_to_campaign', args);
    const body = { campaignId: 600001, resumeFinishedCampaign: false };
    expect(wire.sent()).toEqual([
      post(PATH, { ...body, accountLeadPairs: pairs(1, 100), resumePausedCampaign: false }),
      post(PATH, { ...body, accountLeadPairs: pairs(101, 101), resumePausedCampaign: true }),
    ]);
    expect(result.structuredContent).toMatchObject({ sent: 100, unknown: [{ from: 100, to: 100 }], notSent: [] });
  });

  test('counts silently dropped rows as unaccounted, and sums with a missing count as unknown', async () => {
    wire.answerWith({ '/campaign/AddLeadsToCampaignV2': counts(0) });
    const args = { campaignId: 600001, accountLeadPairs: pairs(1, 3) };
    const dropped = await wire.call('add_leads_to_campaign', args);
    expect(dropped.structuredContent).toMatchObject({ sent: 3, added: 0, updated: 0, failed: 0, unaccounted: 3 });
    expect(dropped.structuredContent?.nextStep).toContain('dropped the unaccounted rows without naming them');
    wire.answerWith({ '/campaign/AddLeadsToCampaignV2': { body: { addedLeadsCount: 3, updatedLeadsCount: null } } });
    const odd = await wire.call('add_leads_to_campaign', args);
    expect(odd.structuredContent).toMatchObject({ added: 3, updated: null, failed: null, unaccounted: null });
  });

  test("returns HeyReach's own message on a rejection, and accounts for the rows", async () => {
    const errorMessage = 'You cannot add leads to a campaign that has not been started.';
    wire.answerWith({ '/campaign/AddLeadsToCampaignV2': { status: 400, body: { errorMessage } } });
    const result = await wire.call('add_leads_to_campaign', { campaignId: 600001, accountLeadPairs: pairs(1, 101) });
    expect(wire.sent()).toHaveLength(1);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    const account = result.structuredContent as { error: object; refused: object[] };
    expect(account.error).toMatchObject({ status: 400, message: errorMessage, outcome: 'refused' });
    expect(account).toMatchObject({ given: 101, sent: 0, notSent: [{ from: 100, to: 100 }], unknown: [] });
    expect(account.refused).toHaveLength(100);
    expect(account.refused[99]).toEqual({ index: 99, reason: `HeyReach rejected the call: ${errorMessage}` });
  });

  test('reports rows as unknown when the first response was lost and the retry was rejected', async () => {
    let attempts = 0;
    wire.answerWith({
      '/campaign/AddLeadsToCampaignV2': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Campaign is finished.' } };
      },
    });
    const result = await wire.call('add_leads_to_campaign', { campaignId: 600001, accountLeadPairs: pairs(1, 2) });
    expect(attempts).toBe(2);
    expect(result.structuredContent).toMatchObject({ sent: 0, refused: [], unknown: [{ from: 0, to: 1 }] });
  });

  test('rejects invalid rows one by one, each with a correction, and does not send them', async () => {
    const bad = [
      { ...person(1), firstName: undefined },
      { ...person(2), lastName: ' ' },
      { ...person(3), profileUrl: 'https://www.linkedin.com/company/example' },
      { ...person(4), customUserFields: [{ name: 'favorite color', value: 'blue' }] },
      { firstName: 'Ada', lastName: 'Example' },
    ];
    const accountLeadPairs = bad.map((lead) => ({ lead }));
    const result = await wire.call('add_leads_to_campaign', { campaignId: 600001, accountLeadPairs });
    expect(wire.sent()).toEqual([]);
    expect(result.isError).toBe(true);
    const { error, refused } = result.structuredContent as { error: object; refused: { reason: string }[] };
    expect(error).toMatchObject({ kind: 'invalid_input', outcome: 'not_sent' });
    expect(refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('firstName is missing'),
      expect.stringContaining('lastName is missing'),
      expect.stringContaining('profileUrl is a /company/ URL'),
      expect.stringContaining('try favorite_color'),
      'profileUrl is missing',
    ]);
  });

  test('advises against resuming twice after a lost response to a call that resumes', async () => {
    wire.answerWith({ '/campaign/AddLeadsToCampaignV2': { status: 500 } });
    const args = { campaignId: 600001, accountLeadPairs: pairs(1, 2), resumePausedCampaign: true };
    const result = await wire.call('add_leads_to_campaign', args);
    expect(wire.sent()).toHaveLength(1);
    const { error, ...account } = result.structuredContent as { error: { nextStep: string }; nextStep: string };
    expect(account).toMatchObject({ unknown: [{ from: 0, to: 1 }], added: null });
    expect(account.nextStep).toMatch(/get_campaign.*without the resume flags/);
    expect(error.nextStep).toBe(account.nextStep);
  });

  test('groups a thousand rejected rows by reason, so that they fit into a result', async () => {
    const accountLeadPairs = pairs(1, 1_000).map(({ lead }) => ({ lead: { ...lead, firstName: '' } }));
    const result = await wire.call('add_leads_to_campaign', { campaignId: 600001, accountLeadPairs });
    const text = result.content.map((part) => part.text).join('');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(48_000);
    expect(result.structuredContent?.refused).toEqual([
      { index: 0, reason: expect.stringContaining('firstName is missing'), also: [{ from: 1, to: 999 }] },
    ]);
  });

  test.each([
    [{ accountLeadPairs: [] }, 'accountLeadPairs must have at least 1 entries'],
    [{ accountLeadPairs: pairs(1, 1_001) }, 'accountLeadPairs must have at most 1000 entries, got 1001 entries'],
    [{ accountLeadPairs: [{ account: 170001, lead: person(1) }] }, 'unknown parameter account in accountLeadPairs[0]'],
    [{ accountLeadPairs: [{ lead: { ...person(1), headline: 'CEO' } }] }, 'unknown parameter headline'],
    [{ accountLeadPairs: pairs(1, 1), resumePausedCampaign: 'no' }, 'resumePausedCampaign must be true or false'],
  ])('rejects arguments that are not rows (%#)', async (args, message) => {
    const result = await wire.call('add_leads_to_campaign', { campaignId: 600001, ...args });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
