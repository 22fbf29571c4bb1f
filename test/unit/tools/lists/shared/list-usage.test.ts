import { describe, expect, test } from 'vitest';
import { type HeyReachClient, HeyReachError } from '../../../../../src/client/index.ts';
import type { Campaign } from '../../../../../src/client/operations/campaigns.ts';
import type { ToolContext } from '../../../../../src/mcp/tool.ts';
import { readListUsage } from '../../../../../src/tools/lists/shared/list-usage.ts';

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

/** Reads a list that names the given campaigns. `page` holds the running campaigns. */
function read(campaignIds: number[] | null, page: { totalCount?: number; items: Campaign[] }, byId: () => Campaign) {
  const client = {
    lists: { getById: async () => ({ id: LIST, campaignIds }) },
    campaigns: { getAll: async () => page, getById: async () => byId() },
  } as unknown as HeyReachClient;
  return readListUsage(LIST, { client, call: {} } as ToolContext);
}

describe('the campaigns that use a list', () => {
  test('are those that the list names, and running campaigns that name the list', async () => {
    const usage = await read([5], { totalCount: 2, items: [running(6, LIST), running(7)] }, () => ({
      id: 5,
      status: 'PAUSED',
      linkedInUserListId: LIST,
    }));
    expect(usage.campaigns.map(({ id }) => id)).toEqual([6, 5]);
    expect(usage.running.map(({ id }) => id)).toEqual([6]);
    expect(usage.unread).toBe(0);
  });

  test('may be any unlisted running campaign when HeyReach names none', async () => {
    const page = { totalCount: 140, items: Array.from({ length: 100 }, (_, index) => running(index + 1)) };
    expect(await read(null, page, () => running(1))).toMatchObject({ running: [], unread: 40 });
    expect(await read([], page, () => running(1))).toMatchObject({ running: [], unread: 0 });
  });

  test('omit a deleted campaign, but not another failed read', async () => {
    const page = { totalCount: 0, items: [] };
    expect(
      await read([99], page, () => {
        throw gone;
      }),
    ).toMatchObject({ campaigns: [], running: [], unread: 0 });
    const bare = new HeyReachError({ ...gone, message: 'HTTP 404 without an explanation' });
    await expect(
      read([99], page, () => {
        throw bare;
      }),
    ).rejects.toThrow('HTTP 404');
    const broken = new HeyReachError({ ...gone, kind: 'server_error', message: 'broken' });
    await expect(
      read([99], page, () => {
        throw broken;
      }),
    ).rejects.toThrow('broken');
  });
});
