import * as z from 'zod';
import { text } from '../client/operations/fields.ts';
import { type SequenceNode, sequenceAnswer } from '../client/operations/sequence.ts';
import { lazy } from '../lib/lazy.ts';
import { fitBranch, OUTLINE_NOTE } from '../views/sequence-outline.ts';
import { readById } from './shared/read-by-id.ts';
import { describeSequence } from './shared/sequence-markdown.ts';
import { type Resource, restFields, restOf } from './shared/types.ts';

export const campaignSequence: Resource = {
  uri: 'heyreach://campaigns/{campaignId}/sequence',
  tool: 'get_campaign_sequence',
  name: 'campaign-sequence',
  title: 'Sequence of a campaign',
  description:
    'The steps of a campaign as text (step, delay, message, branches), and as the tree that update_campaign_sequence takes.',
  mimeType: 'text/markdown',
  output: lazy(() =>
    z.looseObject({
      campaignId: z.number(),
      name: text,
      status: text,
      sequence: sequenceAnswer().nullable(),
      outline: z
        .array(z.looseObject({ node: z.string(), nodeType: z.string().nullish(), bytes: z.number() }))
        .optional(),
      note: z.string().optional(),
      ...restFields(),
    }),
  ),
  async read(values, context) {
    const campaignId = Number(values.campaignId);
    const { client, call } = context;
    const [{ name, status }, sequence] = await readById(
      client.campaigns.getById({ campaignId }, call),
      client.campaigns.getSequence({ campaignId }, call),
    );
    const head = { campaignId, name, status };
    const markdown = describeSequence(sequence as SequenceNode | undefined, { ...head, hasTool: context.hasTool });
    if (sequence === undefined) {
      const note = 'This campaign has no sequence yet.';
      return { isFull: true, data: { ...head, sequence: null, note }, markdown };
    }
    const fittedBranch = fitBranch(sequence as SequenceNode, '', context.maxBytes);
    if (!('outline' in fittedBranch)) return { isFull: true, data: { ...head, ...fittedBranch }, markdown };
    return {
      isFull: true,
      data: { ...head, ...fittedBranch, note: OUTLINE_NOTE },
      rows: {
        key: 'outline',
        continuation: () =>
          restOf(context, fittedBranch.outline.length, 'get_campaign_sequence', {
            campaignId,
            node: 'unconditionalNode',
          }),
      },
      markdown,
    };
  },
};
