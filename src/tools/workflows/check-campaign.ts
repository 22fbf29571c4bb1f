import * as z from 'zod';
import { outsideString, text } from '../../client/operations/fields.ts';
import { id, limit } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { checkCampaign } from '../../workflows/campaign-check/check-campaign.ts';
import { jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { tableOutput } from '../../workflows/shared/table.ts';
import { checkSequence, draftSequenceField, sequenceOf } from '../campaigns/shared/validate-sequence.ts';

const number = z.number().nullable();
const state = z.enum(['ok', 'warn', 'stop', 'unknown']);
const check = (facts: z.ZodRawShape) => z.looseObject({ state, ...facts, next: z.string().optional() });

export const checkCampaignTool = defineTool({
  name: 'check_campaign',
  title: 'Check a campaign before it starts',
  description:
    'Finds problems before a campaign starts: texts, missing values, people contacted elsewhere, senders, days of work. Shows texts as leads get them.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    campaignId: id('Campaign id'),
    sequence: draftSequenceField().optional(),
    render: limit('Leads to show texts for', { min: 0, max: 10, byDefault: 3 }),
  }),
  check: checkSequence,
  output: () =>
    z.looseObject({
      asOf: z.string(),
      campaign: z.looseObject({ campaignId: z.number(), name: text }),
      summary: z
        .looseObject({ stop: z.number(), warn: z.number(), unknown: z.number(), ok: z.number() })
        .describe('checks by state; unknown: not read'),
      checks: z.looseObject({
        status: check({
          status: text,
          goOn: z
            .looseObject({ pending: number, inProgress: number })
            .optional()
            .describe('leads that continue after a resume'),
        }),
        sequence: check({ steps: number }),
        list: check({
          size: number,
          read: z.number().optional(),
          duplicates: z.number().optional(),
          nameless: z.number().optional(),
        }),
        overlap: check({
          checked: z.number(),
          inOtherCampaigns: number,
          waitingElsewhere: number.describe('only waiting in other campaigns that are not running'),
          inRunning: number,
          inConversation: number,
          blacklisted: number.describe('HeyReach excludes them'),
          exclusions: z.array(z.string()).describe('those of this campaign that are on'),
        }).optional(),
        senders: check({ senders: number, working: number }),
        capacity: check({ leads: number, perDay: number, actions: text, days: number }),
        schedule: check({ lastSet: text, setAt: text }),
      }),
      findings: z.looseObject(tableOutput('own')),
      renders: z
        .array(z.looseObject({ lead: outsideString, chosenFor: z.string(), texts: z.array(outsideString) }))
        .optional()
        .describe('the texts as leads get them'),
      ...incompleteOutput(),
      ...jobOutputs(),
    }),
  async run({ campaignId, sequence, render }, context) {
    const draft = sequence === undefined ? undefined : sequenceOf(sequence);
    const request = { campaignId, sequence: draft, render };
    // Its people can take more requests than a call has time for.
    return context.jobs.runRead(async (of) => ({ data: await checkCampaign(request, of) }), context);
  },
});
