import type { Account, Campaign, Enrolment, LeadList, Person } from '../model/index.ts';
import { Random } from '../random.ts';
import * as actions from '../simulation/actions.ts';
import { enrol } from '../simulation/campaign-lifecycle.ts';
import { nodeAt } from '../simulation/enrolments.ts';
import { acceptInvitation, endLead, stepContextOf } from '../simulation/sequence-steps.ts';
import type { World } from '../state.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { addCampaign } from './campaigns.ts';
import { addList } from './lists.ts';
import { inventPerson } from './people.ts';
import { simpleSequence } from './sequences.ts';

/** A list that shares people with the first two lists, and a running campaign for it: people in two lists and two campaigns. */
export function seedSharedPeople(world: World, lists: LeadList[], accounts: Account[], startAt: number): Campaign {
  const random = new Random(world.seed, 'shared people');
  const shared = addList(world.workspace, random, 'Autumn event', 50, startAt - 9 * DAY);
  const [first, second] = [lists[0]!, lists[1]!].map((list) => [...list.members.keys()]);
  // The first lead of the first list is the well-known lead, whose campaigns stay as they are.
  for (const [i, personId] of [...first!.slice(1, 41), ...second!.slice(-30)].entries()) {
    shared.members.set(personId, startAt - 6.5 * DAY + i * 1_700);
  }
  const plan = {
    name: 'Event follow-up',
    list: 0,
    senders: [0, 3],
    sequence: simpleSequence(),
    created: 7,
    started: 6,
  };
  return addCampaign(world, { ...plan, status: 'IN_PROGRESS' }, [shared], accounts, startAt);
}

/** Removes the last two people from the list of a campaign that has not begun with them. */
export function seedRemovals(world: World, campaign: Campaign, startAt: number): void {
  const { lists, journal } = world.workspace;
  const list = lists.get(campaign.listId!)!;
  const waiting = [...campaign.enrolments.values()].filter(({ status }) => status === 'Waiting');
  for (const { personId } of waiting.slice(-2)) {
    campaign.enrolments.delete(personId);
    list.members.delete(personId);
    journal.push({ kind: 'listRemoval', at: startAt - 2 * DAY, listId: list.id, personId });
  }
}

/** Leads whose invitation waits for an acceptance, in campaigns of a status. */
function invitedLeads(world: World, status: Campaign['status'], except: Person): [Campaign, Enrolment][] {
  return [...world.workspace.campaigns.values()]
    .filter((campaign) => campaign.status === status)
    .flatMap((campaign) => [...campaign.enrolments.values()].map((lead): [Campaign, Enrolment] => [campaign, lead]))
    .filter(
      ([campaign, { status: state, connection, path, personId }]) =>
        state === 'InSequence' &&
        connection === 'ConnectionSent' &&
        personId !== except.linkedinId &&
        nodeAt(campaign.sequence, path.slice(0, -1))?.nodeType === 'CONNECTION_REQUEST',
    );
}

/** When invitations are accepted after the start, in hours. */
const ACCEPTED_AFTER = [5, 20, 30, 44, 52, 70, 90, 110];

/** Acceptances shortly before the start, and others within days after it. @returns the leads that a paused campaign holds. */
export function seedAcceptances(world: World, knownLead: Person, startAt: number): Enrolment[] {
  const running = invitedLeads(world, 'IN_PROGRESS', knownLead);
  for (const [campaign, lead] of running.slice(0, 2)) {
    acceptInvitation(world, campaign, lead, lead.path, startAt - 50 * MINUTE);
  }
  for (const [i, [campaign, { personId, path }]] of running.slice(2, 2 + ACCEPTED_AFTER.length).entries()) {
    const at = startAt + ACCEPTED_AFTER[i]! * HOUR;
    world.tasks.push({ kind: 'accept', at, campaignId: campaign.id, personId, path });
  }
  return invitedLeads(world, 'PAUSED', knownLead)
    .slice(0, 3)
    .map(([campaign, lead], i) => {
      const context = stepContextOf(world, campaign, lead, startAt - (6 - i) * DAY);
      if (context) actions.acceptInvitation(context);
      return lead;
    });
}

/** When a campaign ran. undefined where it contacted no person or ran for less than two days. */
function runtimeOf(world: World, campaign: Campaign, startAt: number): { from: number; to: number } | undefined {
  const root = campaign.sequence?.nodeType;
  const contacts = root === 'CONNECTION_REQUEST' || root === 'CHECK_IS_CONNECTION';
  if (!contacts || campaign.startedAt === null || campaign.status === 'CANCELED') return undefined;
  const end = world.workspace.journal.findLast(
    (entry) => entry.kind === 'campaignStatus' && entry.campaignId === campaign.id && entry.from === 'IN_PROGRESS',
  );
  const [from, to] = [campaign.startedAt, Math.min(end?.at ?? startAt, startAt - 6 * DAY)];
  return to - from < 2 * DAY ? undefined : { from, to };
}

/**
 * People that replied to a campaign, each with an automatic tag. They went through the campaign as others do: enrolled, in its
 * list, and counted in the statistics.
 */
export function seedCampaignReplies(world: World, accounts: Account[], startAt: number, total: number): Enrolment[] {
  const { workspace } = world;
  const random = new Random(world.seed, 'campaign replies');
  const choices = [...workspace.campaigns.values()].flatMap((campaign) => {
    const runtime = runtimeOf(world, campaign, startAt);
    const senders = accounts.filter(({ id, authIsValid }) => authIsValid && campaign.accountIds.includes(id));
    return runtime && senders.length > 0 ? [{ campaign, runtime, senders }] : [];
  });
  return Array.from({ length: total }, () => {
    const { campaign, runtime, senders } = random.pick(choices);
    const person = inventPerson(workspace, random);
    const sender = random.pick(senders);
    const invitedAt = random.int(runtime.from, runtime.to);
    const addedAt = invitedAt - random.int(MINUTE, 5 * HOUR);
    workspace.lists.get(campaign.listId!)?.members.set(person.linkedinId, addedAt);
    const lead = enrol(world, campaign, person.linkedinId, addedAt, sender.id);
    lead.insertedAt = addedAt;
    const acceptedAt = invitedAt + random.int(2 * HOUR, 3 * DAY);
    const repliedAt = acceptedAt + 4 * HOUR + random.int(20 * MINUTE, 2 * DAY);
    const hello = `Hi ${person.firstName}, thank you for connecting. May I ask you a short question about your work?`;
    const moments: [number, (context: actions.StepContext) => void][] = [
      [invitedAt, (context) => actions.invite(context, `Hi ${person.firstName}, I would be glad to connect.`)],
      [acceptedAt, actions.acceptInvitation],
      [acceptedAt + 4 * HOUR, (context) => actions.sendText(context, hello, null, false)],
      [repliedAt, (context) => actions.receiveReply(context, false)],
    ];
    for (const [at, act] of moments) act({ world, campaign, enrolment: lead, person, account: sender, at });
    endLead(world, campaign, lead, 'Finished', repliedAt);
    return lead;
  });
}
