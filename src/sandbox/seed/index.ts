import type { Campaign, Conversation, Fixtures, Person, Workspace } from '../model.ts';
import { Random } from '../random.ts';
import * as actions from '../simulation/actions.ts';
import { planStep } from '../simulation/enrolments.ts';
import { enrol } from '../simulation/lifecycle.ts';
import { runUntil } from '../simulation/run.ts';
import { endLead, sceneOf } from '../simulation/walk.ts';
import { DAY, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import { seedAccounts } from './accounts.ts';
import { seedCampaigns, seedMoreCampaigns, settleStates } from './campaigns.ts';
import { seedConversations, seedNetwork } from './conversations.ts';
import { seedLists } from './lists.ts';
import { inventPerson } from './people.ts';
import { seedBlacklist, seedOrganization, seedTags, seedWebhooks } from './rest.ts';

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

/** A workspace with nothing in it. */
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

/** The lead everybody can find: invited, connected, written to, and with an answer nobody has read yet. */
function seedKnownReply(world: World, known: Person, campaign: Campaign, other: Campaign, startAt: number): void {
  const { workspace } = world;
  const accountId = campaign.accountIds[0]!;
  const enrolment = campaign.enrolments.get(known.linkedinId) ?? enrol(world, campaign, known.linkedinId, startAt);
  Object.assign(enrolment, { senderId: accountId, insertedAt: startAt - 12 * DAY, addedAt: startAt - 12 * DAY });
  const moments: [number, (scene: actions.Scene) => void][] = [
    [startAt - 11 * DAY, actions.viewProfile],
    [
      startAt - 9 * DAY,
      (scene) => actions.invite(scene, `Hi ${known.firstName}, your posts on planning are a pleasure to read.`),
    ],
    [startAt - 7 * DAY, actions.acceptInvitation],
    [
      startAt - 6 * DAY,
      (scene) =>
        actions.write(
          scene,
          `Hi ${known.firstName}, thank you for connecting. I work with people who do what you do and would like to hear what takes most of your time.`,
          null,
          false,
        ),
    ],
    [
      startAt - 7 * MINUTE,
      (scene) =>
        actions.answer(
          scene,
          false,
          'Thanks for your message, yes, I am interested! Could we talk on Tuesday at 10:00, and could you send me the pricing before that?',
        ),
    ],
  ];
  for (const [at, act] of moments) {
    const scene = sceneOf(world, campaign, enrolment, at);
    if (scene) act(scene);
  }
  endLead(world, campaign, enrolment, 'Finished', startAt - 7 * MINUTE);
  // The same person was invited by another running campaign before, and has not answered there.
  const invitedAt = startAt - 12.5 * DAY;
  const second = enrol(world, other, known.linkedinId, invitedAt);
  Object.assign(second, { insertedAt: invitedAt, path: 'u' });
  const scene = sceneOf(world, other, second, invitedAt);
  if (scene) actions.invite(scene, `Hi ${known.firstName}, we work in the same field and I would be glad to connect.`);
  planStep(world, other, second, invitedAt + 14 * DAY);
  const conversationId = workspace.threads.get(`${accountId}:${known.linkedinId}`) ?? '';
  const campaignIds = [campaign.id, other.id];
  workspace.fixtures.unreadReply = { accountId, conversationId, profileUrl: known.profileUrl, campaignIds };
}

/** Answers from before the last few days have been read, but for a few. */
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
  fixtures.campaignWithoutSequence = campaigns.find((one) => one.sequence === null)?.id ?? 0;
  fixtures.draftReadyToStart = campaigns.find((one) => one.status === 'DRAFT' && one.sequence !== null)?.id ?? 0;
  fixtures.emptyListCampaign = campaigns.find(isEmpty)?.id ?? 0;
  fixtures.emptyList = campaigns.find(isEmpty)?.listId ?? 0;
  fixtures.companyList = [...workspace.lists.values()].find((list) => list.listType === 'COMPANY_LIST')?.id ?? 0;
  fixtures.deepSequenceCampaign = campaigns.find((one) => one.sequence?.nodeType === 'CHECK_IS_CONNECTION')?.id ?? 0;
  fixtures.negativeInProgressCampaign = campaigns.find((one) => one.finishedSkew > 0)?.id ?? 0;
  fixtures.brokenAccount = [...workspace.accounts.values()].find((one) => !one.authIsValid)?.id ?? 0;
  fixtures.longThreads = long.map((one) => ({ accountId: one.accountId, conversationId: one.id }));
}

/** Lays out the workspace: what is made up is made up, what has happened is simulated up to `startAt`. */
export function seedWorld(world: World, startAt: number, size: 'default' | 'large'): void {
  const { workspace, seed } = world;
  const accounts = seedAccounts(workspace);
  const known = inventPerson(workspace, new Random(seed, 'known'), {
    firstName: 'Ada',
    lastName: 'Example',
    slug: 'ada-example-1a2b',
  });
  Object.assign(known, {
    headline: 'Head of Operations at Example Ltd',
    companyName: 'Example Ltd',
    position: 'Head of Operations',
    location: 'London',
  });
  const lists = seedLists(workspace, seed, startAt, known);
  const leads = [...workspace.people.values()];
  seedBlacklist(workspace, leads, startAt);
  const campaigns = seedCampaigns(world, lists, accounts, startAt);
  if (size === 'large') seedMoreCampaigns(world, accounts, startAt, 108);
  const founders = campaigns.find((one) => one.listId === lists[0]?.id)!;
  // Kept out of the simulated past: this lead's story is told below.
  const aside = enrol(world, founders, known.linkedinId, startAt - 16 * DAY);
  aside.status = 'InSequence';
  runUntil(world, startAt);
  settleStates(world, campaigns, startAt);
  readOldThreads(world, startAt);
  seedKnownReply(world, known, founders, campaigns.find((one) => one.name === 'Heads of sales')!, startAt);
  const long = seedConversations(world, accounts, startAt, size === 'large' ? 5_000 : 150);
  seedNetwork(world, accounts, startAt);
  seedTags(workspace, seed);
  seedWebhooks(workspace, founders.id);
  seedOrganization(workspace, seed, startAt);
  fillFixtures(world, campaigns, long);
}
