import { describe, expect, test } from 'vitest';
import { organizationPost, unclear } from '../../../support/heyreach/organization-requests.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('create_workspace_api_key', () => {
  const wire = useToolHarness();
  const route = '/management/organizations/api-keys/workspaces/12345';
  const args = { workspaceId: 12345, apiKeyType: 'N8N' };
  const secret = 'bWFkZS11cC1rZXktZm9yLXRlc3Rz+/==';

  test.each([
    ['an object', { id: 8, apiKeyType: 'N8N', apiKey: secret }, { id: 8, apiKeyType: 'N8N', apiKey: secret }],
    ['a text', secret, { answer: secret }],
  ])('sends only the type, and returns the new key from %s', async (_, body, expected) => {
    wire.answerWith({ [route]: { body: JSON.stringify(body) } });
    const result = await wire.call('create_workspace_api_key', args);
    expect(wire.sent()).toEqual([organizationPost('/api-keys/workspaces/12345', { apiKeyType: 'N8N' })]);
    expect(result.structuredContent).toEqual(expected);
  });

  test('is not retried after a 500', async () => {
    wire.answerWith({ [route]: { status: 500 } });
    expectError(await wire.call('create_workspace_api_key', args), unclear('list_workspace_api_keys'));
    expect(wire.sent()).toHaveLength(1);
  });
});
