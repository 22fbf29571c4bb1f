import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallOptions, type HeyReachClient, HeyReachError, type Outcome } from '../../src/client/index.ts';
import { ChangeEvents } from '../../src/mcp/services/change-events.ts';
import type { JobCall } from '../../src/mcp/services/job-host.ts';
import type { ToolContext } from '../../src/mcp/tool.ts';
import { addLeads } from '../../src/tools/shared/add-leads.ts';
import type { LeadRow } from '../../src/workflows/leads/lead-input.ts';
import { runs } from '../support/runs/runs.ts';
import { files } from '../support/tools/caller-files.ts';
import { hiddenJobs } from '../support/tools/jobs.ts';
import { openSafety } from '../support/tools/safety.ts';

const SEED = 20260314;
const RUNS = runs(300);

/** Spellings of the same person. */
const SPELLINGS: ((slug: string) => string)[] = [
  (slug) => `https://www.linkedin.com/in/${slug}`,
  (slug) => `https://www.linkedin.com/in/${slug}/`,
  (slug) => `http://linkedin.com/in/${slug.toUpperCase()}`,
  (slug) => `linkedin.com/in/${slug}?utm_source=made-up`,
  (slug) => `www.linkedin.com/IN/${slug}/#about`,
  (slug) => `https://de.linkedin.com/in/${slug}/details/experience/`,
  (slug) => ` https://www.linkedin.com/in/${slug.replace('e', '%65')} `,
];

/** Rows that HeyReach would silently drop or reject, and the field that the reason must name. */
const FAULTY: [Partial<LeadRow>, string][] = [
  [{ profileUrl: undefined }, 'profileUrl'],
  [{ profileUrl: '  ' }, 'profileUrl'],
  [{ profileUrl: 'https://example.com/in/ada-example' }, 'profileUrl'],
  [{ profileUrl: 'https://www.linkedin.com/company/example' }, 'profileUrl'],
  [{ profileUrl: 'https://www.linkedin.com/pub/ada-example/1/2/3' }, 'profileUrl'],
  [{ firstName: undefined }, 'firstName'],
  [{ firstName: ' ' }, 'firstName'],
  [{ lastName: '' }, 'lastName'],
  [{ lastName: undefined }, 'lastName'],
  [
    {
      customUserFields: [
        { name: 'fine', value: 'x' },
        { name: 'my field', value: 'x' },
      ],
    },
    'my field',
  ],
  [{ customUserFields: [{ name: '', value: 'x' }] }, 'customUserFields'],
];

interface Given {
  row: LeadRow;
  /** Equal for two rows of the same person. */
  person: number;
  /** The field that the reason of an invalid row must name. */
  fault: string | undefined;
}

const rowOf = (good: number): fc.Arbitrary<Given> =>
  fc
    .record({
      person: fc.oneof(fc.nat(30), fc.nat(1_000)),
      spelling: fc.nat(SPELLINGS.length - 1),
      fault: fc.oneof(
        { weight: good, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.nat(FAULTY.length - 1) },
      ),
    })
    .map(({ person, spelling, fault }) => {
      const good = {
        profileUrl: SPELLINGS[spelling]!(`example-${person}`),
        firstName: 'Ada',
        lastName: `Example ${person}`,
      };
      const [change, names] = fault === undefined ? [{}, undefined] : FAULTY[fault]!;
      return { row: { ...good, ...change } as LeadRow, person, fault: names };
    });

/** The response of HeyReach to one call. */
type Reply =
  | { is: 'ok'; added: number; updated: number; failed: number; attempts: number }
  | { is: 'number'; added: number }
  | { is: 'odd'; body: object | undefined }
  | { is: Outcome };

const reply: fc.Arbitrary<Reply> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant('ok' as const),
      added: fc.nat(100),
      updated: fc.nat(100),
      failed: fc.nat(100),
      attempts: fc.constantFrom(1, 1, 1, 2, 3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('number' as const), added: fc.nat(100) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('odd' as const),
      body: fc.constantFrom(undefined, {}, { addedLeadsCount: null }, { addedLeadsCount: 3, updatedLeadsCount: 'x' }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constantFrom<Outcome>('unknown', 'refused', 'not_sent') }) },
);

function errorOf(outcome: Outcome): HeyReachError {
  const kind = { unknown: 'server_error', refused: 'bad_request', not_sent: 'connection' } as const;
  return new HeyReachError({
    kind: kind[outcome],
    outcome,
    message: `made up: ${outcome}`,
    meaning: 'Made up.',
    nextStep: 'None.',
  });
}

interface Account {
  given: number;
  sent: number;
  sentRanges: { from: number; to: number }[];
  refused: { index: number; reason: string; also?: { from: number; to: number }[] }[];
  duplicates: { index: number; of: number }[];
  notSent: { from: number; to: number }[];
  unknown: { from: number; to: number }[];
  added: number | null;
  updated: number | null;
  failed: number | null;
  unaccounted: number | null;
  recounted?: number;
  nextStep?: string;
}

interface Job {
  rows: Given[];
  replies: Reply[];
  /** The index of the call before which the client cancels. */
  leavesAt: number | undefined;
}

/** Adds the rows with generated replies. The last reply repeats for all further calls. */
async function add({ rows, replies, leavesAt }: Job) {
  const calls: number[][] = [];
  const background: (boolean | undefined)[] = [];
  const progress: number[] = [];
  const controller = new AbortController();
  if (leavesAt === 0) controller.abort();
  const context: ToolContext = {
    client: {} as HeyReachClient,
    call: { signal: controller.signal },
    source: 'live',
    full: false,
    progress: async (done) => void progress.push(done),
    wait: async () => {},
    memoizedRead: (_name, read) => read(),
    sends: openSafety().sendsOf('made up'),
    jobs: hiddenJobs.ofCall({ owner: 'made up' } as JobCall),
    files: files.ofOwner('made up'),
    isConfirmed: false,
    changes: new ChangeEvents(),
  };
  const result = await addLeads(
    {
      rows: rows.map(({ row }) => row),
      async send(indexes, _isLast, call: CallOptions) {
        const now = replies[Math.min(calls.length, replies.length - 1)]!;
        calls.push([...indexes]);
        background.push(call.background);
        if (calls.length === leavesAt) controller.abort();
        const attempts = now.is === 'ok' ? now.attempts : 1;
        for (let attempt = 1; attempt <= attempts; attempt += 1) {
          call.observe?.({
            path: '/made/Up',
            attempt,
            ended: attempt < attempts ? 500 : 200,
            isUnclear: attempt < attempts,
            retry: 'idempotent',
            ms: 1,
          });
        }
        if (now.is === 'ok') {
          return { addedLeadsCount: now.added, updatedLeadsCount: now.updated, failedLeadsCount: now.failed };
        }
        if (now.is === 'number') return now.added;
        if (now.is === 'odd') return now.body as { addedLeadsCount: number };
        throw errorOf(now.is);
      },
    },
    context,
  );
  return { account: result.data as unknown as Account, error: result.error, calls, progress, background };
}

const indexesOf = (ranges: { from: number; to: number }[]) =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, step) => from + step));

const job: fc.Arbitrary<Job> = fc.record({
  rows: fc.oneof(
    { weight: 5, arbitrary: fc.array(rowOf(5), { minLength: 1, maxLength: 450, size: 'max' }) },
    { weight: 1, arbitrary: fc.array(rowOf(0), { minLength: 300, maxLength: 450, size: 'max' }) },
  ),
  replies: fc.array(reply, { minLength: 1, maxLength: 5 }),
  leavesAt: fc.option(fc.nat(4), { nil: undefined, freq: 4 }),
});

describe('adding leads, for any rows and any responses', () => {
  test('accounts for every row exactly once and sends no person twice', async () => {
    await fc.assert(
      fc.asyncProperty(job, async (made) => {
        const { rows, replies } = made;
        const { account, error, calls } = await add(made);
        const replyOf = (call: number) => replies[Math.min(call, replies.length - 1)]!;

        const refusals = account.refused.flatMap(({ index, reason, also = [] }) =>
          [index, ...indexesOf(also)].map((at) => ({ index: at, reason })),
        );
        // Every index is in exactly one group.
        const groups = [
          refusals.map(({ index }) => index),
          account.duplicates.map(({ index }) => index),
          indexesOf(account.sentRanges),
          indexesOf(account.notSent),
          indexesOf(account.unknown),
        ];
        expect(groups.flat().sort((a, b) => a - b)).toEqual(rows.map((_, index) => index));
        expect(account.given).toBe(rows.length);
        expect(account.sent).toBe(groups[2]!.length);

        // Calls: at most 100 rows, no repeated row or person, no invalid row, nothing after a failure.
        const left = calls.flat();
        for (const call of calls) expect(call.length).toBeLessThanOrEqual(100);
        expect(new Set(left).size).toBe(left.length);
        expect(new Set(left.map((index) => rows[index]!.person)).size).toBe(left.length);
        for (const index of left) expect(rows[index]!.fault).toBeUndefined();
        const failedAt = calls.findIndex((_, call) => ['unknown', 'refused', 'not_sent'].includes(replyOf(call).is));
        if (failedAt !== -1) expect(calls).toHaveLength(failedAt + 1);
        if (made.leavesAt !== undefined) expect(calls.length).toBeLessThanOrEqual(made.leavesAt);

        // The reply to its call decides the group of each sent row.
        for (const [call, indexes] of calls.entries()) {
          const { is } = replyOf(call);
          const group = { ok: 2, number: 2, odd: 2, unknown: 4, refused: 0, not_sent: 3 }[is];
          for (const index of indexes) expect(groups[group]).toContain(index);
        }

        // Reasons name the field. A duplicate names an earlier valid row of the same person.
        const reasons = new Map(refusals.map(({ index, reason }) => [index, reason]));
        for (const [index, { fault }] of rows.entries()) {
          if (fault !== undefined) expect(reasons.get(index)).toContain(fault);
          else if (reasons.has(index)) expect(reasons.get(index)).toContain('made up: refused');
        }
        for (const { index, of } of account.duplicates) {
          expect(of).toBeLessThan(index);
          expect(rows[of]).toMatchObject({ person: rows[index]!.person, fault: undefined });
          expect(groups[1]).not.toContain(of);
        }

        // Sums are those of HeyReach, or unknown.
        const accepted = calls.map((_, call) => replyOf(call)).filter(({ is }) => ['ok', 'number', 'odd'].includes(is));
        const all = accepted.every(({ is }) => is === 'ok');
        const sum = (name: 'added' | 'updated' | 'failed') =>
          accepted.reduce((total, reply) => total + (reply.is === 'ok' ? reply[name] : 0), 0);
        if (accepted.length === 0) {
          expect(account).toMatchObject({ added: null, updated: null, failed: null, unaccounted: null });
        } else if (all) {
          const sums = { added: sum('added'), updated: sum('updated'), failed: sum('failed') };
          expect(account).toMatchObject(sums);
          expect(account.unaccounted).toBe(Math.max(0, account.sent - sums.added - sums.updated - sums.failed));
        } else {
          expect(account).toMatchObject({ updated: null, failed: null, unaccounted: null });
          if (accepted.every(({ is }) => is === 'number')) {
            expect(account.added).toBe(
              accepted.reduce((total, reply) => total + ('added' in reply ? reply.added : 0), 0),
            );
          }
        }
        const repeated = calls.filter((_, call) => {
          const reply = replyOf(call);
          return reply.is === 'ok' && reply.attempts > 1;
        });
        expect(account.recounted ?? 0).toBe(repeated.flat().length);

        // The result is an error only if nothing was accepted. A later failure is reported as a partial failure.
        if (account.sent > 0) expect(error).toBeUndefined();
        else expect(error).toBeInstanceOf(HeyReachError);
        if (account.unknown.length > 0) expect(account.nextStep).toContain('unknown');
        if (account.notSent.length > 0) expect(account.nextStep).toContain('notSent');
        if (account.sent > 0 && failedAt !== -1) expect(account.nextStep).toContain('made up');
      }),
      // Shrinking hundreds of rows takes longer than reading them.
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
  });

  test('reports progress after each call', async () => {
    const rows = Array.from({ length: 250 }, (_, person) => ({
      row: { profileUrl: SPELLINGS[0]!(`example-${person}`), firstName: 'Ada', lastName: 'Example' } as LeadRow,
      person,
      fault: undefined,
    }));
    const ok: Reply = { is: 'ok', added: 1, updated: 0, failed: 0, attempts: 1 };
    const { progress, calls, background } = await add({ rows, replies: [ok], leavesAt: undefined });
    expect(calls.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(progress).toEqual([1, 2, 3]);
    // Later calls run with background priority, so that requests remain for other calls.
    expect(background).toEqual([false, true, true]);
  });
});
