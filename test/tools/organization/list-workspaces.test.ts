import { describe, expect, test } from 'vitest';
import { connectStdio } from '../../kit/clients.ts';
import { TEST_KEY } from '../../kit/keys.ts';
import { organizationGet, wrongOrganizationKey } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_workspaces', () => {
  const wire = useWire();
  const route = '/management/organizations/workspaces';
  const workspace = { id: 12345, workspaceName: 'Example', seatsLimit: null, tags: [] };

  test('sends Offset and Limit capitalised, in the query', async () => {
    wire.answerWith({ [route]: { body: { totalCount: 201, items: [workspace] } } });
    const result = await wire.call('list_workspaces', { offset: 100, limit: 50 });
    expect(wire.sent()).toEqual([organizationGet('/workspaces?Offset=100&Limit=50')]);
    expect(result.structuredContent).toEqual({
      totalCount: 201,
      returned: 1,
      items: [workspace],
      nextOffset: 101,
    });
  });

  test("sends the first page by default, and the workspace's key not at all", async () => {
    wire.answerWith({ [route]: { body: { totalCount: 0, items: [] } } });
    await wire.call('list_workspaces');
    expect(wire.sent()).toEqual([organizationGet('/workspaces?Offset=0&Limit=20')]);
    expect(wire.stub.requests[0]?.head).not.toContain(TEST_KEY);
    expect(wire.stub.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each([
    ['a bare list', [workspace], { totalCount: 'unknown', returned: 1, items: [workspace], nextOffset: 1 }],
    [
      'a page without a total',
      { items: [workspace] },
      { totalCount: 'unknown', returned: 1, items: [workspace], nextOffset: 1 },
    ],
    [
      'more than a page',
      { totalCount: 1, items: [workspace], plan: 'Agency' },
      { plan: 'Agency', totalCount: 1, returned: 1, items: [workspace] },
    ],
    ['another object', { workspaces: [workspace] }, { workspaces: [workspace] }],
    ['an empty 200', undefined, { answer: null }],
    ['an empty list', [], { totalCount: 'unknown', returned: 0, items: [] }],
  ])('an answer that is %s passes through', async (_, body, expected) => {
    wire.answerWith({ [route]: { body } });
    const result = await wire.call('list_workspaces');
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual(expected);
  });

  test("a refused key points to the organization's own", async () => {
    wire.answerWith({ [route]: { status: 401, body: 'Invalid API key' } });
    expectError(await wire.call('list_workspaces'), wrongOrganizationKey);
  });

  test('a limit above 100 is refused', async () => {
    expectInvalid(await wire.call('list_workspaces', { limit: 101 }), 'limit must be at most 100, got 101');
    expectInvalid(await wire.call('list_workspaces', { Offset: 1 }), 'unknown parameter Offset (did you mean offset?)');
    expect(wire.sent()).toEqual([]);
  });

  test("is not there without the organization's key", async () => {
    const peer = await connectStdio('v1', { env: { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: wire.stub.url } });
    try {
      const names = (await peer.listTools()).map(({ name }) => name);
      expect(names).toContain('check_api_key');
      expect(names.filter((name) => /workspace|user|invite/.test(name))).toEqual([]);
    } finally {
      await peer.close();
    }
  });
});
