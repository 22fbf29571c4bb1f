import { z } from 'zod';
import { defineTool } from '../define.ts';
import { profileUrl, text } from '../fields.ts';

const row = z.strictObject({
  profileUrl: profileUrl('Profile URL').optional(),
  linkedInProfileId: text('LinkedIn profile id', 200).optional(),
  email: text('E-mail address', 320).optional(),
  fullName: text('Full name; excludes everybody of that name').optional(),
});

export const addLeadsToBlacklist = defineTool({
  name: 'add_leads_to_blacklist',
  title: 'Blacklist people',
  description:
    'Keeps people out of every campaign of the workspace, and answers for each what became of the entry. Permanent here: only the HeyReach app can take an entry back.',
  toolset: 'blacklist',
  kind: 'stop',
  repeat: 'same',
  asks: 'no',
  input: { leads: z.array(row).min(1).max(100).describe('People, each by at least one identifier') },
  check({ leads }) {
    const empty = leads.findIndex((lead) => Object.values(lead).every((value) => value === undefined));
    return empty === -1 ? undefined : `leads[${empty}] needs profileUrl, linkedInProfileId, email or fullName`;
  },
  output: z.looseObject({
    given: z.number(),
    added: z.number().nullable().describe("HeyReach's count"),
    rows: z.array(
      z.looseObject({
        index: z.number(),
        outcome: z.enum(['added', 'present', 'duplicate', 'invalid', 'unaccounted']),
        id: z.unknown().optional(),
        reason: z.string().optional(),
      }),
    ),
  }),
  // The route answers 200 whatever became of the rows, so a refusal is about the request, not an echo.
  readBack: null,
  async run({ leads }, { client, call }) {
    const answer = await client.blacklist.addLeads({ leads }, call);
    const outcomes = new Map<number, Record<string, unknown>>();
    for (const entry of answer.entries ?? []) {
      const outcome = entry.created === false ? 'present' : 'added';
      if (typeof entry.inputIndex === 'number') outcomes.set(entry.inputIndex, { outcome, id: entry.id });
    }
    for (const found of answer.duplicates ?? []) note(outcomes, found, 'duplicate');
    for (const found of answer.validationErrors ?? []) note(outcomes, found, 'invalid');
    return {
      data: {
        given: leads.length,
        added: answer.added ?? null,
        rows: leads.map((_, index) => ({ index, ...(outcomes.get(index) ?? { outcome: 'unaccounted' }) })),
      },
    };
  },
});

/** The shape of these two lists is not published: an index, or an object that holds one. */
function note(outcomes: Map<number, Record<string, unknown>>, found: unknown, outcome: string): void {
  const row = (typeof found === 'object' && found !== null ? found : { inputIndex: found }) as Record<string, unknown>;
  const index = row.inputIndex ?? row.index;
  if (typeof index !== 'number') return;
  const reason = row.message ?? row.reason ?? row.error ?? row.errorMessage;
  outcomes.set(index, { outcome, ...(typeof reason === 'string' ? { reason } : {}) });
}
