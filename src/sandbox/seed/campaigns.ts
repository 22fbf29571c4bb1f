import type { Account, Campaign, CampaignStatus, LeadList, Schedule, SequenceNode } from '../model/index.ts';
import { Random, roll } from '../random.ts';
import { finishIfDone, run } from '../simulation/campaign-lifecycle.ts';
import { defaultSchedule } from '../simulation/schedule.ts';
import type { World } from '../state.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { BASIC_SENDERS } from './accounts.ts';
import { addList } from './lists.ts';
import { deepSequence, inmailSequence, quietSequence, simpleSequence } from './sequences.ts';

/** A campaign before it has ids. */
interface Plan {
  name: string;
  list: number | null;
  senders: number[];
  sequence: SequenceNode | null;
  status: CampaignStatus;
  /** Days ago. */
  created: number;
  started?: number;
  ended?: number;
  schedule?: Partial<Schedule>;
  excludeInOtherCampaigns?: boolean;
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function plans(startAt: number): Plan[] {
  const berlin = { timeZoneId: 'Europe/Berlin', dailyEndTime: '18:00:00' };
  return [
    { name: 'Newsletter thank-you', list: 4, senders: [0, 2], sequence: quietSequence(), status: 'FINISHED', created: 82, started: 80, schedule: { endDate: isoDay(startAt - 50 * DAY) } },
    { name: 'Fair follow-up', list: 3, senders: [1], sequence: simpleSequence(), status: 'PAUSED', created: 62, started: 60, ended: 32, schedule: berlin },
    { name: 'Spring idea, given up', list: 4, senders: [2], sequence: simpleSequence(), status: 'CANCELED', created: 48, started: 47, ended: 44 },
    { name: 'Partners, first try', list: 5, senders: [4], sequence: simpleSequence(), status: 'FAILED', created: 41, started: 40, ended: 38 },
    { name: 'Founders, autumn', list: 0, senders: [0, 1], sequence: deepSequence(), status: 'IN_PROGRESS', created: 36, started: 34, schedule: berlin },
    { name: 'Heads of sales', list: 1, senders: [2, 4], sequence: simpleSequence(), status: 'IN_PROGRESS', created: 30, started: 28, excludeInOtherCampaigns: true },
    { name: 'Agencies by InMail 💼', list: 2, senders: [3], sequence: inmailSequence(), status: 'IN_PROGRESS', created: 22, started: 20, schedule: { enabledSaturday: true, timeZoneId: 'America/New_York' } },
    { name: 'Waiting for leads', list: 6, senders: [0], sequence: simpleSequence(), status: 'PAUSED', created: 15, started: 14, ended: 14 },
    { name: 'Partners, second try', list: 5, senders: [1, 3], sequence: simpleSequence(), status: 'DRAFT', created: 9 },
    { name: 'Next week: readers', list: 4, senders: [0], sequence: quietSequence(), status: 'SCHEDULED', created: 6, schedule: { startDate: isoDay(startAt + 5 * DAY) } },
    { name: 'Idea without steps', list: null, senders: [2], sequence: null, status: 'DRAFT', created: 3 },
    { name: 'Fair, second round', list: 3, senders: [3, 5], sequence: simpleSequence(), status: 'STARTING', created: 1 },
  ]; // biome-ignore format: a table
}

/** Adds a campaign. A started campaign goes through its past with the next tasks. */
export function addCampaign(
  world: World,
  plan: Plan,
  lists: LeadList[],
  accounts: Account[],
  startAt: number,
): Campaign {
  const { workspace } = world;
  const id = workspace.nextId.campaign;
  workspace.nextId.campaign += 1 + Math.floor(roll(world.seed, 'campaign', id) * 60);
  const campaign: Campaign = {
    id,
    name: plan.name,
    creationTime: startAt - plan.created * DAY - Math.floor(roll(world.seed, 'created', id) * 5 * HOUR),
    listId: plan.list === null ? null : (lists[plan.list]?.id ?? null),
    accountIds: plan.senders.map((i) => accounts[i]!.id),
    status: 'DRAFT',
    startedAt: null,
    excludeInOtherCampaigns: plan.excludeInOtherCampaigns ?? false,
    excludeHasOtherAccConversations: false,
    excludeContactedFromSenderInOtherCampaign: false,
    excludeListId: null,
    schedule: { ...defaultSchedule(), ...plan.schedule },
    sequence: plan.sequence,
    enrolments: new Map(),
    finishedSkew: 0,
    insertAt: null,
    autoPauseAt: null,
  };
  workspace.campaigns.set(id, campaign);
  if (plan.started !== undefined) {
    const at = startAt - plan.started * DAY;
    campaign.status = 'SCHEDULED';
    campaign.startedAt = at;
    world.tasks.push({ kind: 'begin', at, campaignId: id });
    if (plan.ended !== undefined && plan.status !== 'FINISHED') {
      const status = plan.status === 'CANCELED' || plan.status === 'FAILED' ? plan.status : 'PAUSED';
      world.tasks.push({ kind: 'status', at: startAt - plan.ended * DAY + HOUR, campaignId: id, status });
    }
  } else {
    campaign.status = plan.status;
    if (plan.status === 'STARTING') {
      campaign.startedAt = startAt - 2 * MINUTE;
      world.tasks.push({ kind: 'begin', at: startAt + 10 * MINUTE, campaignId: id });
    } else if (plan.status === 'SCHEDULED') {
      const begin = Date.parse(plan.schedule?.startDate ?? '');
      world.tasks.push({ kind: 'begin', at: begin, campaignId: id });
    }
  }
  return campaign;
}

/** Gives a running campaign that invites people its share of the senders after the sixth: those of one of `shares` groups. */
function withMoreSenders(plan: Plan, group: number, shares: number, accounts: Account[]): Plan {
  if (plan.status !== 'IN_PROGRESS' || plan.sequence?.nodeType === 'CHECK_IS_OPEN_PROFILE') return plan;
  const more = accounts.slice(BASIC_SENDERS).map((_, i) => BASIC_SENDERS + i);
  return { ...plan, senders: [...plan.senders, ...more.filter((i) => i % shares === group % shares)] };
}

/** Twelve campaigns in all eight states. Their past comes from the simulation. */
export function seedCampaigns(world: World, lists: LeadList[], accounts: Account[], startAt: number): Campaign[] {
  return plans(startAt).map((plan, i) =>
    addCampaign(world, withMoreSenders(plan, i, 2, accounts), lists, accounts, startAt),
  );
}

/** More campaigns of the same kinds, each with a small list of its own. */
export function seedMoreCampaigns(world: World, accounts: Account[], startAt: number, number: number): void {
  const random = new Random(world.seed, 'more campaigns');
  const table = plans(startAt);
  for (let i = 0; i < number; i++) {
    const plan = table[i % table.length]!;
    const created = plan.created + random.int(0, 5);
    const list = addList(world.workspace, random, `${plan.name}, list ${i + 2}`, 8, startAt - (created + 1) * DAY);
    // Of each twelve campaigns, two that follow each other run and invite.
    const shared = withMoreSenders(plan, 2 * Math.floor(i / table.length) + (i % 2), 18, accounts);
    addCampaign(world, { ...shared, name: `${plan.name} ${i + 2}`, list: 0, created }, [list], accounts, startAt);
  }
}

/** Puts every campaign into its planned state after the simulated past. */
export function settleStates(world: World, campaigns: Campaign[], startAt: number): void {
  for (const [i, plan] of plans(startAt).entries()) {
    const campaign = campaigns[i]!;
    if (plan.status === 'IN_PROGRESS' && campaign.status !== 'IN_PROGRESS') run(world, campaign, startAt);
    finishIfDone(world, campaign, startAt);
    if (plan.status === 'PAUSED' && world.quirks.negativeInProgress && campaign.enrolments.size > 0) {
      let rest = 0;
      for (const { status } of campaign.enrolments.values()) if (status === 'InSequence') rest++;
      campaign.finishedSkew = rest + 7;
    }
  }
}
