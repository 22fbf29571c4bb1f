import { describe, expect, test } from 'vitest';
import { organizationGet, workspaceNotFound } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_workspace_api_keys', () => {
  const wire = useWire();
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

  test('includeSecrets shows them, and changes nothing in what is sent', async () => {
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
  ])('keys that come %s are masked too', async (_, body) => {
    wire.answerWith({ [route]: { body: JSON.stringify(body) } });
    const result = await wire.call('list_workspace_api_keys', { workspaceId: 12345 });
    expect(result.isError).toBeFalsy();
    expect(JSON.stringify(result)).toContain('********');
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(JSON.stringify(result)).not.toContain(short);
  });

  test('an unknown workspace is an error that says where to look', async () => {
    wire.answerWith({ [route]: { status: 404, body: { errorMessage: workspaceNotFound.message } } });
    expectError(await wire.call('list_workspace_api_keys', { workspaceId: 12345 }), workspaceNotFound);
  });

  test('needs the workspace', async () => {
    expectInvalid(await wire.call('list_workspace_api_keys'), 'workspaceId is required');
    expect(wire.sent()).toEqual([]);
  });
});
