import { describe, expect, test } from 'vitest';
import {
  ada,
  mei,
  memberships,
  pageOf,
  table,
  urlIn,
  useSuppressLeads,
} from '../../../support/tools/suppress-leads.ts';

describe('suppress_leads, when one request fails,', () => {
  const { wire, stopped, answer, call } = useSuppressLeads();

  const failing = (status: number) => ({ status, body: { errorMessage: `made up ${status}` } });

  test.each([
    ['/blacklist/AddLeads', { '/blacklist/GetLeads': pageOf([]) }, 'partial', 'blacklist: made up 403'],
    ['/campaign/StopLeadInCampaign', {}, 'partial', 'campaign 1: made up 403'],
    ['/lead/AddTags', {}, 'partial', 'tag: made up 403'],
    ['/campaign/GetCampaignsForLead', {}, 'partial', 'made up 403'],
  ])('%s answers 403: the other steps are done, and the row says so', async (path, further, outcome, note) => {
    answer({ [path]: failing(403), ...further });
    const result = await call({ profileUrls: [ada] });
    expect(result.isError).toBeFalsy();
    expect(table(result)[0]).toMatchObject({ outcome, note });
    expect(result.structuredContent).toMatchObject({
      clear: false,
      remaining: ['ada-example'],
      nextStep: 'Call again with remaining as profileUrls. Repeating a person does no harm.',
    });
  });

  test('a failed stop in one campaign does not prevent the stops in others', async () => {
    const live = [11, 12, 13];
    for (const broken of live) {
      const ended = new Set<number>();
      answer({
        '/campaign/GetCampaignsForLead': () =>
          pageOf(
            live.map((campaignId) => ({
              campaignId,
              campaignStatus: 'IN_PROGRESS',
              leadStatus: ended.has(campaignId) ? 'Finished' : 'InSequence',
            })),
          ),
        '/campaign/StopLeadInCampaign': ({ body }) => {
          const { campaignId } = JSON.parse(body) as { campaignId: number };
          if (campaignId === broken) return failing(404);
          ended.add(campaignId);
          return {};
        },
      });
      const [row] = table(await call({ profileUrls: [ada] }));
      expect(row).toMatchObject({
        outcome: 'partial',
        stopped: live.filter((id) => id !== broken),
        tag: 'added',
        blacklist: 'Matched',
        note: `campaign ${broken}: made up 404`,
      });
    }
  });

  test('a stop that HeyReach answered with an error counts as done if the campaign shows it', async () => {
    answer({
      '/campaign/StopLeadInCampaign': ({ body }) => {
        stopped.add(urlIn(body));
        return failing(400);
      },
    });
    expect(table(await call({ profileUrls: [ada] }))[0]).toMatchObject({ outcome: 'done', stopped: [1], note: null });
  });

  test('does not confirm an accepted stop without effect', async () => {
    answer({ '/campaign/StopLeadInCampaign': {} });
    const result = await call({ profileUrls: [ada] });
    expect(table(result)[0]).toMatchObject({
      outcome: 'not_confirmed',
      stopped: [],
      note: 'campaign 1: HeyReach accepted the stop, but the person is still InSequence',
    });
    expect(result.structuredContent).toMatchObject({ clear: false, remaining: ['ada-example'] });
  });

  test('does not confirm a stop that cannot be read back', async () => {
    let reads = 0;
    answer({
      '/campaign/GetCampaignsForLead': () => {
        reads += 1;
        return reads === 1 ? pageOf(memberships()) : failing(403);
      },
    });
    expect(table(await call({ profileUrls: [ada] }))[0]).toMatchObject({
      outcome: 'not_confirmed',
      note: 'campaign 1: HeyReach accepted the stop, but the person could not be read back (made up 403)',
    });
  });

  test('is not clear with an incomplete list of campaigns, or a campaign without an id', async () => {
    answer({
      '/campaign/GetCampaignsForLead': {
        body: { totalCount: 2, items: [{ campaignId: null, campaignStatus: 'IN_PROGRESS', leadStatus: 'Pending' }] },
      },
    });
    const result = await call({ profileUrls: [ada] });
    expect(table(result)[0]?.note).toContain('HeyReach gives no id of this campaign');
    expect(result.structuredContent?.clear).toBe(false);
    answer({ '/campaign/GetCampaignsForLead': { body: { totalCount: 1, items: null } } });
    expect(table(await call({ profileUrls: [ada] }))[0]?.note).toContain('only 0 campaigns of the person were read');
  });

  test('an unreadable blacklist does not mean that the person is missing on it', async () => {
    answer({ '/blacklist/GetLeads': failing(403) });
    const result = await call({ profileUrls: [ada] });
    expect(table(result)[0]).toMatchObject({
      outcome: 'not_confirmed',
      blacklist: null,
      note: 'blacklist: not read back (made up 403)',
    });
  });

  test('fails only if nothing was done for any person', async () => {
    wire.answerWith(
      Object.fromEntries(
        [
          '/blacklist/AddLeads',
          '/blacklist/GetLeads',
          '/campaign/GetCampaignsForLead',
          '/lead/AddTags',
          '/list/GetListsForLead',
        ].map((path) => [path, { status: 401, body: 'Invalid API key' }]),
      ),
    );
    const result = await call({ profileUrls: [ada, mei] });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toMatchObject({
      error: { kind: 'unauthorized', outcome: 'refused' },
      counts: { refused: 2 },
      clear: false,
    });
  });
});
