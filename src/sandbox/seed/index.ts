import type { Account, Campaign, Conversation, Fixtures, Person, Workspace } from '../model/index.ts';
import type { SandboxOptions } from '../options.ts';
import { Random } from '../random.ts';
import * as actions from '../simulation/actions.ts';
import { enrol } from '../simulation/campaign-lifecycle.ts';
import { planStep } from '../simulation/enrolments.ts';
import { runUntil } from '../simulation/event-loop.ts';
import { endLead, stepContextOf } from '../simulation/sequence-steps.ts';
import type { World } from '../state.ts';
import { DAY, MINUTE } from '../time.ts';
import { BASIC_SENDERS, seedAccounts } from './accounts.ts';
import { seedCampaigns, seedMoreCampaigns, settleStates } from './campaigns.ts';
import { activeSenders, seedConversations, seedNetwork } from './conversations.ts';
import { seedCrowd } from './crowd.ts';
import { seedLists } from './lists.ts';
import { inventPerson } from './people.ts';
import { matchedEntry, seedBlacklist, seedOrganization, seedTags, seedWebhooks } from './rest.ts';
import { seedAcceptances, seedCampaignReplies, seedRemovals, seedSharedPeople } from './rich.ts';
import { seedFollowUps, seedHandWritten, seedQuestions, seedReminders, seedSecondSenders } from './rich-inbox.ts';

type SeedOptions = Pick<SandboxOptions, 'size' | 'rich' | 'senders' | 'people'>;

function noFixtures(): Fixtures {
  return {
    campaigns: {
      DRAFT: [],
      IN_PROGRESS: [],
      PAUSED: [],
      FINISHED: [],
      CANCELED: [],
      FAILED: [],
      STARTING: [],
      SCHEDULED: [],
    },
    campaignWithoutSequence: 0,
    draftReadyToStart: 0,
    emptyListCampaign: 0,
    emptyList: 0,
    companyList: 0,
    deepSequenceCampaign: 0,
    negativeInProgressCampaign: 0,
    brokenAccount: 0,
    longThreads: [],
    unreadReply: { accountId: 0, conversationId: '', profileUrl: '', campaignIds: [] },
    webhookWithHeaders: 0,
  };
}

export function emptyWorkspace(): Workspace {
  return {
    organizationUnitId: 12_345,
    people: new Map(),
    slugs: new Map(),
    accounts: new Map(),
    campaigns: new Map(),
    lists: new Map(),
    conversations: new Map(),
    threads: new Map(),
    webhooks: new Map(),
    webhookDeliveries: [],
    tags: new Map(),
    blacklist: [],
    network: new Map(),
    activity: [],
    journal: [],
    usage: new Map(),
    orgWorkspaces: new Map(),
    orgUsers: new Map(),
    nextId: {
      campaign: 600_001,
      list: 930_001,
      webhook: 29_001,
      enrolment: 7_000_001,
      blacklist: 4_001,
      person: 580_000_001,
      org: 9_001,
    },
    fixtures: noFixtures(),
  };
}

/** The well-known lead: invited, connected, messaged, and with an unread reply. */
function seedKnownReply(world: World, lead: Person, campaign: Campaign, other: Campaign, startAt: number): void {
  const { workspace } = world;
  const accountId = campaign.accountIds[0]!;
  const enrolment = campaign.enrolments.get(lead.linkedinId) ?? enrol(world, campaign, lead.linkedinId, startAt);
  Object.assign(enrolment, { senderId: accountId, insertedAt: startAt - 12 * DAY, addedAt: startAt - 12 * DAY });
  const moments: [number, (context: actions.StepContext) => void][] = [
    [startAt - 11 * DAY, actions.viewProfile],
    [
      startAt - 9 * DAY,
      (context) => actions.invite(context, `Hi ${lead.firstName}, your posts on planning are a pleasure to read.`),
    ],
    [startAt - 7 * DAY, actions.acceptInvitation],
    [
      startAt - 6 * DAY,
      (context) =>
        actions.sendText(
          context,
          `Hi ${lead.firstName}, thank you for connecting. I work with people who do what you do and would like to hear what takes most of your time.`,
          null,
          false,
        ),
    ],
    [
      startAt - 7 * MINUTE,
      (context) =>
        actions.receiveReply(
          context,
          false,
          'Thanks for your message, yes, I am interested! Could we talk on Tuesday at 10:00, and could you send me the pricing before that?',
        ),
    ],
  ];
  for (const [at, act] of moments) {
    const context = stepContextOf(world, campaign, enrolment, at);
    if (context) act(context);
  }
  endLead(world, campaign, enrolment, 'Finished', startAt - 7 * MINUTE);
  // Another running campaign invited the same person earlier, without a reply.
  const invitedAt = startAt - 12.5 * DAY;
  const second = enrol(world, other, lead.linkedinId, invitedAt);
  Object.assign(second, { insertedAt: invitedAt, path: 'u' });
  const context = stepContextOf(world, other, second, invitedAt);
  if (context)
    actions.invite(context, `Hi ${lead.firstName}, we work in the same field and I would be glad to connect.`);
  planStep(world, other, second, invitedAt + 14 * DAY);
  const conversationId = workspace.threads.get(`${accountId}:${lead.linkedinId}`) ?? '';
  const campaignIds = [campaign.id, other.id];
  workspace.fixtures.unreadReply = { accountId, conversationId, profileUrl: lead.profileUrl, campaignIds };
}

/** Marks most replies older than two days as read. */
function readOldThreads(world: World, startAt: number): void {
  const random = new Random(world.seed, 'reading');
  for (const thread of world.workspace.conversations.values()) {
    const last = thread.messages.at(-1);
    if (last && last.createdAt < startAt - 2 * DAY && random.chance(0.6)) thread.read = true;
  }
}

function fillFixtures(world: World, campaigns: Campaign[], long: Conversation[]): void {
  const { workspace } = world;
  const { fixtures } = workspace;
  for (const campaign of campaigns) fixtures.campaigns[campaign.status].push(campaign.id);
  const isEmpty = (campaign: Campaign) => workspace.lists.get(campaign.listId ?? -1)?.members.size === 0;
  fixtures.campaignWithoutSequence = campaigns.find((campaign) => campaign.sequence === null)?.id ?? 0;
  fixtures.draftReadyToStart =
    campaigns.find((campaign) => campaign.status === 'DRAFT' && campaign.sequence !== null)?.id ?? 0;
  fixtures.emptyListCampaign = campaigns.find(isEmpty)?.id ?? 0;
  fixtures.emptyList = campaigns.find(isEmpty)?.listId ?? 0;
  fixtures.companyList = [...workspace.lists.values()].find((list) => list.listType === 'COMPANY_LIST')?.id ?? 0;
  fixtures.deepSequenceCampaign =
    campaigns.find((campaign) => campaign.sequence?.nodeType === 'CHECK_IS_CONNECTION')?.id ?? 0;
  fixtures.negativeInProgressCampaign = campaigns.find((campaign) => campaign.finishedSkew > 0)?.id ?? 0;
  fixtures.brokenAccount = [...workspace.accounts.values()].find((account) => !account.authIsValid)?.id ?? 0;
  fixtures.longThreads = long.map((thread) => ({ accountId: thread.accountId, conversationId: thread.id }));
}

/** What the switch `rich` adds before the rest of the inbox is filled. */
function seedRichPast(world: World, knownLead: Person, accounts: Account[], startAt: number, total: number): void {
  const { workspace } = world;
  const senders = activeSenders(accounts);
  seedHandWritten(world, seedAcceptances(world, knownLead, startAt), startAt);
  const replied = seedCampaignReplies(world, accounts, startAt, Math.ceil(total / 3));
  seedFollowUps(world, replied);
  seedQuestions(world, senders, startAt, 12 + Math.floor(total / 60));
  seedSecondSenders(world, replied, senders, startAt);
  // A person that answered and was put on the blacklist afterwards.
  const person = workspace.people.get(replied[0]!.personId)!;
  workspace.blacklist.push(matchedEntry(workspace, person, startAt - DAY));
}

/** Seeds the workspace: the data is made up, and the past is simulated up to `startAt`. */
export function seedWorld(world: World, startAt: number, options: SeedOptions): void {
  const { workspace, seed } = world;
  const { size, rich = false, senders = BASIC_SENDERS, people } = options;
  const accounts = seedAccounts(workspace, senders);
  const knownLead = inventPerson(workspace, new Random(seed, 'known'), {
    firstName: 'Ada',
    lastName: 'Example',
    slug: 'ada-example-1a2b',
  });
  Object.assign(knownLead, {
    headline: 'Head of Operations at Example Ltd',
    companyName: 'Example Ltd',
    position: 'Head of Operations',
    location: 'London',
  });
  const lists = seedLists(workspace, seed, startAt, knownLead);
  const leads = [...workspace.people.values()];
  seedBlacklist(workspace, leads, startAt);
  const campaigns = seedCampaigns(world, lists, accounts, startAt);
  if (size === 'large') seedMoreCampaigns(world, accounts, startAt, 108);
  const shared = rich ? seedSharedPeople(world, lists, accounts, startAt) : undefined;
  const founders = campaigns.find((campaign) => campaign.listId === lists[0]?.id)!;
  // The simulation skips this lead: `seedKnownReply` sets its past.
  const aside = enrol(world, founders, knownLead.linkedinId, startAt - 16 * DAY);
  aside.status = 'InSequence';
  runUntil(world, startAt);
  settleStates(world, campaigns, startAt);
  readOldThreads(world, startAt);
  seedKnownReply(
    world,
    knownLead,
    founders,
    campaigns.find((campaign) => campaign.name === 'Heads of sales')!,
    startAt,
  );
  // The conversations of the switch `rich` do not replace the plain ones.
  const total = size === 'large' ? 5_000 : rich ? 300 : 150;
  if (shared) {
    seedRemovals(world, shared, startAt);
    seedRichPast(world, knownLead, accounts, startAt, total);
  }
  const long = seedConversations(world, accounts, startAt, total);
  if (rich) seedReminders(world, startAt);
  if (people !== undefined) seedCrowd(world, accounts, startAt, people);
  seedNetwork(world, accounts, startAt);
  seedTags(workspace, seed);
  seedWebhooks(workspace, founders.id);
  seedOrganization(workspace, seed, startAt);
  fillFixtures(world, campaigns, long);
}
