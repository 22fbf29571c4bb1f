import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { McpPeer, Progress } from '../../../support/clients/clients.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { connectInProcess } from '../../../support/programs/in-process.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const PATH = '/api/public/campaign/AddLeadsToCampaignV2';

interface Lead {
  profileUrl: string;
  firstName?: string;
  lastName?: string;
  customUserFields?: { name: string; value: string }[];
}

/** 250 rows: five that HeyReach would drop or reject, and three that repeat a person. */
const leads: Lead[] = Array.from({ length: 250 }, (_, index) => ({
  profileUrl: `https://www.linkedin.com/in/person-${index}`,
  firstName: 'Ada',
  lastName: `Example ${index}`,
}));
const slug = (index: number) => `https://www.linkedin.com/in/person-${index}`;
leads[3] = { profileUrl: slug(3), lastName: 'Example' };
// The same person again, with both names. The earlier row was rejected, so this row is not a duplicate.
leads[4] = { profileUrl: slug(3), firstName: 'Ada', lastName: 'Example 4' };
leads[50] = { profileUrl: slug(50), firstName: 'Ada', lastName: '  ' };
leads[77] = { profileUrl: 'https://www.linkedin.com/company/example', firstName: 'Example', lastName: 'Ltd' };
leads[120] = { ...leads[120]!, customUserFields: [{ name: 'favorite color', value: 'blue' }] };
leads[130] = { profileUrl: '', firstName: 'Ada', lastName: 'Example' };
leads[60] = { ...leads[60]!, profileUrl: 'HTTPS://LinkedIn.com/in/Person-10/?utm_source=example' };
leads[180] = { ...leads[180]!, profileUrl: 'linkedin.com/in/person%2D10' };
leads[240] = { ...leads[240]!, profileUrl: `${slug(239)}/` };

const withoutGaps = (from: number, to: number, gaps: number[]) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((index) => !gaps.includes(index));
/** The rows of each call: 100, 100 and 42. */
const calls = [
  withoutGaps(0, 103, [3, 50, 60, 77]),
  withoutGaps(104, 206, [120, 130, 180]),
  withoutGaps(207, 249, [240]),
];
const sentInCall = (call: number) =>
  post(PATH, {
    campaignId: 600001,
    accountLeadPairs: calls[call]!.map((index) => ({ lead: leads[index] })),
    resumeFinishedCampaign: false,
    resumePausedCampaign: false,
  });
const answers = [
  { addedLeadsCount: 90, updatedLeadsCount: 7, failedLeadsCount: 1 },
  { addedLeadsCount: 60, updatedLeadsCount: 40, failedLeadsCount: 0 },
  { addedLeadsCount: 40, updatedLeadsCount: 0, failedLeadsCount: 2 },
];

const ranges = [
  [
    { from: 0, to: 2 },
    { from: 4, to: 49 },
    { from: 51, to: 59 },
    { from: 61, to: 76 },
    { from: 78, to: 103 },
  ],
  [
    { from: 104, to: 119 },
    { from: 121, to: 129 },
    { from: 131, to: 179 },
    { from: 181, to: 206 },
  ],
  [
    { from: 207, to: 239 },
    { from: 241, to: 249 },
  ],
];
const duplicates = [
  { index: 60, of: 10 },
  { index: 180, of: 10 },
  { index: 240, of: 239 },
];

interface Account {
  refused: { index: number; reason: string }[];
  duplicates: { index: number }[];
  sentRanges: { from: number; to: number }[];
  notSent: { from: number; to: number }[];
  unknown: { from: number; to: number }[];
}

/** The indexes of all groups. */
function indexesOf({ refused, duplicates: twice, sentRanges, notSent, unknown }: Account): number[] {
  const inRanges = [...sentRanges, ...notSent, ...unknown].flatMap(({ from, to }) => withoutGaps(from, to, []));
  return [...refused, ...twice].map(({ index }) => index).concat(inRanges);
}

describe('250 leads, some of them invalid', () => {
  const wire = useToolHarness();
  let peer: McpPeer;
  beforeAll(async () => {
    const env = { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: wire.stub.url, HEYREACH_CONFIRM: 'off' };
    peer = await connectInProcess([], env);
  });
  afterAll(() => peer?.close());

  const args = { campaignId: 600001, accountLeadPairs: leads.map((lead) => ({ lead })) };

  /**
   * Answers every call with its counts. `fail` gets the number of the call and of the attempt, both from 0, and decides
   * about a 500.
   */
  function answerCalls(fail: (call: number, attempt: number) => boolean) {
    const attempts = [0, 0, 0];
    wire.answerWith({
      '/campaign/AddLeadsToCampaignV2': ({ body }) => {
        const { accountLeadPairs } = JSON.parse(body) as { accountLeadPairs: { lead: Lead }[] };
        const call = calls.findIndex(([first]) => leads[first!]?.lastName === accountLeadPairs[0]?.lead.lastName);
        const attempt = attempts[call]!++;
        return fail(call, attempt) ? { status: 500 } : { body: answers[call] };
      },
    });
  }

  async function add() {
    const progress: Progress[] = [];
    const result = await peer.callTool('add_leads_to_campaign', args, {
      onprogress: (step) => progress.push(step),
    });
    const account = result.structuredContent as unknown as Account;
    expect(indexesOf(account).sort((a, b) => a - b)).toEqual(withoutGaps(0, 249, []));
    expect(account.duplicates).toEqual(duplicates);
    expect(account.refused.map(({ index }) => index)).toEqual([3, 50, 77, 120, 130]);
    return { result, progress };
  }

  test("are sent in three calls of at most 100, with progress after each and the sums of HeyReach's counts", async () => {
    answerCalls(() => false);
    const { result, progress } = await add();
    expect(wire.sent()).toEqual([sentInCall(0), sentInCall(1), sentInCall(2)]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({
      given: 250,
      sent: 242,
      sentRanges: [
        { from: 0, to: 2 },
        { from: 4, to: 49 },
        { from: 51, to: 59 },
        { from: 61, to: 76 },
        { from: 78, to: 119 },
        { from: 121, to: 129 },
        { from: 131, to: 179 },
        { from: 181, to: 239 },
        { from: 241, to: 249 },
      ],
      notSent: [],
      unknown: [],
      added: 190,
      updated: 47,
      failed: 3,
      unaccounted: 2,
    });
    expect(result.structuredContent).not.toHaveProperty('recounted');
    // A client that reads the result first may lose the last notification.
    expect(progress.slice(0, 2)).toEqual([
      { progress: 1, total: 3, message: '100 of 242 rows sent' },
      { progress: 2, total: 3, message: '200 of 242 rows sent' },
    ]);
  });

  test('keep the accepted rows when the second call fails: its rows are unknown, and the others are not sent', async () => {
    answerCalls((call) => call === 1);
    const { result, progress } = await add();
    expect(wire.sent()).toEqual([sentInCall(0), sentInCall(1), sentInCall(1), sentInCall(1)]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({
      given: 250,
      sent: 100,
      sentRanges: ranges[0],
      unknown: ranges[1],
      notSent: ranges[2],
      added: 90,
      updated: 7,
      failed: 1,
      unaccounted: 2,
    });
    expect(result.structuredContent).not.toHaveProperty('recounted');
    const nextStep = result.structuredContent?.nextStep;
    expect(nextStep).toContain('Call again with the rows in unknown');
    expect(nextStep).toContain('Call again with the rows in notSent');
    // The client may lose a notification that arrives with the result.
    expect(progress[0]).toEqual({ progress: 1, total: 3, message: '100 of 242 rows sent' });
  });

  test('are recounted when a call is retried after a lost response', async () => {
    answerCalls((call, attempt) => call === 1 && attempt === 0);
    const { result } = await add();
    expect(wire.sent()).toEqual([sentInCall(0), sentInCall(1), sentInCall(1), sentInCall(2)]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({
      given: 250,
      sent: 242,
      notSent: [],
      unknown: [],
      added: 190,
      updated: 47,
      failed: 3,
      unaccounted: 2,
      recounted: 100,
    });
  });

  test('stop before the next call after a cancellation', async () => {
    const controller = new AbortController();
    const progress: Progress[] = [];
    wire.stub.answer(async (_, index) => {
      if (index === 0) return { body: answers[0] };
      controller.abort();
      await sleep(200);
      return { body: answers[1] };
    });
    const call = peer.callTool('add_leads_to_campaign', args, {
      signal: controller.signal,
      onprogress: (step) => progress.push(step),
    });
    await expect(call).rejects.toThrow();
    await sleep(600);
    expect(wire.sent()).toEqual([sentInCall(0), sentInCall(1)]);
    expect(progress).toEqual([{ progress: 1, total: 3, message: '100 of 242 rows sent' }]);
  });
});
