import { z } from 'zod';
import { outsideString } from '../../client/operations/fields.ts';
import { defineTool } from '../define.ts';
import { profileUrl, text } from '../fields.ts';

const row = z.strictObject({
  profileUrl: profileUrl('Profile URL or slug').optional(),
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
        reason: outsideString.optional(),
      }),
    ),
    unmatched: z.array(z.unknown()).optional().describe('said by HeyReach of no row that can be told'),
  }),
  // The route answers 200 whatever became of the rows, so a refusal is about the request, not an echo.
  readBack: null,
  async run({ leads }, { client, call }) {
    const answer = await client.blacklist.addLeads({ leads }, call);
    const outcomes = new Map<number, Record<string, unknown>>();
    const unmatched: unknown[] = [];
    const assign = (found: unknown, outcomeOf: (entry: Record<string, unknown>) => Record<string, unknown>) => {
      // The shape of two of the lists is not published: an index, or an object that holds one.
      const entry = (typeof found === 'object' && found !== null ? found : { inputIndex: found }) as Record<
        string,
        unknown
      >;
      const index = entry.inputIndex ?? entry.index;
      if (typeof index === 'number' && index in leads) outcomes.set(index, outcomeOf(entry));
      else unmatched.push(found);
    };
    for (const found of listOf(answer.entries)) {
      assign(found, ({ id, created }) => ({ outcome: created === false ? 'present' : 'added', id }));
    }
    for (const found of listOf(answer.duplicates)) assign(found, (entry) => ({ outcome: 'duplicate', ...why(entry) }));
    for (const found of listOf(answer.validationErrors)) {
      assign(found, (entry) => ({ outcome: 'invalid', ...why(entry) }));
    }
    return {
      data: {
        given: leads.length,
        added: answer.added ?? null,
        rows: leads.map((_, index) => ({ index, ...(outcomes.get(index) ?? { outcome: 'unaccounted' }) })),
        ...(unmatched.length === 0 ? {} : { unmatched }),
      },
    };
  },
});

function listOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** What was said about a row beside its index: the sentence, or else whatever there is. */
function why({ inputIndex: _, index: __, ...rest }: Record<string, unknown>): { reason?: string } {
  const sentence = rest.message ?? rest.reason ?? rest.error ?? rest.errorMessage;
  if (typeof sentence === 'string') return { reason: sentence };
  return Object.keys(rest).length === 0 ? {} : { reason: JSON.stringify(rest) };
}
