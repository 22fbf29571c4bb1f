import { describe, expect, test } from 'vitest';
import { type HeyReachClient, HeyReachError } from '../../../src/client/index.ts';
import type { Campaign } from '../../../src/client/operations/campaigns.ts';
import type { ToolContext } from '../../../src/tools/define.ts';
import { readFeeds } from '../../../src/tools/lists/feeds.ts';

const LIST = 9;
const running = (id: number, listId = 1): Campaign => ({ id, status: 'IN_PROGRESS', linkedInUserListId: listId });
const gone = new HeyReachError({
  kind: 'not_found',
  status: 404,
  outcome: 'refused',
  message: 'Campaign with id 99 not found',
  meaning: 'Made up.',
  nextStep: 'None.',
});

/** Reads the feeds of a list that names the given campaigns, beside a page of running ones of so many in all. */
function read(campaignIds: number[] | null, page: { totalCount?: number; items: Campaign[] }, byId: () => Campaign) {
  const client = {
    lists: { getById: async () => ({ id: LIST, campaignIds }) },
    campaigns: { getAll: async () => page, getById: async () => byId() },
  } as unknown as HeyReachClient;
  return readFeeds(LIST, { client, call: {} } as ToolContext);
}

describe('the campaigns that a list feeds', () => {
  test('are the ones it names, and the running ones that name it', async () => {
    const found = await read([5], { totalCount: 2, items: [running(6, LIST), running(7)] }, () => ({
      id: 5,
      status: 'PAUSED',
      linkedInUserListId: LIST,
    }));
    expect(found.campaigns.map(({ id }) => id)).toEqual([6, 5]);
    expect(found.running.map(({ id }) => id)).toEqual([6]);
    expect(found.unread).toBe(0);
  });

  test('may be any running one that was not listed, where the list names none', async () => {
    const page = { totalCount: 140, items: Array.from({ length: 100 }, (_, index) => running(index + 1)) };
    expect(await read(null, page, () => running(1))).toMatchObject({ running: [], unread: 40 });
    expect(await read([], page, () => running(1))).toMatchObject({ running: [], unread: 0 });
  });

  test('leave out one that is there no more, and no read that failed otherwise', async () => {
    const page = { totalCount: 0, items: [] };
    expect(
      await read([99], page, () => {
        throw gone;
      }),
    ).toMatchObject({ campaigns: [], running: [], unread: 0 });
    const broken = new HeyReachError({ ...gone, kind: 'server_error', message: 'broken' });
    await expect(
      read([99], page, () => {
        throw broken;
      }),
    ).rejects.toThrow('broken');
  });
});
