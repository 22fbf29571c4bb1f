import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { tools } from '../../../src/tools/registry.ts';
import type { ToolResult } from '../../support/clients/clients.ts';
import { readAll } from '../../support/heyreach/unanswered.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { answerTool } from '../../support/tools/safety.ts';
import { rowsOf } from '../../support/tools/tables.ts';

const SIZES = (['default', 'large'] as const).flatMap((size) => [false, true].map((rich) => ({ size, rich })));
const DAY_MS = 86_400_000;

// biome-ignore lint/suspicious/noExplicitAny: each tool has its own fields, and the test names them.
type Structure = Record<string, any>;

// The sandbox computes its truth from its own state, without the code of the tools.
describe.each(SIZES)('the workflow tools agree with the sandbox: $size, rich $rich', ({ size, rich }) => {
  let sandbox: Sandbox;
  let connection: HeyReachConnection;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 1, size, rich, rateLimit: false, clock: 'manual' });
    // All calls together take more requests than a minute allows.
    connection = new HeyReachConnection({ origin: sandbox.url, requestsPerMinute: 100_000 });
  });
  afterEach(() => sandbox.faults.clear());
  afterAll(async () => {
    await connection?.close();
    await sandbox?.close();
  });
  const call = async (name: string, args: Record<string, unknown> = {}) =>
    (await answerTool(tools.find((tool) => tool.name === name)!, args, connection.clientFor(TEST_KEY))) as ToolResult;
  const structureOf = async (name: string, args?: Record<string, unknown>) => {
    const result = await call(name, args);
    expect(result.isError, result.content[0]?.text).toBeFalsy();
    return result.structuredContent as Structure;
  };
  const unanswered = (args: Record<string, unknown>): Promise<ToolResult> => call('list_unanswered', args);

  test('list_unanswered: the people who wait, since when, with how many messages', async () => {
    // Each page of a large inbox reads its whole window again.
    const lookBackDays = size === 'large' ? 14 : 365;
    const from = new Date(Date.now() - lookBackDays * DAY_MS).toISOString().slice(0, 10);
    const truth = sandbox.truth({ only: ['waiting', 'inboxTotals'] });
    const waiting = truth.waiting.filter(({ lastMessageAt }) => lastMessageAt >= from);
    expect(waiting.length).toBeGreaterThan(30);
    const shown = waiting.filter(
      (conversation) => !conversation.blocked && !conversation.group && !conversation.theyWroteFirst,
    );
    const { pages, ids } = await readAll(unanswered, { lookBackDays, limit: 100 });
    expect([...ids].sort()).toEqual(shown.map(({ conversationId }) => conversationId).sort());
    const first = pages[0]!.structuredContent as Structure;
    expect(first.waiting).toBe(waiting.length);
    if (size === 'default') expect(first.scanned).toBe(truth.inboxTotals.conversations);
    expect(first.leftOut).toMatchObject({
      blocked: waiting.filter(({ blocked }) => blocked).length,
      group: waiting.filter(({ blocked, group }) => !blocked && group).length,
      theyWroteFirst: waiting.filter(
        (conversation) => !conversation.blocked && !conversation.group && conversation.theyWroteFirst,
      ).length,
    });
    const byId = new Map(shown.map((conversation) => [conversation.conversationId, conversation]));
    for (const row of pages.flatMap((page) => rowsOf(page))) {
      const expected = byId.get(String(row.conversationId))!;
      expect(row.inbound).toBe(expected.inbound);
      expect(row.read).toBe(expected.read);
      expect(expected.waitingSince.startsWith(String(row.waitingSince))).toBe(true);
    }
    const all = await readAll(unanswered, {
      lookBackDays,
      limit: 100,
      include: ['blocked', 'group', 'they_wrote_first'],
    });
    expect([...all.ids].sort()).toEqual(waiting.map(({ conversationId }) => conversationId).sort());
  });

  test('list_unanswered: names a page that fails with 500, and no number exceeds the rows that were read', async () => {
    const { waiting, inboxTotals } = sandbox.truth({ only: ['waiting', 'inboxTotals'] });
    // The first page succeeds, so that the call has a result. The third attempt is the last one.
    const match = { path: '/inbox/GetConversationsV3' };
    sandbox.faults.add({ match, after: size === 'large' ? 5 : 1, times: 100, kind: 'status', status: 500 });
    const result = await unanswered({ lookBackDays: 365, limit: 100 });
    const { incomplete, scanned, waiting: reportedWaiting } = result.structuredContent as Structure;
    expect(result.isError).toBeFalsy();
    expect(incomplete.length).toBeGreaterThan(0);
    for (const { part, reason } of incomplete) expect(`${part}: ${reason}`).toMatch(/conversations.*: .+/);
    expect(scanned).toBeLessThan(inboxTotals.conversations);
    expect(reportedWaiting).toBeLessThanOrEqual(Math.min(scanned, waiting.length));
    const known = new Set(waiting.map(({ conversationId }) => conversationId));
    for (const { conversationId } of rowsOf(result)) expect(known).toContain(conversationId);
  });

  test('get_performance: each campaign and sender, and the exact sums of get_overall_stats', async () => {
    const period = { period: 'last_30_days' };
    const byCampaign = await pagesOf('get_performance', { by: 'campaign', ...period });
    const { startDate, endDate } = byCampaign[0]!.period;
    const { rows } = sandbox.truth({ only: ['stats'], from: startDate, to: endDate }).stats;
    const overall = (await structureOf('get_overall_stats', { startDate, endDate })).overall;
    const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + pick(row), 0);
    const counts = {
      sent: overall.connectionsSent,
      accepted: overall.connectionsAccepted,
      started: overall.totalMessageStarted,
      replied: overall.totalMessageReplies,
      inmails: overall.totalInmailStarted,
      inmailReplies: overall.totalInmailReplies,
    };
    expect(counts).toEqual({
      sent: sum((row) => row.invitationsSent),
      accepted: sum((row) => row.invitationsAccepted),
      started: sum((row) => row.messagesStarted),
      replied: sum((row) => row.messageReplies),
      inmails: sum((row) => row.inmailsStarted),
      inmailReplies: sum((row) => row.inmailReplies),
    });
    for (const by of ['campaign', 'sender', 'campaign_and_sender', 'week']) {
      expect((await structureOf('get_performance', { by, ...period })).totals, by).toMatchObject(counts);
    }
    const perCampaign = new Map<number, number[]>();
    for (const row of rows) {
      const known = perCampaign.get(row.campaignId) ?? [0, 0, 0, 0];
      const add = [row.invitationsAccepted, row.invitationsSent, row.messageReplies, row.messagesStarted];
      perCampaign.set(
        row.campaignId,
        known.map((count, index) => count + add[index]!),
      );
    }
    const shown = byCampaign.flatMap((page) => rowsIn(page));
    expect(shown.length).toBe(byCampaign[0]!.totalRows);
    for (const row of shown) {
      const [accepted, sent, replied, started] = perCampaign.get(Number(row.campaignId)) ?? [0, 0, 0, 0];
      expect([row.campaignId, ...pair(row.acceptance), ...pair(row.reply)]).toEqual([
        row.campaignId,
        accepted,
        sent,
        replied,
        started,
      ]);
    }
  });

  test('get_sender_capacity: the leads that wait in running campaigns', async () => {
    const { queues } = sandbox.truth({ only: ['queues'] });
    const running = queues.filter(({ status }) => status === 'IN_PROGRESS');
    const capacity = await structureOf('get_sender_capacity');
    for (const row of rowsIn(capacity)) {
      const own = running.filter(({ linkedInAccountIds }) =>
        linkedInAccountIds.includes(Number(row.linkedInAccountId)),
      );
      expect([row.linkedInAccountId, row.campaigns, row.waiting]).toEqual([
        row.linkedInAccountId,
        own.length,
        own.reduce((sum, { waiting }) => sum + waiting, 0),
      ]);
    }
    expect(capacity.totals.waiting).toBe(running.reduce((sum, { waiting }) => sum + waiting, 0));
  });

  test('get_lead_overview: lists, campaigns, conversations and blacklist of people in every state', async () => {
    const { people, waiting } = sandbox.truth({ only: ['people', 'waiting'] });
    const waits = new Set(waiting.map(({ slug }) => slug));
    const known = Object.entries(people);
    const chosen = new Map(
      (['blacklisted', 'answered', 'in_progress', 'contacted', 'clear'] as const).flatMap((verdict) =>
        known.filter(([, person]) => person.verdict === verdict).slice(0, 3),
      ),
    );
    for (const more of [
      known.find(([, { lists }]) => lists.length > 1),
      known.find(([, { campaigns }]) => campaigns.length > 1),
      known.find(([, { conversations }]) => conversations.length > 1),
    ]) {
      if (more !== undefined) chosen.set(...more);
    }
    for (const [slug, person] of chosen) {
      const lead = await structureOf('get_lead_overview', { profileUrl: slug });
      expect(idsIn(lead.lists, 'listId'), slug).toEqual(person.lists);
      expect(idsIn(lead.campaigns, 'campaignId'), slug).toEqual(person.campaigns.map(({ id }) => id).sort());
      expect(idsIn(lead.conversations, 'conversationId'), slug).toEqual(
        person.conversations.map(({ conversationId }) => conversationId).sort(),
      );
      expect(lead.waitingForUs, slug).toBe(waits.has(slug));
      expect(lead.blacklist === 'Matched', slug).toBe(person.blacklist === 'Matched');
    }
  });

  test('check_campaign: the list, and its people who are in other outreach', async () => {
    const { people } = sandbox.truth({ only: ['people'] });
    const campaigns = [...sandbox.workspace.campaigns.values()]
      .filter(({ status, listId }) => ['DRAFT', 'PAUSED', 'SCHEDULED'].includes(status) && listId != null)
      .slice(0, 6);
    expect(campaigns.length).toBeGreaterThan(1);
    let compared = 0;
    for (const { id, listId } of campaigns) {
      const members = Object.values(people).filter(({ lists }) => lists.includes(listId!));
      const { checks } = await structureOf('check_campaign', { campaignId: id, render: 0 });
      expect(checks.list.size, String(id)).toBe(members.length);
      if (checks.overlap?.checked === undefined || checks.overlap.state === 'unknown') continue;
      compared += 1;
      const isRunning = (status: string) => ['STARTING', 'IN_PROGRESS', 'SCHEDULED'].includes(status);
      const count = (has: (person: (typeof members)[number]) => boolean) => members.filter(has).length;
      expect(checks.overlap, String(id)).toMatchObject({
        checked: members.length,
        blacklisted: count(({ blacklist }) => blacklist === 'Matched'),
        inConversation: count(({ conversations }) => conversations.length > 0),
        inRunning: count((person) =>
          person.campaigns.some(
            (campaign) => campaign.id !== id && isRunning(campaign.status) && campaign.leadStatus !== 'Excluded',
          ),
        ),
      });
    }
    // The index of the large workspace takes more requests than a call may make.
    if (size === 'default') expect(compared).toBeGreaterThan(1);
  });

  test('find_leads: failures by code, pending invitations by age, replies', async () => {
    const statuses = ['IN_PROGRESS', 'PAUSED', 'FINISHED'];
    const campaigns = [...sandbox.workspace.campaigns.values()].filter(({ status }) => statuses.includes(status));
    const leads = campaigns.flatMap(({ enrolments }) => [...enrolments.values()]);
    const failed = leads.filter(({ status }) => status === 'Failed');
    const codes: Record<string, number> = {};
    for (const { errorCode } of failed) codes[errorCode!] = (codes[errorCode!] ?? 0) + 1;
    const failures = await structureOf('find_leads', { stage: 'failed' });
    expect(failures).toMatchObject({ found: failed.length, byReason: codes });
    const pending = leads.filter(({ connection }) => connection === 'ConnectionSent');
    const old = () => pending.filter(({ lastActionTime }) => lastActionTime! <= Date.now() - 14 * DAY_MS).length;
    const oldBefore = old();
    const invited = await structureOf('find_leads', { stage: 'invite_pending', olderThanDays: 14 });
    expect(invited.found).toBeGreaterThanOrEqual(oldBefore);
    expect(invited.found).toBeLessThanOrEqual(old());
    expect(invited.leftOut?.underOlderThanDays ?? 0).toBe(pending.length - Number(invited.found));
    const replied = leads.filter(({ message }) => message === 'MessageReply');
    expect((await structureOf('find_leads', { stage: 'replied' })).found).toBe(replied.length);
  });

  test('find_leads: the people who accepted and got no message, with the next event, also three days later', async () => {
    const everything = { stage: 'accepted_not_messaged', limit: 100 };
    const compare = async () => {
      const truth = sandbox.truth({ only: ['acceptedNotMessaged'] }).acceptedNotMessaged;
      const statuses = ['IN_PROGRESS', 'PAUSED', 'FINISHED', 'CANCELED', 'FAILED'];
      const result = await structureOf('find_leads', { ...everything, statuses });
      const unwritten = truth.filter(({ wroteOtherwise }) => !wroteOtherwise);
      const nameOf = (slug: unknown, campaignId: unknown) => `${slug} ${campaignId}`;
      const rows = new Map(rowsIn(result).map((row) => [nameOf(row.profileUrl, row.campaignId), row]));
      expect(rowsIn(result)).toHaveLength(unwritten.length);
      for (const { slug, campaignId, outcome } of unwritten) {
        const row = rows.get(nameOf(slug, campaignId))!;
        // HeyReach does not show the position of a lead. A lead that accepts late, on the no branch, looks like all
        // others.
        const isConditional = row.reason === 'message step follows an acceptance in time';
        expect(isConditional ? ['comes', 'never'] : [row.outcome], nameOf(slug, campaignId)).toContain(outcome);
      }
      expect(result.found).toBe(unwritten.length);
      expect(result.leftOut?.writtenToElsewhere ?? 0).toBe(truth.length - unwritten.length);
      expect(result.incomplete).toBeUndefined();
      return result;
    };
    await compare();
    const byDefault = await call('find_leads', { stage: 'accepted_not_messaged' });
    expect(encode(byDefault.content[0]!.text!).length).toBeLessThanOrEqual(1_000);
    await sandbox.advance(3 * DAY_MS);
    await compare();
  });

  test('suppress_leads: no message reaches the people for thirty days', async () => {
    const { people } = sandbox.truth({ only: ['people'] });
    const slugs = Object.keys(people)
      .filter((slug) => people[slug]!.verdict === 'in_progress')
      .slice(0, 50);
    expect(slugs.length).toBeGreaterThan(10);
    const before = sandbox.truth({ only: ['contactedBy'], slugs }).contactedBy;
    const result = await structureOf('suppress_leads', { profileUrls: slugs });
    expect(result).toMatchObject({ clear: true });
    await sandbox.advance(30 * DAY_MS);
    expect(sandbox.truth({ only: ['contactedBy'], slugs }).contactedBy).toEqual(before);
    const after = sandbox.truth({ only: ['people'], slugs }).people;
    expect(Object.values(after).filter(({ blacklist }) => blacklist !== 'Matched')).toEqual([]);
  });

  /** Every page of a table. */
  async function pagesOf(name: string, args: Record<string, unknown>): Promise<Structure[]> {
    const pages = [await structureOf(name, args)];
    while (pages.at(-1)!.nextCursor !== undefined) {
      pages.push(await structureOf(name, { ...args, cursor: pages.at(-1)!.nextCursor }));
    }
    return pages;
  }
});

const rowsIn = (structuredContent: Structure) => rowsOf({ structuredContent } as ToolResult);

/** The two numbers of a rate. Null means 0 of 0. */
function pair(rate: unknown): unknown[] {
  return Array.isArray(rate) ? rate.slice(0, 2) : [0, 0];
}

function idsIn(table: Structure | undefined, column: string): unknown[] {
  return rowsIn(table ?? {})
    .map((row) => row[column])
    .sort();
}
