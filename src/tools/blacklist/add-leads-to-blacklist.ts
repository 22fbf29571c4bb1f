import * as z from 'zod';
import { outsideString } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { content, list, profileUrl, textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { outcomesOf } from '../../workflows/opt-outs/blacklist-rows.ts';

const row = lazy(() =>
  z.strictObject({
    profileUrl: profileUrl('Profile URL or slug').optional(),
    linkedInProfileId: textId('Numeric LinkedIn member id (linkedin_id)', 200).optional(),
    email: textId('E-mail address; can spend one lookup credit', 320).optional(),
    fullName: content('Full name; excludes everyone with that name').optional(),
  }),
);

export const addLeadsToBlacklist = defineTool({
  name: 'add_leads_to_blacklist',
  title: 'Add leads to the blacklist',
  description:
    'Excludes people from every campaign of the workspace. Returns the outcome of each row. Permanent: only the HeyReach app can remove an entry.',
  toolset: 'blacklist',
  risk: 'stop',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({ leads: list(row(), 'People, each with at least one identifier', { min: 1, max: 100 }) }),
  check({ leads }) {
    const empty = leads.findIndex((lead) => Object.values(lead).every((value) => value === undefined));
    if (empty !== -1) return `leads[${empty}] needs profileUrl, linkedInProfileId, email or fullName`;
    const wrong = leads.findIndex(({ linkedInProfileId = '0' }) => !/^\d+$/.test(linkedInProfileId));
    // HeyReach would accept another id, and it would exclude no one.
    return wrong === -1
      ? undefined
      : `leads[${wrong}].linkedInProfileId must be the numeric linkedin_id of a person; a slug or a member id with letters goes into profileUrl`;
  },
  output: () =>
    z.looseObject({
      given: z.number(),
      added: z.number().nullable().describe("HeyReach's count"),
      rows: z.array(
        z.looseObject({
          index: z.number(),
          outcome: z
            .enum(['added', 'present', 'duplicate', 'invalid', 'unaccounted'])
            .describe('duplicate: the person is in an earlier row'),
          id: z.unknown().optional(),
          reason: outsideString.optional(),
        }),
      ),
      unmatched: z.array(z.unknown()).optional().describe('entries of the response that match no row'),
    }),
  // The route returns 200 even when it rejects rows, so an error is never caused by an earlier attempt.
  verifyAfterRetry: null,
  async run({ leads }, { client, call }) {
    const response = await client.blacklist.addLeads({ leads }, call);
    const { outcomes, unmatched } = outcomesOf(leads, response ?? {});
    return {
      data: {
        given: leads.length,
        added: response?.added ?? null,
        rows: outcomes.map((outcome, index) => ({ index, ...outcome })),
        ...(unmatched.length === 0 ? {} : { unmatched }),
      },
    };
  },
});
