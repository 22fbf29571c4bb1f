import { z } from 'zod';
import { text } from '../client/operations/fields.ts';
import { type SequenceNode, sequenceAnswer } from '../client/operations/sequence.ts';
import { fitBranch, OUTLINE_NOTE } from '../tools/campaigns/sequence-outline.ts';
import { readById } from './owner.ts';
import { type Resource, restFields, restOf } from './resource.ts';
import { describeSequence } from './sequence-text.ts';

export const campaignSequence: Resource = {
  uri: 'heyreach://campaigns/{campaignId}/sequence',
  tool: 'get_campaign_sequence',
  name: 'campaign-sequence',
  title: 'Sequence of a campaign',
  description:
    'The steps of a campaign to read (step, delay, message, branches), and as the tree that can be written back.',
  mimeType: 'text/markdown',
  output: z.looseObject({
    campaignId: z.number(),
    name: text,
    status: text,
    sequence: sequenceAnswer.nullable(),
    outline: z.array(z.looseObject({ node: z.string(), nodeType: z.string().nullish(), bytes: z.number() })).optional(),
    note: z.string().optional(),
    ...restFields,
  }),
  async read({ campaignId: given }, context) {
    const campaignId = Number(given);
    const { client, call } = context;
    const [{ name, status }, found] = await readById(
      client.campaigns.getById({ campaignId }, call),
      client.campaigns.getSequence({ campaignId }, call),
    );
    const head = { campaignId, name, status };
    const markdown = describeSequence(found as SequenceNode | undefined, { ...head, hasTool: context.hasTool });
    if (found === undefined) {
      const note = 'This campaign has no sequence yet.';
      return { whole: true, data: { ...head, sequence: null, note }, markdown };
    }
    const fitted = fitBranch(found as SequenceNode, '', context.room);
    if (!('outline' in fitted)) return { whole: true, data: { ...head, ...fitted }, markdown };
    return {
      whole: true,
      data: { ...head, ...fitted, note: OUTLINE_NOTE },
      rows: {
        key: 'outline',
        goOn: () =>
          restOf(context, fitted.outline.length, 'get_campaign_sequence', { campaignId, node: 'unconditionalNode' }),
      },
      markdown,
    };
  },
};
