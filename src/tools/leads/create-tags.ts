import * as z from 'zod';
import { TAG_COLORS } from '../../client/operations/leads.ts';
import { content, list } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const createTags = defineTool({
  name: 'create_tags',
  title: 'Create tags',
  description:
    'Creates workspace tags with colours. Permanent: tags can be neither listed nor deleted. To tag a person use add_lead_tags, which also creates missing tags.',
  toolset: 'leads',
  risk: 'write',
  retry: 'never',
  confirmation: 'never',
  input: () => ({
    tags: list(
      z.strictObject({ displayName: content('Name', 200), color: z.enum(TAG_COLORS).describe('Colour') }),
      'New tags',
      { min: 1, max: 50 },
    ),
  }),
  output: () =>
    z.looseObject({
      created: z.array(z.string()),
      answer: z.unknown().optional().describe("HeyReach's response"),
    }),
  nextStep({ outcome }) {
    if (outcome !== 'unknown') return undefined;
    return 'The tags may exist, and tags cannot be listed. Do not create them again. Tag a person with add_lead_tags, which creates only missing tags.';
  },
  async run({ tags }, { client, call }) {
    const response = await client.leads.createTags({ tags }, call);
    return {
      data: { created: tags.map(({ displayName }) => displayName), ...(response == null ? {} : { answer: response }) },
    };
  },
});
