import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultRule, type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import type { McpPeer, ToolResult } from '../../support/clients/clients.ts';
import { connectInProcess } from '../../support/programs/in-process.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { rowsOf } from '../../support/tools/tables.ts';

const DAY = 86_400_000;
const OVER = new Set(['Finished', 'Failed', 'Excluded', 'Stopped']);
const PEOPLE = 50;

/** The people whom the most campaigns can still contact. */
function busiestIn({ workspace }: Sandbox): { id: string; url: string }[] {
  const liveIn = (id: string) =>
    [...workspace.campaigns.values()].filter(({ status, enrolments }) => {
      const enrolment = enrolments.get(id);
      return enrolment !== undefined && status !== 'CANCELED' && !OVER.has(enrolment.status);
    }).length;
  return [...workspace.people.values()]
    .map(({ linkedinId, profileUrl }) => ({ id: linkedinId, url: profileUrl, live: liveIn(linkedinId) }))
    .toSorted((a, b) => b.live - a.live)
    .slice(0, PEOPLE);
}

const FAULTS: [string, FaultRule[]][] = [
  ['nothing fails', []],
  [
    'a 500 in the middle',
    [{ match: { path: '/campaign/StopLeadInCampaign' }, after: 20, times: 3, kind: 'status', status: 500 }],
  ],
  ['a 429 in the middle', [{ after: 100, kind: 'rateLimit', retryAfter: '1' }]],
];

describe.each(FAULTS)('suppress_leads with fifty people and an unused window, where %s', (_, faults) => {
  let sandbox: Sandbox;
  let peer: McpPeer;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 1 });
    for (const fault of faults) sandbox.faults.add(fault);
    peer = await connectInProcess(['--confirm', 'off'], { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: sandbox.url });
  });
  afterAll(async () => {
    await peer.close();
    await sandbox.close();
  });
  const suppress = (profileUrls: string[]) => peer.callTool('suppress_leads', { profileUrls });
  const outcomes = (result: ToolResult) => rowsOf(result, result.structuredContent?.outcomes as never);

  test('no message reaches them for thirty days, and every person has an outcome', async () => {
    const people = busiestIn(sandbox);
    let result = await suppress(people.map(({ url }) => url));
    expect(outcomes(result)).toHaveLength(PEOPLE);
    if (result.structuredContent?.clear !== true) {
      const remaining = result.structuredContent?.remaining as string[];
      const open = outcomes(result).filter(({ outcome }) => outcome !== 'done');
      expect(remaining).toEqual(open.map(({ person }) => person));
      result = await suppress(remaining);
    }
    expect(result.structuredContent).toMatchObject({ clear: true });
    sandbox.advance(30 * DAY);
    const { reached } = sandbox;
    expect(reached.total).toBeGreaterThan(50);
    const contacted = new Set(
      [...reached.messages, ...reached.invitations, ...reached.inmails].map((contact) => contact.profileUrl),
    );
    expect(people.filter(({ url }) => contacted.has(url))).toEqual([]);
    const refused = sandbox.requests.filter(({ status }) => status === 429).length;
    expect(refused).toBe(faults.some(({ kind }) => kind === 'rateLimit') ? 1 : 0);
  });
});
