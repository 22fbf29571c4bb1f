import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { Agent, rowsIn, type Structure } from '../../support/clients/agent.ts';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

const CELLS = [
  { transport: 'stdio', client: 'v1' },
  { transport: 'http', client: 'v2-modern' },
] as const;

/** The tasks of an agent on a busy day, on the large sandbox: few calls, few tokens in and out, correct numbers. */
describe.each(CELLS)('tasks of an agent over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;
  let agent: Agent;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 1, size: 'large', rich: true, rateLimit: false, clock: 'manual' });
    // In real time, the requests of one task fill the window of the next task, which then continues as a job.
    const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_TEST_WINDOW_MS: '200' };
    if (transport === 'http') program = await startHttpProgram({ env });
    peer = program === undefined ? await connectStdio(client, { env }) : await connectHttp(client, program.url);
    agent = new Agent(peer);
  });
  beforeEach(() => agent.begin());
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
    await sandbox?.close();
  });

  const call = (name: string, args: Record<string, unknown>): Promise<Structure> => agent.call(name, args);
  const expectCheap = () => agent.expectCheap();

  test('triage: the people who wait longest, and how many wait', async () => {
    const from = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
    const waiting = sandbox.truth({ only: ['waiting'] }).waiting.filter(({ lastMessageAt }) => lastMessageAt >= from);
    const unanswered = await call('list_unanswered', {});
    expect(unanswered.waiting).toBe(waiting.length);
    expect(rowsIn(unanswered)).toHaveLength(25);
    expectCheap();
  });

  test('the report of a Monday: campaigns and senders compared with the week before', async () => {
    const byCampaign = await call('get_performance', { by: 'campaign', period: 'last_week' });
    const bySender = await call('get_performance', { by: 'sender', period: 'last_week' });
    const { startDate, endDate } = byCampaign.period;
    const { rows } = sandbox.truth({ only: ['stats'], from: startDate, to: endDate }).stats;
    const sent = rows.reduce((sum, row) => sum + row.invitationsSent, 0);
    const accepted = rows.reduce((sum, row) => sum + row.invitationsAccepted, 0);
    expect(byCampaign.totals).toMatchObject({ sent, accepted });
    expect(bySender.totals).toMatchObject({ sent, accepted });
    expectCheap();
  });

  test('the check before a start', async () => {
    const campaignId = sandbox.workspace.fixtures.draftReadyToStart;
    const { total } = sandbox.truth({ only: ['queues'] }).queues.find((queue) => queue.campaignId === campaignId)!;
    const checked = await call('check_campaign', { campaignId });
    expect(JSON.stringify(checked)).toContain(String(total));
    expectCheap();
  });

  test('an opt-out in all places', async () => {
    const { people } = sandbox.truth({ only: ['people'] });
    const slug = Object.keys(people).find((each) => people[each]!.verdict === 'in_progress')!;
    const done = await call('suppress_leads', { profileUrls: [slug] });
    expect(done.clear).toBe(true);
    const after = sandbox.truth({ only: ['people'], slugs: [slug] }).people[slug]!;
    expect(after.blacklist).toBe('Matched');
    expect(after.verdict).toBe('blacklisted');
    expectCheap();
  });

  test('the health of the senders', async () => {
    const { queues } = sandbox.truth({ only: ['queues'] });
    const capacity = await call('get_sender_capacity', {});
    const running = queues.filter(({ status }) => status === 'IN_PROGRESS');
    expect(capacity.totals.waiting).toBe(running.reduce((sum, { waiting }) => sum + waiting, 0));
    expectCheap();
  });

  test('a brief on one person', async () => {
    const { people } = sandbox.truth({ only: ['people'] });
    const [slug, person] = Object.entries(people).find(
      ([, { campaigns, conversations }]) => campaigns.length > 1 && conversations.length > 0,
    )!;
    const lead = await call('get_lead_overview', { profileUrl: slug });
    expect(rowsIn(lead.campaigns)).toHaveLength(person.campaigns.length);
    expect(rowsIn(lead.conversations)).toHaveLength(person.conversations.length);
    expectCheap();
  });

  test('the people who accepted and got no message', async () => {
    const { acceptedNotMessaged } = sandbox.truth({ only: ['acceptedNotMessaged'] });
    const statuses = ['IN_PROGRESS', 'PAUSED', 'FINISHED'];
    const unwritten = acceptedNotMessaged.filter(
      (lead) => statuses.includes(lead.campaignStatus) && !lead.wroteOtherwise,
    );
    const result = await call('find_leads', { stage: 'accepted_not_messaged' });
    expect(result.found).toBe(unwritten.length);
    const outcomes = unwritten.map(({ outcome }) => outcome);
    for (const outcome of ['comes', 'held', 'never'] as const) {
      expect(result.byOutcome[outcome] ?? 0).toBe(outcomes.filter((other) => other === outcome).length);
    }
    expectCheap();
  });

  test('a CSV of the people who accepted, and of those who did not', async () => {
    const statuses = ['IN_PROGRESS', 'PAUSED', 'FINISHED'];
    const campaigns = [...sandbox.workspace.campaigns.values()].filter(({ status }) => statuses.includes(status));
    const leads = campaigns.flatMap(({ enrolments }) => [...enrolments.values()]);
    for (const [stage, connection] of [
      ['accepted', 'ConnectionAccepted'],
      ['invite_pending', 'ConnectionSent'],
    ]) {
      const result = await call('find_leads', { stage, output: 'file' });
      expect(result.file.rows).toBe(leads.filter((lead) => lead.connection === connection).length);
      expect(result.file.uri).toContain(result.resultId);
    }
    expectCheap();
  });

  test('the changes since yesterday', async () => {
    const since = new Date(Date.now() - 86_400_000).toISOString();
    const { changesSince } = sandbox.truth({ only: ['changesSince'], since });
    const changes = await call('get_changes', { since });
    expect(changes.counts).toMatchObject({
      inboundMessages: changesSince.inbound.length,
      failures: changesSince.failures.length,
    });
    expectCheap();
  });
});
