import { expect } from 'vitest';
import type { Sandbox, Truth } from '../../../src/sandbox/index.ts';
import type { ToolResult } from '../clients/clients.ts';
import { rowsOf } from '../tools/tables.ts';

type People = Truth['people'];

/** All people of lists, and as many people who are not in the workspace, by slug. */
export function peopleToCheck({ workspace }: Sandbox, invented: number): string[] {
  const ids = new Set([...workspace.lists.values()].flatMap(({ members }) => [...members.keys()]));
  const slugs = [...ids].map((id) => workspace.people.get(id)!.slug.toLowerCase());
  return [...slugs, ...Array.from({ length: invented }, (_, at) => `invented-example-${at}`)];
}

/**
 * Compares rows of check_contacted with the truth of the sandbox. A person whom the sandbox does not know is clear.
 * @param isExact false: a campaign may be missing if its list lost the person.
 */
export function expectTrue(result: ToolResult, { workspace }: Sandbox, people: People, isExact = false): void {
  for (const row of rowsOf(result)) {
    const slug = decodeURIComponent(String(row.person)).toLowerCase();
    const truth = people[slug];
    const shown = sorted(row.campaignIds);
    const isLost = (id: number) => {
      const { listId } = workspace.campaigns.get(id)!;
      return workspace.lists.get(listId!)?.members.has(truth?.linkedInId ?? '') !== true;
    };
    const campaignIds = sorted(truth?.campaigns.map(({ id }) => id));
    const expected = isExact ? campaignIds : campaignIds.filter((id) => shown.includes(id) || !isLost(id));
    expect(
      {
        verdict: row.verdict,
        campaignIds: shown,
        listIds: sorted(row.listIds),
        senders: sorted(row.linkedInAccountIds),
      },
      slug,
    ).toEqual({
      verdict: truth?.verdict ?? 'clear',
      campaignIds: expected.slice(0, 5),
      listIds: sorted(truth?.lists).slice(0, 5),
      senders: sorted(truth?.conversations.map(({ linkedInAccountId }) => linkedInAccountId)),
    });
  }
}

/** The number of people with each verdict. */
export function verdictsOf(slugs: readonly string[], people: People): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const slug of slugs) {
    const { verdict = 'clear' } = people[slug] ?? {};
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}

function sorted(ids: unknown): number[] {
  return [...new Set((ids ?? []) as number[])].sort((a, b) => a - b);
}
