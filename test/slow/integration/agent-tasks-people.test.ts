import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { Agent, rowsIn, type Structure } from '../../support/clients/agent.ts';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { evabootSheet } from '../../support/heyreach/evaboot.ts';
import { startTwoWorkspaces, type TwoWorkspaces } from '../../support/heyreach/two-workspaces.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

/** 300 requests take 1.2 s here. In real time, the people of the large sandbox take minutes. */
const WINDOW_MS = 200;
const CELLS = [
  { transport: 'stdio', client: 'v1' },
  { transport: 'http', client: 'v2-modern' },
] as const;

/** Tasks about many people. They come from files, lists and results, and the agent never sees a row. */
describe.each(CELLS)('tasks with many people over $transport', ({ transport, client }) => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-tasks-'));
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;
  let agent: Agent;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 1, size: 'large', rich: true, rateLimit: false, clock: 'manual' });
    const env = {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_TEST_WINDOW_MS: String(WINDOW_MS),
      HEYREACH_CONFIRM: 'token',
      ...(transport === 'stdio' ? { HEYREACH_FILES_DIR: folder } : {}),
    };
    if (transport === 'http') program = await startHttpProgram({ env });
    peer = program === undefined ? await connectStdio(client, { env }) : await connectHttp(client, program.url);
    agent = new Agent(peer);
  });
  beforeEach(() => agent.begin());
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Gives the server a file as its user does: in the folder, or as an upload. @returns the value for `file`. */
  async function fileOf(name: string, body: string): Promise<string> {
    if (program === undefined) {
      writeFileSync(join(folder, name), body);
      return name;
    }
    const uploaded = await fetch(new URL('/files', program.url), { method: 'POST', body });
    return ((await uploaded.json()) as { file: string }).file;
  }
  /** A list that no running campaign uses. */
  const quietList = () => {
    const { workspace } = sandbox;
    return workspace.lists.get(workspace.campaigns.get(workspace.fixtures.draftReadyToStart)!.listId!)!;
  };

  test('a contacted check of 5,000 people', async () => {
    const { people } = sandbox.truth({ only: ['people'] });
    const known = Object.keys(people).slice(0, 3_000);
    const strangers = Array.from({ length: 5_000 - known.length }, (_, index) => `stranger-${index}-example`);
    const urls = [...known, ...strangers].map((slug) => `https://www.linkedin.com/in/${encodeURIComponent(slug)}`);
    const file = await fileOf('people.csv', ['Profile URL', ...urls].join('\n'));
    let checked = await agent.call('check_contacted', { file, output: 'file' });
    if (checked.job !== undefined) checked = (await agent.call('get_job', { jobId: checked.job.id })).result;
    expect(checked.asked).toBe(5_000);
    const blacklisted = known.filter((slug) => people[slug]!.verdict === 'blacklisted');
    expect(checked.counts.blacklisted).toBe(blacklisted.length);
    expect(checked.resultId).toEqual(expect.any(String));
    agent.expectCheap();
  });

  test('an import of 2,000 people without those in a running campaign', async () => {
    const counts = { good: 1_900, duplicates: 40, companies: 0, withoutLastName: 0, running: 60, blacklisted: 0 };
    const file = await fileOf('leads.csv', evabootSheet(sandbox.workspace, { ...counts, doNotContact: 0 }));
    const list = quietList();
    const before = list.members.size;
    const { preview, result } = await agent.confirm('import_leads', { file, toListId: list.id });
    expect(preview).toMatchObject({ rows: 2_000, toSend: 1_900, contacts: false });
    expect(result).toMatchObject({ sent: 1_900, skipped: { duplicate: 40, in_running_campaign: 60 } });
    expect(list.members.size - before).toBe(1_900);
    agent.expectCheap();
  });

  test('the campaigns to pause below an acceptance of 15 %', async () => {
    const filter = { filterMetric: 'acceptance', below: 0.15 };
    const report = await agent.call('get_performance', { by: 'campaign', period: 'last_30_days', ...filter });
    const { campaigns } = sandbox.workspace;
    const ids = rowsIn(report).map(({ id }) => Number(id));
    const running = ids.filter((id) => campaigns.get(id)?.status === 'IN_PROGRESS');
    for (const row of rowsIn(report)) expect(Number(row.accepted) / Number(row.sent)).toBeLessThan(0.15);
    if (running.length > 0) await agent.call('pause_campaign', { campaignIds: running.slice(0, 20) });
    for (const id of running.slice(0, 20)) expect(campaigns.get(id)?.status).toBe('PAUSED');
    agent.expectCheap();
  });

  test('a top-up to ten days of work', async () => {
    const { queues } = sandbox.truth({ only: ['queues'] });
    let toppedUp: number | undefined;
    for (const { campaignId, waiting } of queues.filter(
      (queue) => queue.status === 'IN_PROGRESS' && queue.waiting > 0,
    )) {
      agent.begin();
      const { campaign } = await agent.call('get_sender_capacity', { campaignId, addLeads: 100 });
      if (!(campaign.perDay > 0)) continue;
      const daysOf = (leads: number) => Math.round((leads / campaign.perDay) * 10) / 10;
      expect(campaign).toMatchObject({ waiting, daysWithAdded: daysOf(waiting + 100) });
      const missing = Math.max(1, Math.ceil(10 * campaign.perDay) - waiting);
      const topped = await agent.call('get_sender_capacity', { campaignId, addLeads: missing });
      expect(topped.campaign.daysWithAdded).toBeGreaterThanOrEqual(10);
      toppedUp = campaignId;
      break;
    }
    expect(toppedUp).toBeDefined();
    agent.expectCheap();
  });

  test('a copy of the people of a list who work at one company', async () => {
    const { workspace } = sandbox;
    const source = [...workspace.lists.values()].find(
      ({ members, listType }) => listType === 'USER_LIST' && members.size >= 20,
    )!;
    const people = [...source.members.keys()].map((id) => workspace.people.get(id)!);
    const company = people.find(({ companyName }) => companyName !== null)!.companyName!;
    const colleagues = people.filter(({ companyName }) => companyName === company);
    const { result } = await agent.confirm('import_leads', {
      fromListId: source.id,
      newListName: `Copy for ${transport}`,
      where: [{ field: 'companyName', op: 'equals', value: company }],
      skip: [],
    });
    const copy = [...workspace.lists.values()].find(({ name }) => name === `Copy for ${transport}`)!;
    expect([...copy.members.keys()].sort()).toEqual(colleagues.map(({ linkedinId }) => linkedinId).sort());
    expect(result.sent).toBe(colleagues.length);
    agent.expectCheap();
  });

  test('an opener in a custom field of the people of a list', async () => {
    const list = quietList();
    const members = [...list.members.keys()].slice(0, 10).map((id) => sandbox.workspace.people.get(id)!);
    const rows = members.map(({ profileUrl, firstName }) => `${profileUrl},"Hello ${firstName}, a made-up opener"`);
    const { result } = await agent.confirm('import_leads', {
      text: ['Profile URL,opener', ...rows].join('\n'),
      toListId: list.id,
      mode: 'update',
      columns: [{ column: 'opener', field: 'opener' }],
    });
    expect(result.sent).toBe(10);
    for (const { customFields, firstName } of members) {
      expect(customFields).toContainEqual({ name: 'opener', value: `Hello ${firstName}, a made-up opener` });
    }
    agent.expectCheap();
  });

  test('tags on ten people who wait', async () => {
    const waiting = await agent.call('list_unanswered', { limit: 10 });
    const leadProfileUrls = rowsIn(waiting).map(({ profileUrl }) => String(profileUrl));
    expect(leadProfileUrls).toHaveLength(10);
    await agent.call('add_lead_tags', { leadProfileUrls, tags: ['hot'] });
    const { people, slugs } = sandbox.workspace;
    for (const url of leadProfileUrls) {
      const slug = decodeURIComponent(url.split('/').at(-1)!).toLowerCase();
      expect(people.get(slugs.get(slug)!)?.tags).toContain('hot');
    }
    agent.expectCheap();
  });
});

test('a digest of two workspaces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-digest-'));
  const both: TwoWorkspaces = await startTwoWorkspaces({ startAt: Date.now() });
  const path = join(folder, 'workspaces');
  writeFileSync(path, `acme ${TEST_KEY}\nglobex ${OTHER_TEST_KEY}\n`, { mode: 0o600 });
  const peer = await connectStdio('v1', { env: { HEYREACH_BASE_URL: both.url, HEYREACH_WORKSPACES: path } });
  const agent = new Agent(peer);
  const unanswered: Structure = await agent.call('list_unanswered', { workspace: 'all', lookBackDays: 365 });
  const performance = await agent.call('get_performance', { workspace: 'all', period: 'last_7_days' });
  const waiting = both.first.truth({ only: ['waiting'] }).waiting.length;
  const counts = JSON.stringify(unanswered.workspaces);
  for (const name of ['acme', 'globex']) {
    expect(counts).toContain(name);
    expect(JSON.stringify(performance.workspaces)).toContain(name);
  }
  expect(counts.match(new RegExp(`\\b${waiting}\\b`, 'g'))?.length).toBeGreaterThanOrEqual(2);
  agent.expectCheap();
  await peer.close();
  await both.close();
  rmSync(folder, { recursive: true, force: true });
});
