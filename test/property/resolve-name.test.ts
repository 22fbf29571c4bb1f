import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveCampaign } from '../../src/prompts/resolve-name.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { runs } from '../support/runs/runs.ts';
import { callerOn } from '../support/tools/people-index.ts';

let stub: HeyReachStub;
beforeAll(async () => {
  stub = await startStub();
});
afterAll(() => stub.close());

const word = fc.constantFrom('Founders', 'Q3', 'Zürich', 'Ökostrom', 'ΣΟΦΟΣ', 'Berlin', 'été', 'アダ', 'no', '7');
const names = fc.array(
  fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
  { minLength: 1, maxLength: 8 },
);
/** A spelling of the name as a person might type it. */
const spelling = fc.constantFrom(
  (name: string) => name.toUpperCase(),
  (name: string) => name.toLowerCase(),
  (name: string) => `  ${name.replaceAll(' ', ' \u00a0 ')} `,
  (name: string) => name.normalize('NFD'),
);

test('a name in any spelling finds its only owner, otherwise all its owners, otherwise names that begin with it', async () => {
  const property = fc.asyncProperty(names, fc.nat(7), spelling, fc.nat(12), async (all, which, spell, cut) => {
    const rows = all.map((name, at) => ({ id: 600_001 + at, name }));
    stub.answer(({ path }) =>
      path.endsWith('GetAll')
        ? { body: { totalCount: rows.length, items: rows } }
        : { status: 404, body: { errorMessage: 'Campaign was not found.' } },
    );
    const name = rows[which % rows.length]!.name;
    const meant = cut > 0 && cut < name.length ? name.slice(0, cut).trimEnd() : name;
    const { context } = callerOn(stub.url);
    const resolved = await resolveCampaign(spell(meant), context);
    const isSame = (first: string, second: string) =>
      first.localeCompare(second, 'en', { sensitivity: 'accent' }) === 0;
    const exact = rows.filter((row) => isSame(row.name, meant));
    const owners = exact.length > 0 ? exact : rows.filter((row) => isSame(row.name.slice(0, meant.length), meant));
    if (owners.length === 1) expect(resolved).toEqual({ ok: true, ...owners[0] });
    else {
      expect(resolved.ok).toBe(false);
      const reason = resolved.ok ? '' : resolved.reason;
      for (const { id } of owners.slice(0, 5)) expect(reason).toContain(`(${id})`);
      expect(reason.startsWith(`${owners.length} campaigns match`)).toBe(true);
    }
  });
  await fc.assert(property, { seed: 20261129, numRuns: runs(150) });
});
