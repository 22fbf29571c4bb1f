import { expect, test } from 'vitest';
import type { ToolContext, ToolOutput } from '../../../../src/mcp/tool.ts';
import { suppressLeads } from '../../../../src/workflows/suppress/suppress-leads.ts';
import { modelHeyReach } from '../../../support/tools/suppression.ts';

const slugs = Array.from({ length: 12 }, (_, index) => `person-${index}`);
const profileUrls = slugs.map((slug) => `https://www.linkedin.com/in/${slug}`);
const request = { profileUrls, tag: 'do-not-contact', addTag: true, blacklist: true };

/** Suppresses twelve people, each in one campaign. `onRead` gets the number of each read of campaigns. */
async function suppress(onRead: (reads: number) => void, now: () => number, signal = new AbortController().signal) {
  const people = profileUrls.map((url) => ({ url, live: new Set([100]) }));
  let reads = 0;
  const { client, excluded } = modelHeyReach(people, [], {
    signal,
    onRead() {
      reads += 1;
      onRead(reads);
    },
  });
  const progress = async () => {};
  const context = { client, call: { deadline: now() + 54_000, signal }, progress } as unknown as ToolContext;
  const output = await suppressLeads(request, context, now);
  const stopped = slugs.filter((_, index) => people[index]!.live.size === 0);
  return { output, stopped, excluded };
}

function rowsIn({ data }: ToolOutput): { person: string; outcome: string; note: string | null }[] {
  const { rows } = data.outcomes as { rows: unknown[][] };
  return rows.map((cells) => ({ person: String(cells[1]), outcome: String(cells[2]), note: cells.at(-1) as string }));
}

test('stops between two people after 43 s: the current people are finished, and the others remain', async () => {
  let now = Date.now();
  const onRead = (reads: number) => {
    if (reads === 5) now += 45_000;
  };
  const { output, stopped, excluded } = await suppress(onRead, () => now);
  expect(stopped).toEqual(slugs.slice(0, 5));
  expect(excluded.size).toBe(12);
  expect(output.data).toMatchObject({ clear: false, counts: { done: 5, partial: 7 }, remaining: slugs.slice(5) });
  for (const row of rowsIn(output).slice(5)) expect(row.note).toBe('Not begun: not done within 43 s');
  expect(output).toMatchObject({ partialFailure: { outcome: 'not_sent', kind: 'timeout' } });
});

test('ends on a cancellation, and still reports the progress for each person', async () => {
  const controller = new AbortController();
  const onRead = (reads: number) => {
    if (reads === 6) controller.abort();
  };
  const { output, stopped } = await suppress(onRead, Date.now, controller.signal);
  expect(stopped.length).toBeGreaterThan(0);
  const rows = rowsIn(output);
  expect(rows.map(({ person }) => person)).toEqual(slugs);
  // HeyReach has accepted the entry of each person.
  for (const row of rows) expect(row.outcome).toMatch(/^(?:partial|not_confirmed)$/);
  expect(rows.at(-1)?.note).toContain('Not begun: the call was cancelled');
  expect(output.data).toMatchObject({ clear: false, remaining: slugs });
  expect(output).toMatchObject({ partialFailure: { outcome: 'not_sent', kind: 'cancelled' } });
});
