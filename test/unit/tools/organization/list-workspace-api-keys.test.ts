import { describe, expect, test } from 'vitest';
import { organizationGet } from '../../../support/heyreach/organization-requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_workspace_api_keys', () => {
  const wire = useToolHarness();
  const route = '/management/organizations/api-keys/workspaces/12345';
  const secret = 'bWFkZS11cC1rZXktZm9yLXRlc3Rz+/==';
  const short = 'made-up.1';
  const keys = {
    totalCount: 1,
    items: [{ id: 7, apiKeyType: 'PUBLIC', apiKey: secret, isActive: true, creationTime: '2026-09-13T10:33:37Z' }],
  };

  test('sends the workspace in the path and masks the keys', async () => {
    wire.answerWith({ [route]: { body: keys } });
    const result = await wire.call('list_workspace_api_keys', { workspaceId: 12345 });
    expect(wire.sent()).toEqual([organizationGet('/api-keys/workspaces/12345')]);
    expect(result.structuredContent).toEqual({ totalCount: 1, items: [{ ...keys.items[0], apiKey: '********' }] });
  });

  test('includeSecrets returns the keys, and sends the same request', async () => {
    wire.answerWith({ [route]: { body: keys } });
    const result = await wire.call('list_workspace_api_keys', { workspaceId: 12345, includeSecrets: true });
    expect(wire.sent()).toEqual([organizationGet('/api-keys/workspaces/12345')]);
    expect(result.structuredContent).toEqual(keys);
  });

  test.each([
    ['by type', { PUBLIC: secret, N8N: short, MCP: null }],
    ['in a list', [{ type: 'MAKE', key: short }]],
    ['as bare texts', [secret]],
    ['in lists by type', { apiKeys: [short], ZAPIER: [{ value: short }] }],
    ['under a longer name', { publicApiKey: short, access_token: short, apiKeyValue: short, clientSecret: short }],
    ['as one text', secret],
  ])('masks keys that come %s', async (_, body) => {
    wire.answerWith({ [route]: { body: JSON.stringify(body) } });
    const result = await wire.call('list_workspace_api_keys', { workspaceId: 12345 });
    expect(result.isError).toBeFalsy();
    expect(JSON.stringify(result)).toContain('********');
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(JSON.stringify(result)).not.toContain(short);
  });
});
