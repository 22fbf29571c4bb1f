import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../../../src/sandbox/index.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { connectInProcess } from '../../../support/programs/in-process.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('check_api_key', () => {
  const wire = useToolHarness();
  const path = '/api/public/auth/CheckApiKey';

  test('sends no body, and an empty 200 means a valid key', async () => {
    const result = await wire.call('check_api_key');
    expect(result.structuredContent).toEqual({ valid: true, source: 'live' });
    expect(wire.sent()).toEqual([get(path)]);
  });

  test.each(['Invalid API key', 'Missing API key'])(
    'a 401 with the plain text %s is a result, not an error',
    async (text) => {
      wire.answerWith({ '/auth/CheckApiKey': { status: 401, body: text } });
      const result = await wire.call('check_api_key');
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toEqual({
        valid: false,
        source: 'live',
        message: text,
        nextStep: expect.stringContaining('Settings, Integrations'),
      });
      expect(wire.sent()).toEqual([get(path)]);
    },
  );

  test('any other failure says nothing about the key, and is an error', async () => {
    wire.answerWith({ '/auth/CheckApiKey': { status: 403, body: { errorMessage: 'No active subscription.' } } });
    expectError(await wire.call('check_api_key'), {
      kind: 'forbidden',
      status: 403,
      message: 'No active subscription.',
      nextStep:
        'Check the subscription of the workspace that the key belongs to, then the rights of its user. Repeating the call will not help.',
      outcome: 'refused',
    });
  });

  test('says that a sandbox behind HEYREACH_BASE_URL is not the live workspace', async () => {
    const sandbox = await startSandbox();
    const peer = await connectInProcess([], { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY });
    try {
      const result = await peer.callTool('check_api_key');
      expect(result.structuredContent).toEqual({ valid: true, source: 'sandbox' });
      expect(result._meta).toEqual({ 'heyreach-mcp/source': 'sandbox' });
    } finally {
      await peer.close();
      await sandbox.close();
    }
  });

  test('says when calls go to the sandbox', async () => {
    const peer = await connectInProcess(['--sandbox'], {});
    try {
      const result = await peer.callTool('check_api_key');
      expect(result.structuredContent).toEqual({ valid: true, source: 'sandbox' });
      expect(result._meta).toEqual({ 'heyreach-mcp/source': 'sandbox' });
    } finally {
      await peer.close();
    }
  });
});
