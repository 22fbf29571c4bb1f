import { describe, expect, test } from 'vitest';
import { organizationPost, unclear, workspaceNotFound } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('create_workspace_api_key', () => {
  const wire = useWire();
  const route = '/management/organizations/api-keys/workspaces/12345';
  const args = { workspaceId: 12345, apiKeyType: 'N8N' };
  const secret = 'bWFkZS11cC1rZXktZm9yLXRlc3Rz+/==';

  test.each([
    ['an object', { id: 8, apiKeyType: 'N8N', apiKey: secret }, { id: 8, apiKeyType: 'N8N', apiKey: secret }],
    ['a text', secret, { answer: secret }],
  ])('sends the type alone, and answers the new key when it comes as %s', async (_, body, expected) => {
    wire.answerWith({ [route]: { body: JSON.stringify(body) } });
    const result = await wire.call('create_workspace_api_key', args);
    expect(wire.sent()).toEqual([organizationPost('/api-keys/workspaces/12345', { apiKeyType: 'N8N' })]);
    expect(result.structuredContent).toEqual(expected);
  });

  test('an unknown workspace is an error that says where to look', async () => {
    wire.answerWith({ [route]: { status: 404, body: { errorMessage: workspaceNotFound.message } } });
    expectError(await wire.call('create_workspace_api_key', args), workspaceNotFound);
  });

  test('after a 500 it is not tried again', async () => {
    wire.answerWith({ [route]: { status: 500 } });
    expectError(await wire.call('create_workspace_api_key', args), unclear('list_workspace_api_keys'));
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{ apiKeyType: 'n8n' }, 'apiKeyType must be one of PUBLIC, N8N, MAKE, ZAPIER, MCP, got the text "n8n"'],
    [{ workspaceId: 0 }, 'workspaceId must be more than 0'],
  ])('refuses %j', async (changes, said) => {
    expectInvalid(await wire.call('create_workspace_api_key', { ...args, ...changes }), said);
    expect(wire.sent()).toEqual([]);
  });
});
