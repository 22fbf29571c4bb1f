import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ToolContext } from '../../src/mcp/tool.ts';
import { readConversationsOf } from '../../src/workflows/inbox/person-conversations.ts';
import { isRunning } from '../../src/workflows/leads/campaign-reach.ts';
import { openIndex } from '../../src/workflows/people-index/open-index.ts';
import { type Overlap, overlapOf } from '../../src/workflows/people-index/overlap.ts';
import { type FedCampaigns, planCampaigns, planIndex } from '../../src/workflows/people-index/plan.ts';
import { readPeopleIndex } from '../../src/workflows/people-index/read-people-index.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { answerFrom, type PeopleWorkspace, urlOf } from '../support/heyreach/people-workspace.ts';
import { runs } from '../support/runs/runs.ts';
import { callerOn } from '../support/tools/people-index.ts';

const SEED = 20261129;

let stub: HeyReachStub;
let workspace: PeopleWorkspace;
beforeAll(async () => {
  stub = await startStub();
  stub.answer(answerFrom(() => workspace));
});
afterAll(() => stub.close());

const PEOPLE = [
  'ada-example',
  'jörg-müster',
  'アダ-例',
  'no-one',
  ...Array.from({ length: 8 }, (_, at) => `person-${at}`),
];
const some = fc.subarray(PEOPLE);
const status = fc.constantFrom('DRAFT', 'SCHEDULED', 'IN_PROGRESS', 'PAUSED', 'FINISHED', 'CANCELED');

/** Workspaces in which the leads of a campaign are members of its list, as in HeyReach. */
const workspaces: fc.Arbitrary<PeopleWorkspace> = fc
  .record({
    members: fc.array(some, { maxLength: 4 }),
    campaigns: fc.array(fc.record({ status, list: fc.nat(5), leads: some, shown: some }), { maxLength: 5 }),
    conversations: fc.array(fc.record({ person: fc.constantFrom(...PEOPLE), sender: fc.nat(2) }), { maxLength: 6 }),
    blacklist: fc.array(
      fc.record({
        person: fc.constantFrom(...PEOPLE),
        status: fc.constantFrom('Matched', 'Matching', 'NotFound', 'BroadMatch'),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ members, campaigns, conversations, blacklist }) => ({
    lists: members.map((own, at) => ({ id: at + 1, members: own })),
    campaigns: campaigns.map(({ status, list, leads, shown }, at) => {
      // A list that HeyReach does not list, or no list.
      const of = members[list];
      const own = status === 'DRAFT' ? [] : leads.filter((person) => of === undefined || of.includes(person));
      return {
        id: 100 + at,
        status,
        listId: of === undefined ? [null, 99][list % 2]! : list + 1,
        shown: own.filter((person) => shown.includes(person)),
        hidden: own.filter((person) => !shown.includes(person)),
      };
    }),
    conversations: conversations.map(({ person, sender }, at) => ({
      id: `conversation-${at}`,
      person,
      linkedInAccountId: 170001 + sender,
      messages: ['ME'],
    })),
    blacklist,
  }));

/** The answers of single requests about a person. */
async function readDirectly(slug: string, { client, call }: ToolContext) {
  const profileUrl = urlOf(slug);
  const page = { offset: 0, limit: 100 };
  const [campaigns, lists, conversations] = await Promise.all([
    client.campaigns.getForLead({ profileUrl, ...page }, call),
    client.lists.getForLead({ profileUrl, ...page }, call),
    readConversationsOf(profileUrl, client, call),
  ]);
  const own = campaigns.items ?? [];
  return {
    inRunningCampaigns: own.some(({ campaignStatus }) => isRunning({ status: campaignStatus })),
    inAnyOtherCampaign: own.length > 0,
    inConversation: conversations.ok && conversations.value.length > 0,
    blacklisted: workspace.blacklist.some(({ person, status }) => person === slug && status === 'Matched'),
    lists: (lists.items ?? []).map(({ listId }) => listId),
  };
}

const GROUPS = ['inRunningCampaigns', 'inAnyOtherCampaign', 'inConversation', 'blacklisted'] as const;

test('the index gives the same answers about each person as single requests', async () => {
  const property = fc.asyncProperty(workspaces, fc.boolean(), async (made, allFirst) => {
    workspace = made;
    const { context } = callerOn(stub.url);
    const truth = new Map(
      await Promise.all(PEOPLE.map(async (slug) => [slug, await readDirectly(slug, context)] as const)),
    );
    const checkAll = async () => {
      const all = (await overlapOf(PEOPLE.map(urlOf), context)) as Overlap;
      expect(all.incomplete).toEqual([]);
      for (const group of GROUPS) {
        expect(all[group]?.count, group).toBe([...truth.values()].filter((own) => own[group]).length);
      }
    };
    if (allFirst) await checkAll();
    for (const slug of PEOPLE) {
      const overlap = (await overlapOf([slug.toUpperCase()], context)) as Overlap;
      for (const group of GROUPS)
        expect(overlap[group]?.count, `${group} of ${slug}`).toBe(truth.get(slug)![group] ? 1 : 0);
    }
    if (!allFirst) await checkAll();
    const read = await readPeopleIndex(await openIndex(context), { checks: ['lists'], maxRequests: 150 });
    if (read.state !== 'read') throw new Error(read.reason);
    for (const slug of PEOPLE) {
      const lists = read.index.lists.filter(({ idByKey }) => idByKey.has(`in/${slug}`)).map(({ list }) => list.id);
      expect(lists.sort(), `lists of ${slug}`).toEqual(truth.get(slug)!.lists.sort());
    }
  });
  await fc.assert(property, { seed: SEED, numRuns: runs(30) });
});

const size = fc.nat(400_000);
test('a plan takes one request per page, and includes no list above the bound', () => {
  const property = fc.property(
    fc.array(fc.record({ rows: size, isKnown: fc.boolean() }), { maxLength: 20 }),
    fc.nat(500),
    fc.nat(30_000),
    fc.nat(250_000),
    (lists, conversations, blacklist, maxPeople) => {
      const sizes = lists.map((list, id) => ({ ...list, id }));
      const plan = planIndex({ lists: sizes, conversations, senders: 3, blacklist }, maxPeople);
      const taken = sizes.filter(({ id }) => plan.lists.includes(id));
      expect([...plan.lists, ...plan.left.map(({ id }) => id)].sort()).toEqual(sizes.map(({ id }) => id).sort());
      expect(taken.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(maxPeople);
      let pages = 0;
      for (const { rows, isKnown } of taken)
        for (let at = 0; !isKnown && (at === 0 || at < rows); at += 1_000) pages += 1;
      for (const rows of [conversations, blacklist]) for (let at = 100; at < rows; at += 100) pages += 1;
      expect(plan.requests).toBe(pages);
    },
  );
  fc.assert(property, { seed: SEED, numRuns: runs(300) });
});

test('a plan of campaigns finds all people, and never takes more requests than asking for each person', () => {
  const hidden = fc.option(some, { nil: undefined });
  const campaign = fc.record({ id: fc.nat(9), leads: fc.nat(900), hidden });
  const fed: fc.Arbitrary<FedCampaigns[]> = fc.array(
    fc.record({ people: some, campaigns: fc.array(campaign, { minLength: 1, maxLength: 3 }) }),
    { maxLength: 5 },
  );
  const property = fc.property(fed, some, (lists, known) => {
    // A campaign hides only members of its list.
    for (const list of lists) {
      list.campaigns = list.campaigns.map((fedOne) => ({
        ...fedOne,
        hidden: fedOne.hidden?.filter((person) => list.people.includes(person)),
      }));
    }
    const plan = planCampaigns(lists, (person) => known.includes(person));
    for (const { people, campaigns } of lists) {
      const areFetched = people.every((person) => plan.fetch.includes(person));
      const areFound = campaigns.every(({ id, hidden: some }) =>
        some === undefined ? plan.read.includes(id) : some.every((person) => plan.fetch.includes(person)),
      );
      expect(areFetched || areFound).toBe(true);
    }
    const asking = lists.reduce(
      (sum, { people }) => sum + people.filter((person) => !known.includes(person)).length,
      0,
    );
    expect(plan.requests).toBeLessThanOrEqual(asking);
  });
  fc.assert(property, { seed: SEED, numRuns: runs(300) });
});
