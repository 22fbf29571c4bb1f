import { afterEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const ada = 'https://www.linkedin.com/in/ada-example';
const table = (result: ToolResult) => rowsOf(result, result.structuredContent?.outcomes as never);
const pageOf = (items: unknown[]) => ({ body: { totalCount: items.length, items } });
const none = pageOf([]);

describe('suppress_leads does not report a person as clear if HeyReach does not show their state:', () => {
  const wire = useToolHarness();
  let isStopped = false;
  afterEach(() => {
    isStopped = false;
  });
  const answer = (different: Parameters<typeof wire.answerWith>[0]) =>
    wire.answerWith({
      '/blacklist/AddLeads': { body: { added: 1, entries: [{ inputIndex: 0, id: 100, created: true }] } },
      '/blacklist/GetLeads': pageOf([{ id: 100, profileUrl: ada, matchingStatus: 'Matched' }]),
      '/campaign/GetCampaignsForLead': none,
      '/campaign/StopLeadInCampaign': () => {
        isStopped = true;
        return {};
      },
      '/lead/AddTags': { body: { newAssignedTags: ['do-not-contact'] } },
      '/list/GetListsForLead': none,
      ...different,
    });
  const call = (args: Record<string, unknown>) => wire.call('suppress_leads', args);
  const inLists = pageOf([{ listId: 21, listName: 'Feeds a draft' }]);

  test.each([
    ['Paused', 'Paused', 'its state (Paused) does not show the stop'],
    ['Waiting', 'Waiting', 'its state (Waiting) does not show the stop'],
    [null, null, 'its state (none) does not show the stop'],
    ['InSequence', null, 'its state (none) does not show the stop'],
    ['Paused', 'InSequence', 'the person is still InSequence'],
    ['InSequence', 'Paused', null],
    ['Waiting', 'Paused', null],
  ])('an accepted stop with the state %s before and %s after leaves the doubt: %s', async (before, after, doubt) => {
    answer({
      '/campaign/GetCampaignsForLead': () =>
        pageOf([{ campaignId: 5, campaignStatus: 'PAUSED', leadStatus: isStopped ? after : before }]),
    });
    const result = await call({ profileUrls: [ada], blacklist: false });
    expect(table(result)[0]).toMatchObject({
      outcome: doubt === null ? 'done' : 'not_confirmed',
      stopped: doubt === null ? [5] : [],
      note: doubt === null ? null : `campaign 5: HeyReach accepted the stop, but ${doubt}`,
    });
    expect(result.structuredContent?.clear).toBe(doubt === null);
  });

  test.each([
    ['more rows than one page', { totalCount: 101, items: Array.from({ length: 100 }, (_, id) => ({ id })) }],
    ['no rows', {}],
  ])('a search that answers with %s does not prove that a person is missing', async (_, searchResult) => {
    answer({ '/blacklist/GetLeads': ({ body }) => (body.includes('search') ? { body: searchResult } : pageOf([])) });
    const result = await call({ profileUrls: [ada] });
    expect(table(result)[0]).toMatchObject({
      outcome: 'not_confirmed',
      blacklist: null,
      note: 'blacklist: not read back (the search of the blacklist has more entries than were read)',
    });
    expect(result.structuredContent?.clear).toBe(false);
  });

  test.each([
    ['the lists of the person without rows', { '/list/GetListsForLead': { body: { totalCount: 3 } } }],
    ['the drafts without rows', { '/list/GetListsForLead': inLists, '/campaign/GetAll': { body: { totalCount: 2 } } }],
    [
      '501 drafts',
      {
        '/list/GetListsForLead': inLists,
        '/campaign/GetAll': ({ body }: { body: string }) => {
          const { offset, limit } = JSON.parse(body) as { offset: number; limit: number };
          const items = Array.from({ length: Math.min(limit, 501 - offset) }, (_, index) => ({
            id: 1000 + offset + index,
            status: 'DRAFT',
            linkedInUserListId: offset + index === 500 ? 21 : 99,
          }));
          return { body: { totalCount: 501, items } };
        },
      },
    ],
  ])('lists count as unread if HeyReach returns %s', async (_, different) => {
    answer(different);
    const result = await call({ profileUrls: [ada], blacklist: false });
    expect(table(result)[0]).toMatchObject({ outcome: 'done', lists: [], note: 'lists: not read whole' });
    expect(result.structuredContent).toMatchObject({
      clear: false,
      incomplete: [{ part: 'lists of ada-example', reason: 'not read whole' }],
    });
  });

  describe('a URL with a member id in place of a slug', () => {
    const opaque = 'https://www.linkedin.com/sales/lead/ACwAAABcdefgh,NAME_SEARCH,abc';
    const unknown = { status: 400, body: { errorMessage: 'Could not resolve the lead.' } };
    const nameless = { body: { leadFullName: null, totalCount: 0, items: [] } };
    const named = { body: { leadFullName: 'Ada Example', totalCount: 0, items: [] } };
    const doubt = 'HeyReach does not know this URL; it may know the person by their /in/ URL';

    test.each([
      ['not found', opaque, unknown, doubt],
      ['nameless', opaque, nameless, doubt],
      ['not found', 'https://www.linkedin.com/in/ACoAAABcdefgh', unknown, doubt],
      ['known', opaque, named, null],
      ['not found', ada, unknown, null],
    ])('%s as %s', async (_, url, campaigns, note) => {
      answer({ '/campaign/GetCampaignsForLead': campaigns, '/list/GetListsForLead': none });
      const result = await call({ profileUrls: [url], blacklist: false });
      expect(table(result)[0]).toMatchObject({ outcome: note === null ? 'done' : 'not_confirmed', stopped: [], note });
      expect(result.structuredContent?.clear).toBe(note === null);
    });

    test('a URL that HeyReach does not know has no accepted step, so a rejected blacklist entry makes the outcome refused', async () => {
      const denied = { status: 403, body: { errorMessage: 'no' } };
      answer({
        '/campaign/GetCampaignsForLead': unknown,
        '/list/GetListsForLead': unknown,
        '/blacklist/AddLeads': denied,
        '/blacklist/GetLeads': pageOf([]),
      });
      const [row] = table(await call({ profileUrls: [opaque, ada], addTag: false }));
      expect(row).toMatchObject({ outcome: 'refused', note: `${doubt}; blacklist: no` });
    });
  });
});
