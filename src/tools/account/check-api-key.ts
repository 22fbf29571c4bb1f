import * as z from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { sourceOf } from '../../mcp/request-context.ts';
import { defineTool } from '../../mcp/tool.ts';

export const checkApiKey = defineTool({
  name: 'check_api_key',
  title: 'Check the API key',
  description:
    'Checks whether HeyReach accepts the API key, and whether calls go to the live workspace or the sandbox. Useful as a first call and after an authorization error.',
  toolset: 'account',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({}),
  output: () =>
    z.looseObject({
      valid: z.boolean().describe('whether HeyReach accepts the key'),
      source: z.enum(['live', 'sandbox']).describe('where calls go'),
      message: z.string().optional().describe("HeyReach's message about an invalid key"),
    }),
  async run(_input, context) {
    const { client, call } = context;
    try {
      await client.auth.checkApiKey({}, call);
      return { data: { valid: true, source: sourceOf(context) } };
    } catch (error) {
      if (!(error instanceof HeyReachError) || error.kind !== 'unauthorized') throw error;
      return { data: { valid: false, source: sourceOf(context), message: error.message, nextStep: error.nextStep } };
    }
  },
});
