import { z } from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { defineTool } from '../define.ts';

export const checkApiKey = defineTool({
  name: 'check_api_key',
  title: 'Check the API key',
  description:
    'Tells whether the HeyReach API key is valid, and whether calls go to the live workspace or to the sandbox. Useful first, and after an authorization error.',
  toolset: 'account',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {},
  output: z.looseObject({
    valid: z.boolean().describe('whether HeyReach accepts the key'),
    source: z.enum(['live', 'sandbox']).describe('where every call goes'),
    message: z.string().optional().describe("HeyReach's sentence on an invalid key"),
  }),
  async run(_input, { client, call, source }) {
    try {
      await client.auth.checkApiKey({}, call);
      return { data: { valid: true, source } };
    } catch (error) {
      if (!(error instanceof HeyReachError) || error.kind !== 'unauthorized') throw error;
      return { data: { valid: false, source, message: error.message, nextStep: error.nextStep } };
    }
  },
});
