import { describe, expect, test } from 'vitest';
import { organizationGet, wrongOrganizationKey } from '../../../support/heyreach/organization-requests.ts';
import { connectInProcess } from '../../../support/programs/in-process.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_workspaces', () => {
  const wire = useToolHarness();
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

  test('requests the first page by default, without the workspace key', async () => {
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
  ])('passes on a response that is %s', async (_, body, expected) => {
    wire.answerWith({ [route]: { body } });
    const result = await wire.call('list_workspaces');
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual(expected);
  });

  test('a rejected key is an error that names the organization key', async () => {
    wire.answerWith({ [route]: { status: 401, body: 'Invalid API key' } });
    expectError(await wire.call('list_workspaces'), wrongOrganizationKey);
  });

  test('is not listed without the organization key', async () => {
    const peer = await connectInProcess([], { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: wire.stub.url });
    try {
      const names = (await peer.listTools()).map(({ name }) => name);
      expect(names).toContain('check_api_key');
      expect(names.filter((name) => /workspace|user|invite/.test(name))).toEqual([]);
    } finally {
      await peer.close();
    }
  });
});
