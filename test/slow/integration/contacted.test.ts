import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox, type Truth } from '../../../src/sandbox/index.ts';
import { connectStdio, type McpPeer, type ToolResult } from '../../support/clients/clients.ts';
import { expectTrue, verdictsOf } from '../../support/heyreach/contacts.ts';
import { jobIn, waitForJob } from '../../support/programs/job-programs.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

const PEOPLE = 5_000;
/**
 * 300 requests take 1.2 s here: the window, and the second that the client adds. With a minute, this test would take an
 * hour.
 */
const WINDOW_MS = 200;

// biome-ignore lint/suspicious/noExplicitAny: the result of a tool, whose fields the test names.
type Structure = Record<string, any>;

let sandbox: Sandbox;
let people: Truth['people'];
let slugs: string[];
const folder = mkdtempSync(join(tmpdir(), 'heyreach-contacted-'));
const peers: McpPeer[] = [];
beforeAll(async () => {
  // Running campaigns would contact people between the truth and the check.
  const rateLimit = { windowMs: WINDOW_MS, window: 'sliding' } as const;
  sandbox = await startSandbox({ seed: 1, people: 25_000, clock: 'manual', rateLimit });
  ({ people } = sandbox.truth({ only: ['people'] }));
  const known = Object.keys(people).filter((_, at) => at % 5 === 0);
  const strangers = Array.from({ length: PEOPLE }, (_, at) => `stranger-${at}-example`);
  slugs = [...known.slice(0, PEOPLE - 200), ...strangers].slice(0, PEOPLE);
});
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});
afterAll(async () => {
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<McpPeer> {
  const env = {
    HEYREACH_API_KEY: TEST_KEY,
    HEYREACH_BASE_URL: sandbox.url,
    HEYREACH_STATE_DIR: folder,
    HEYREACH_TEST_WINDOW_MS: String(WINDOW_MS),
  };
  const peer = await connectStdio('v1', { env });
  peers.push(peer);
  return peer;
}

/** Calls the tool, and waits for its job if it becomes one. */
async function check(peer: McpPeer, args: Record<string, unknown> = {}): Promise<Structure> {
  const text = slugs.map((slug) => `https://www.linkedin.com/in/${encodeURIComponent(slug)}`).join('\n');
  const result = await peer.callTool('check_contacted', { text, output: 'file', ...args });
  expect(result.isError, result.content[0]?.text).toBeFalsy();
  const job = jobIn(result);
  if (job === undefined) return result.structuredContent as Structure;
  const { structuredContent } = await waitForJob(peer, job.id);
  return structuredContent?.result as Structure;
}

function expectVerdicts(result: Structure, isExact = false): void {
  expect(result.incomplete).toBeUndefined();
  expect(result.asked).toBe(PEOPLE);
  expect(result.verdicts).toEqual(verdictsOf(slugs, people));
  const [columns = '', ...lines] = readFileSync(result.file, 'utf8').replace('\ufeff', '').trim().split(/\r?\n/);
  expect(lines).toHaveLength(PEOPLE);
  const ids = (text = '') => text.split(' ').filter(Boolean).map(Number);
  const rows = lines.map((line) => {
    const [, url = '', verdict, campaignIds, listIds, linkedInAccountIds] = line.split(',');
    return [url.split('/in/')[1], verdict, ids(campaignIds), ids(listIds), ids(linkedInAccountIds)];
  });
  expect(columns).toBe('row,profileUrl,verdict,campaignIds,listIds,linkedInAccountIds');
  const table = { columns: ['person', 'verdict', 'campaignIds', 'listIds', 'linkedInAccountIds'], rows };
  expectTrue({ content: [], structuredContent: table } as unknown as ToolResult, sandbox, people, isExact);
}

/** The requests of an index, without those for people whose campaigns need one each. */
function indexRequests(): number {
  const { lists, campaigns, conversations, blacklist } = sandbox.workspace;
  const pages = (rows: number, size = 100) => Math.max(1, Math.ceil(rows / size));
  const ofLists = [...lists.values()].reduce((sum, { members }) => sum + pages(members.size, 1_000), 0);
  const leads = [...campaigns.values()].reduce((sum, { enrolments }) => sum + pages(enrolments.size), 0);
  return (
    pages(lists.size) + pages(campaigns.size) + ofLists + pages(conversations.size) + pages(blacklist.length) + leads
  );
}

test('5,000 people with an index: the verdicts agree with the sandbox, and then no request for ten minutes', async () => {
  const peer = await start();
  sandbox.requests.splice(0);
  const result = await check(peer);
  expectVerdicts(result);
  const requests = [...sandbox.requests];
  const asked = requests.filter(({ path }) => path.includes('GetCampaignsForLead')).length;
  // Only people in campaigns that hide leads take a request each.
  const inCampaigns = slugs.filter((slug) => (people[slug]?.campaigns.length ?? 0) > 0).length;
  expect(asked).toBeLessThanOrEqual(inCampaigns);
  expect(requests.length - asked).toBeLessThanOrEqual(indexRequests());
  expect(result.plan).toMatchObject({ way: 'index', requests: requests.length });
  const again = await check(peer);
  expect(sandbox.requests).toHaveLength(requests.length);
  expectVerdicts(again);
  expect(again.plan).toMatchObject({ requests: 0 });
}, 300_000);

test('5,000 people with exact checks: also finds people whom a list lost, and then makes no request', async () => {
  // Two people are no longer in the list of their campaign, but still in the campaign.
  const lost = slugs.filter((slug) => people[slug]?.verdict === 'in_progress').slice(0, 2);
  for (const slug of lost) {
    const { linkedInId } = people[slug]!;
    for (const { members } of sandbox.workspace.lists.values()) members.delete(linkedInId);
  }
  ({ people } = sandbox.truth({ only: ['people'] }));
  expect(lost.map((slug) => people[slug]?.verdict)).toEqual(['in_progress', 'in_progress']);
  const peer = await start();
  sandbox.requests.splice(0);
  const result = await check(peer, { exact: true });
  expectVerdicts(result, true);
  expect(sandbox.requests.filter(({ path }) => path.includes('GetCampaignsForLead'))).toHaveLength(PEOPLE);
  // The sandbox records only the last 5,000 requests.
  expect(result.plan.requests - PEOPLE).toBeLessThanOrEqual(indexRequests());
  sandbox.requests.splice(0);
  expect((await check(peer, { exact: true })).plan).toMatchObject({ requests: 0 });
  expect(sandbox.requests).toEqual([]);
}, 600_000);
