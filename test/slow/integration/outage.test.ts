import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../support/clients/clients.ts';
import { type HeyReachStub, startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

/** Circuits cool down for all ten seconds, not for a random part of them. */
const LONGEST_COOLING = '--import=data:text/javascript,Math.random=()=>0';

/** One process for two customers, as for agents: a call of either customer is a request with its own key. */
let stub: HeyReachStub;
let program: HttpProgram;

beforeAll(async () => {
  stub = await startStub();
  program = await startHttpProgram({
    args: ['--confirm', 'off'],
    env: { HEYREACH_BASE_URL: stub.url, NODE_OPTIONS: LONGEST_COOLING },
  });
});
afterAll(async () => {
  await program?.stop();
  await stub?.close();
});

async function call(name: string, args: object, key = TEST_KEY): Promise<ToolResult> {
  const answer = await fetch(program.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'x-api-key': key,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  const text = await answer.text();
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text).result;
}

const errorOf = (result: ToolResult) => result.structuredContent?.error as Record<string, unknown> | undefined;

describe('an outage, with two agents of one server', () => {
  test('after five failed calls, both agents fail at once with not_sent and the time to retry', async () => {
    stub.answer(() => ({ status: 503, body: '<html>Service unavailable</html>' }));
    const campaign = { campaignId: 1 };
    for (let index = 0; index < 5; index += 1) {
      expect(errorOf(await call('get_campaign', campaign))).toMatchObject({ kind: 'server_error', status: 503 });
    }
    expect(stub.requests).toHaveLength(15);

    const told = await call('delete_webhook', { webhookId: 7 }, OTHER_TEST_KEY);
    expect(errorOf(told)).toMatchObject({ kind: 'outage', outcome: 'not_sent' });
    expect(told.content[0]?.text).toMatch(/HTTP 503.*was not sent.*Try again in \d+ s/is);
    expect(stub.requests).toHaveLength(15);
    await expect.poll(() => program.stderr()).toContain('HeyReach seems to be down');

    stub.answer(() => ({ body: { id: 1, name: 'Made up', status: 'DRAFT' } }));
    // The circuits of the host and of the failed key cool down separately.
    const own = await call('get_campaign', campaign);
    const seconds = Math.max(...[told, own].map((result) => Number(errorOf(result)?.retryAfterSeconds)));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(10);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000 + 100));
    expect(errorOf(await call('get_campaign', campaign))).toBeUndefined();
    expect(errorOf(await call('get_campaign', campaign, OTHER_TEST_KEY))).toBeUndefined();
    await expect.poll(() => program.stderr()).toContain('HeyReach answers again');
  });

  test('bad payloads of one customer do not count as an outage for the other', async () => {
    stub.answer(({ headers }) =>
      headers['x-api-key'] === TEST_KEY ? { status: 500 } : { body: { id: 1, name: 'Made up', status: 'DRAFT' } },
    );
    await Promise.all([1, 2, 3].map((id) => call('get_campaign', { campaignId: id })));
    await Promise.all([1, 2, 3].map((id) => call('get_list', { listId: id })));
    expect(errorOf(await call('get_list', { listId: 4 }))).toMatchObject({ kind: 'outage', outcome: 'not_sent' });
    expect(errorOf(await call('get_campaign', { campaignId: 1 }, OTHER_TEST_KEY))).toBeUndefined();
  });
});
