import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addLeadTags } from '../../src/tools/leads/add-lead-tags.ts';
import { suppressLeads } from '../../src/tools/workflows/suppress-leads.ts';
import type { ToolResult } from '../support/clients/clients.ts';
import { runs } from '../support/runs/runs.ts';
import { answerTool } from '../support/tools/safety.ts';
import { type Ending, type ModelPerson, modelHeyReach } from '../support/tools/suppression.ts';
import { rowsOf } from '../support/tools/tables.ts';

const SETTINGS = { seed: 20261129, numRuns: runs(400) };

const urlOf = (person: number) => `https://www.linkedin.com/in/person-${person}`;
/** Spellings of one person, and rows without a person. */
const SPELLINGS = [urlOf, (person: number) => `person-${person}`, (person: number) => `${urlOf(person)}/?a=b`];
const BAD = ['ada@example.com', 'https://www.linkedin.com/company/example', 7, null];

const row = fc.oneof(
  { weight: 8, arbitrary: fc.record({ person: fc.nat(9), spelling: fc.nat(SPELLINGS.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ bad: fc.nat(BAD.length - 1) }) },
);
type Row = { person: number; spelling: number } | { bad: number };
const textOf = (input: Row) => ('bad' in input ? BAD[input.bad] : SPELLINGS[input.spelling]!(input.person));
const rows = fc
  .array(row, { minLength: 1, maxLength: 14 })
  .filter((inputs) => inputs.some((input) => 'person' in input));

const ending = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Ending>('ok') },
  { weight: 1, arbitrary: fc.constantFrom<Ending>('lost', 'unknown', 'refused', 'not_sent') },
);
const endings = fc.array(ending, { maxLength: 60 });

function peopleIn(inputs: readonly Row[]): ModelPerson[] {
  const numbers = new Set(inputs.flatMap((input) => ('person' in input ? input.person : [])));
  return [...numbers].map((person) => ({
    url: urlOf(person),
    live: new Set(Array.from({ length: person % 4 }, (_, index) => 100 + index)),
  }));
}

/** The rows of a result, after a check that each index has exactly one row and that the counts match. */
function accountOf(result: ToolResult, inputs: readonly Row[]): Record<string, unknown>[] {
  const { structuredContent } = result;
  const account = rowsOf(result, structuredContent?.outcomes as never);
  expect(account.map(({ index }) => index)).toEqual(inputs.map((_, index) => index));
  const counts = structuredContent?.counts as Record<string, number>;
  expect(structuredContent?.given).toBe(inputs.length);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(inputs.length);
  for (const [outcome, count] of Object.entries(counts)) {
    expect(account.filter((entry) => entry.outcome === outcome)).toHaveLength(count);
  }
  const seen = new Set<number>();
  for (const [index, input] of inputs.entries()) {
    const isDuplicate = 'person' in input && seen.has(input.person);
    if ('bad' in input) expect(account[index]?.outcome).toBe('refused');
    expect(account[index]?.outcome === 'duplicate').toBe(isDuplicate);
    if ('person' in input) seen.add(input.person);
  }
  return account;
}

describe('suppress_leads', () => {
  test('gives each person one correct outcome, whatever fails, and a repeated call completes it', async () => {
    await fc.assert(
      fc.asyncProperty(rows, endings, async (inputs, some) => {
        const people = peopleIn(inputs);
        const { client, excluded, tagged } = modelHeyReach(people, [...some]);
        const args = { profileUrls: inputs.map(textOf) };
        const result = (await answerTool(suppressLeads, args, client)) as ToolResult;
        const account = accountOf(result, inputs);
        for (const [index, input] of inputs.entries()) {
          const { outcome, stopped, blacklist, tag, note } = account[index]!;
          if (!('person' in input) || outcome === 'duplicate') continue;
          const url = urlOf(input.person);
          const { live } = people.find((person) => person.url === url)!;
          for (const campaignId of (stopped as number[] | null) ?? []) expect(live.has(campaignId)).toBe(false);
          if (outcome === 'done') expect([live.size, excluded.has(url), tagged.has(url)]).toEqual([0, true, true]);
          else expect(note).toEqual(expect.any(String));
          if (blacklist === 'Matched') expect(excluded.has(url)).toBe(true);
          if (tag !== null) expect(tagged.has(url)).toBe(true);
        }
        const isClear = account.every(({ outcome }) => outcome === 'done' || outcome === 'duplicate');
        expect(result.structuredContent?.clear).toBe(isClear);

        const again = (await answerTool(suppressLeads, args, modelAfter(people, excluded, tagged))) as ToolResult;
        for (const entry of accountOf(again, inputs)) expect(['done', 'duplicate', 'refused']).toContain(entry.outcome);
        expect(people.every(({ live }) => live.size === 0)).toBe(true);
      }),
      SETTINGS,
    );
  });
});

/** The same people in a HeyReach that does not fail. */
function modelAfter(people: readonly ModelPerson[], excluded: Set<string>, tagged: Set<string>) {
  const { client, ...state } = modelHeyReach(people);
  for (const url of excluded) state.excluded.add(url);
  for (const url of tagged) state.tagged.add(url);
  return client;
}

describe('add_lead_tags', () => {
  test('gives each person one correct outcome, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(rows, endings, async (inputs, some) => {
        const { client, tagged } = modelHeyReach(peopleIn(inputs), [...some]);
        const args = { leadProfileUrls: inputs.map(textOf), tags: ['tech'] };
        const account = accountOf((await answerTool(addLeadTags, args, client)) as ToolResult, inputs);
        for (const [index, input] of inputs.entries()) {
          const { outcome } = account[index]!;
          if (!('person' in input) || outcome === 'duplicate') continue;
          if (outcome === 'done') expect(tagged.has(urlOf(input.person))).toBe(true);
          if (outcome === 'refused' || outcome === 'not_sent') expect(tagged.has(urlOf(input.person))).toBe(false);
        }
      }),
      SETTINGS,
    );
  });
});
