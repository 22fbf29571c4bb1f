import { describe, expect, test } from 'vitest';
import { connectStdio } from '../../kit/clients.ts';
import { expectError } from '../../kit/refusals.ts';
import { get } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('check_api_key', () => {
  const wire = useWire();
  const path = '/api/public/auth/CheckApiKey';

  test('asks without a body and takes the empty 200 for a valid key', async () => {
    const result = await wire.call('check_api_key');
    expect(result.structuredContent).toEqual({ valid: true, source: 'live' });
    expect(wire.sent()).toEqual([get(path)]);
  });

  test.each(['Invalid API key', 'Missing API key'])('a 401 that says %s in plain text is an answer', async (said) => {
    wire.answerWith({ '/auth/CheckApiKey': { status: 401, body: said } });
    const result = await wire.call('check_api_key');
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({
      valid: false,
      source: 'live',
      message: said,
      nextStep: expect.stringContaining('Settings, Integrations'),
    });
    expect(wire.sent()).toEqual([get(path)]);
  });

  test('anything else that goes wrong says nothing about the key and is an error', async () => {
    wire.answerWith({ '/auth/CheckApiKey': { status: 403, body: { errorMessage: 'No active subscription.' } } });
    expectError(await wire.call('check_api_key'), {
      kind: 'forbidden',
      status: 403,
      message: 'No active subscription.',
      nextStep: 'Check the subscription of the workspace that the key belongs to.',
      outcome: 'refused',
    });
  });

  test('says when calls go to the sandbox', async () => {
    const peer = await connectStdio('v1', { args: ['--sandbox'] });
    try {
      const result = await peer.callTool('check_api_key');
      expect(result.structuredContent).toEqual({ valid: true, source: 'sandbox' });
      expect(result._meta).toEqual({ 'heyreach-mcp/source': 'sandbox' });
    } finally {
      await peer.close();
    }
  });
});
