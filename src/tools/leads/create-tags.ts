import { z } from 'zod';
import { TAG_COLORS } from '../../client/operations/leads.ts';
import { defineTool } from '../define.ts';
import { text } from '../fields.ts';

export const createTags = defineTool({
  name: 'create_tags',
  title: 'Create tags',
  description:
    'Creates tags with a colour for the workspace. Permanent: tags can be neither listed nor deleted. To tag a person use add_lead_tags, which creates what is missing.',
  toolset: 'leads',
  kind: 'write',
  repeat: 'once',
  asks: 'no',
  input: {
    tags: z
      .array(z.strictObject({ displayName: text('Name', 200), color: z.enum(TAG_COLORS).describe('Colour') }))
      .min(1)
      .max(50)
      .describe('New tags'),
  },
  output: z.looseObject({
    created: z.array(z.string()),
    answer: z.unknown().optional().describe('what HeyReach said'),
  }),
  nextStep({ outcome }) {
    if (outcome !== 'unknown') return undefined;
    return 'Tags cannot be listed, so do not create them again: tag a person with add_lead_tags, which creates only what is missing.';
  },
  async run({ tags }, { client, call }) {
    const answer = await client.leads.createTags({ tags }, call);
    return { data: { created: tags.map(({ displayName }) => displayName), ...(answer == null ? {} : { answer }) } };
  },
});
