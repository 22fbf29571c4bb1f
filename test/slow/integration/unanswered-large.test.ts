import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { listUnanswered } from '../../../src/tools/workflows/list-unanswered.ts';
import type { ToolResult } from '../../support/clients/clients.ts';
import { type Call, isShown, readAll, waitingIn } from '../../support/heyreach/unanswered.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { answerTool } from '../../support/tools/safety.ts';
import { rowsOf } from '../../support/tools/tables.ts';

describe('list_unanswered on the large sandbox', () => {
  let sandbox: Sandbox;
  let connection: HeyReachConnection;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 1, size: 'large', rateLimit: false, clock: 'manual' });
    // All pages together take more requests than a minute allows.
    connection = new HeyReachConnection({ origin: sandbox.url, requestsPerMinute: 100_000 });
  });
  afterEach(() => sandbox.faults.clear());
  afterAll(async () => {
    await connection.close();
    await sandbox.close();
  });
  const within =
    (toolMs?: number): Call =>
    async (args) =>
      (await answerTool(
        listUnanswered,
        args,
        connection.clientFor(TEST_KEY),
        toolMs === undefined ? {} : { toolMs },
      )) as ToolResult;
  const shownIds = () =>
    waitingIn(sandbox)
      .filter(isShown)
      .map(({ id }) => id)
      .sort();

  test('pages repeat no row and lose none', async () => {
    const { ids } = await readAll(within(), { lookBackDays: 365, limit: 100 });
    expect([...ids].sort()).toEqual(shownIds());
  });

  test('names senders whose pages fail, reports nothing about them, and the cursor reads the rest', async () => {
    const match = { path: '/inbox/GetConversationsV3' };
    sandbox.faults.add({ match, after: 20, times: 3, kind: 'status', status: 403 });
    const { pages, ids } = await readAll(within(), { lookBackDays: 365, limit: 100 });
    const parts = pages[0]!.structuredContent?.incomplete as { part: string }[];
    expect(parts.length).toBeGreaterThan(0);
    for (const { part } of parts) expect(part).toMatch(/^conversations of .+ \(LinkedIn account \d+\)/);
    expect(Number(pages[0]!.structuredContent?.scanned)).toBeLessThan(5_000);
    expect(pages.at(-1)!.structuredContent).not.toHaveProperty('incomplete');
    expect([...new Set(ids)].sort()).toEqual(shownIds());
  });

  test('stops in time if HeyReach is slow, names the unread part, and continues with the cursor', async () => {
    sandbox.faults.add({ match: { path: '/inbox/GetConversationsV3' }, times: 10_000, kind: 'delay', ms: 3_000 });
    const startedAt = performance.now();
    const first = await within(15_000)({ lookBackDays: 365, limit: 100 });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(first.isError).toBeFalsy();
    expect(first.structuredContent?.incomplete).toContainEqual({
      part: expect.stringMatching(/^conversations of .+ before \d{4}-\d\d-\d\d$/),
      reason: 'not read within 12 s',
    });
    sandbox.faults.clear();
    const rest = await readAll((args) => within()({ cursor: first.structuredContent?.nextCursor, ...args }), {
      lookBackDays: 365,
      limit: 100,
    });
    const shown = rowsOf(first).map(({ conversationId }) => conversationId);
    expect([...new Set([...shown, ...rest.ids])].sort()).toEqual(shownIds());
  });
});
