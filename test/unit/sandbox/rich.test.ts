import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxOptions, Truth } from '../../../src/sandbox/index.ts';
import { onlyInFullRun } from '../../support/runs/run-scope.ts';
import { readAll, readInbox, slugIn } from './public-api.ts';
import { type Client, connect, DAY, NOON, sandbox } from './support.ts';

const WORLDS: [string, SandboxOptions][] = [
  ['default', { rich: true }],
  ...onlyInFullRun<[string, SandboxOptions]>([['large', { rich: true, size: 'large' }]]),
];

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

describe.each(WORLDS)('the rich data in the %s size', (_name, options) => {
  let api: Client;
  let truth: Truth;
  beforeAll(async () => {
    api = await connect(options);
    truth = api.truth();
  });
  afterAll(() => api.close());

  it('leaves no field of the truth empty', () => {
    for (const [key, value] of Object.entries(truth)) expect(isEmpty(value as object), key).toBe(false);
    for (const [key, value] of Object.entries(truth.changesSince)) expect(value.length, key).toBeGreaterThan(0);
    expect(truth.stats.rows.length).toBeGreaterThan(5);
    for (const verdict of ['clear', 'contacted', 'in_progress', 'answered', 'blacklisted']) {
      expect(
        Object.values(truth.people).some((person) => person.verdict === verdict),
        verdict,
      ).toBe(true);
    }
    for (const outcome of ['comes', 'held', 'never']) {
      expect(
        truth.acceptedNotMessaged.some((row) => row.outcome === outcome),
        outcome,
      ).toBe(true);
    }
  });

  it('has people in two lists and two campaigns', () => {
    const shared = Object.values(truth.people).filter(
      ({ lists, campaigns }) => lists.length > 1 && campaigns.length > 1,
    );
    expect(shared.length).toBeGreaterThan(50);
  });

  it('has an accepted lead without a campaign message to whom a sender wrote by hand', () => {
    const rows = truth.acceptedNotMessaged.filter(
      ({ outcome, wroteOtherwise }) => outcome === 'held' && wroteOtherwise,
    );
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const { slug, campaignId } of rows) {
      const contacts = truth.contactedBy[slug]!;
      expect(contacts.some(({ messages }) => messages > 0)).toBe(true);
      expect(contacts.some(({ campaignIds }) => campaignIds.includes(campaignId))).toBe(true);
    }
  });

  it('has several messages in a row, and conversations that the person opened', () => {
    const { waiting } = truth;
    const inARow = waiting.filter(({ inbound, theyWroteFirst }) => inbound > 1 && !theyWroteFirst);
    expect(inARow.length).toBeGreaterThan(waiting.length / 5);
    expect(Math.max(...waiting.map(({ inbound }) => inbound))).toBeGreaterThanOrEqual(3);
    expect(waiting.filter(({ theyWroteFirst }) => theyWroteFirst).length).toBeGreaterThanOrEqual(8);
    for (const key of ['blocked', 'group', 'read'] as const)
      expect(
        waiting.some((row) => row[key]),
        key,
      ).toBe(true);
    expect(waiting.some(({ read }) => !read)).toBe(true);
  });

  it('has people that wait for two senders', () => {
    expect(truth.inboxTotals.waitingWithSeveralSenders).toBeGreaterThanOrEqual(5);
  });

  it('has automatic tags on a third of the inbox, with campaigns that the person is in', async () => {
    const inbox = await readInbox(api);
    const tagged = inbox.filter(({ correspondentProfile }) => correspondentProfile.autoTags.length > 0);
    expect(tagged.length).toBeGreaterThan(inbox.length / 3);
    expect(truth.inboxTotals.autoTagged).toBe(tagged.length);
    for (const { correspondentProfile } of tagged) {
      const own = truth.people[slugIn(correspondentProfile.profileUrl)]!.campaigns.map(({ id }) => id);
      for (const { campaignId } of correspondentProfile.autoTags) expect(own).toContain(campaignId);
    }
  });

  it('keeps the known reply as the newest message, and has nothing in the future', () => {
    const { conversationId } = api.workspace.fixtures.unreadReply;
    const newest = truth.waiting.toSorted((a, b) => (a.lastMessageAt < b.lastMessageAt ? 1 : -1))[0]!;
    expect(newest).toMatchObject({ conversationId, inbound: 1, read: false });
    for (const { id, messages } of api.workspace.conversations.values()) {
      const times = messages.map(({ createdAt }) => createdAt);
      expect(times, id).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)!).toBeLessThan(NOON);
    }
    expect(api.workspace.activity.every(({ at }) => at <= NOON)).toBe(true);
    expect(api.reached.total).toBe(0);
  });
});

describe('the rich data', () => {
  it('is byte for byte the same for the same seed and moment', async () => {
    const [first, second] = [await sandbox({ rich: true }), await sandbox({ rich: true })];
    for (const api of [first, second]) api.advance(3 * DAY);
    expect(JSON.stringify(second.truth())).toBe(JSON.stringify(first.truth()));
    const inbox = await Promise.all([readInbox(first), readInbox(second)]);
    expect(inbox[0]).toEqual(inbox[1]);
  });

  it.each([1, ...onlyInFullRun([2, 3, 42])])(
    'has acceptances within days of the start, on each day of the week (seed %i)',
    async (seed) => {
      for (const weekday of [0, 3]) {
        const startAt = NOON + weekday * DAY;
        const api = await sandbox({ rich: true, seed, startAt });
        const accepted = () => api.truth({ only: ['changesSince'], since: startAt }).changesSince.acceptances;
        expect(accepted()).toEqual([]);
        api.advance(DAY);
        const first = accepted().length;
        expect(first).toBeGreaterThan(0);
        api.advance(2 * DAY);
        const events = accepted();
        expect(events.length).toBeGreaterThan(first);
        for (const { slug, campaignId } of events) {
          const personId = api.workspace.slugs.get(slug)!;
          expect(api.workspace.campaigns.get(campaignId)!.enrolments.get(personId)!.connection).toBe(
            'ConnectionAccepted',
          );
        }
      }
    },
  );

  it.each([42, ...onlyInFullRun([2, 3])])('leaves no field of the truth empty (seed %i)', async (seed) => {
    const truth = (await sandbox({ rich: true, seed })).truth();
    for (const [key, value] of Object.entries(truth)) expect(isEmpty(value as object), key).toBe(false);
    expect(truth.acceptedNotMessaged.some(({ wroteOtherwise }) => wroteOtherwise)).toBe(true);
    expect(truth.inboxTotals.waitingWithSeveralSenders).toBeGreaterThanOrEqual(5);
  });
});

describe('the sizes', () => {
  it('adds senders that take part in campaigns', async () => {
    const api = await sandbox({ senders: 41 });
    const accounts = await readAll<{ id: number; profileUrl: string; authIsValid: boolean }>(api, '/li_account/GetAll');
    expect(accounts.length).toBe(41);
    expect(new Set(accounts.map(({ profileUrl }) => profileUrl)).size).toBe(41);
    expect(accounts.filter(({ authIsValid }) => !authIsValid).length).toBe(5);
    const active = new Set(api.truth({ only: ['stats'] }).stats.rows.map((row) => row.linkedInAccountId));
    expect(active.size).toBeGreaterThan(30);
    expect(Object.keys(api.truth({ only: ['inboxTotals'] }).inboxTotals.bySender).length).toBeGreaterThan(20);
  });

  it('add a list of many people, a draft for it and a campaign with a long queue', async () => {
    const people = 5_000;
    const api = await sandbox({ people });
    const lists = await readAll<{ id: number; name: string; totalItemsCount: number; campaignIds: number[] }>(
      api,
      '/list/GetAll',
    );
    const list = lists.find(({ totalItemsCount }) => totalItemsCount === people)!;
    const rows = await readAll<{ profileUrl: string }>(api, '/list/GetLeadsFromList', { listId: list.id }, 1_000);
    const slugs = rows.map(({ profileUrl }) => slugIn(profileUrl));
    expect(new Set(slugs).size).toBe(people);
    const { people: truth, queues } = api.truth({ only: ['people', 'queues'] });
    for (const slug of slugs) expect(truth[slug]?.lists).toContain(list.id);
    expect(slugs.filter((slug) => truth[slug]!.campaigns.length > 0).length).toBeGreaterThan(1_000);
    expect(slugs.filter((slug) => truth[slug]!.verdict === 'clear').length).toBeGreaterThan(3_000);
    expect(api.workspace.campaigns.get(list.campaignIds[0]!)?.status).toBe('DRAFT');
    expect(Math.max(...queues.map(({ waiting }) => waiting))).toBeGreaterThan(800);
  });

  it.each<[SandboxOptions, string]>([
    [{ senders: 5 }, 'senders must be a whole number from 6 to 200.'],
    [{ people: 599 }, 'people must be a whole number from 600 to 25000.'],
    [{ people: 25_001 }, 'people must be a whole number from 600 to 25000.'],
  ])('rejects %o', async (options, message) => {
    await expect(sandbox(options)).rejects.toThrow(new RangeError(message));
  });

  it('delays every API response by the latency, but no response of the control API', async () => {
    const latencyMs = 1_000;
    const api = await sandbox({ latencyMs });
    const started = performance.now();
    expect((await api.get('/auth/CheckApiKey')).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(latencyMs - 2);
    // The responses wait in parallel: the delay is that of the network, not of a queue.
    const [request, control] = [api.get('/auth/CheckApiKey'), fetch(`${api.url}/_sandbox`)];
    expect(await Promise.race([request.then(() => 'api'), control.then(() => 'control')])).toBe('control');
    await request;
  });
});
