import type { Workspace } from '../model/index.ts';
import type { World } from '../state.ts';
import { conversationsIn, hasStepsLeft, leadStatusOf, moment, slugOf } from './state-queries.ts';
import type { PersonTruth, SenderContact, TruthQuery, Verdict } from './types.ts';

/** The ids of the people that are asked for. undefined for all people. */
function chosen({ workspace }: World, { slugs }: TruthQuery): Set<string> | undefined {
  if (slugs === undefined) return undefined;
  return new Set(slugs.flatMap((slug) => workspace.slugs.get(slug.toLowerCase()) ?? []));
}

function verdictOf({ blacklist, conversations, campaigns }: PersonTruth, hasSteps: boolean): Verdict {
  if (blacklist === 'Matched') return 'blacklisted';
  if (conversations.some(({ theyAnswered }) => theyAnswered)) return 'answered';
  if (hasSteps) return 'in_progress';
  const isInCampaign = campaigns.some(({ leadStatus }) => leadStatus !== 'Excluded');
  return isInCampaign || conversations.some(({ weWrote }) => weWrote) ? 'contacted' : 'clear';
}

function blacklistOf(workspace: Workspace): (personId: string, fullName: string) => PersonTruth['blacklist'] {
  const matched = new Set<string>();
  const names = new Set<string>();
  for (const { matchingStatus, personId, fullName } of workspace.blacklist) {
    if (matchingStatus === 'Matched' && personId !== null) matched.add(personId);
    if (matchingStatus === 'BroadMatch' && fullName !== null) names.add(fullName.toLowerCase());
  }
  return (personId, fullName) =>
    matched.has(personId) ? 'Matched' : names.has(fullName.toLowerCase()) ? 'BroadMatch' : null;
}

/** See `Truth.people`. */
export function people(world: World, query: TruthQuery): Record<string, PersonTruth> {
  const { workspace } = world;
  const chosenPeople = chosen(world, query);
  const blacklistFor = blacklistOf(workspace);
  const truths = new Map<string, PersonTruth>();
  for (const { linkedinId, firstName, lastName } of workspace.people.values()) {
    if (chosenPeople?.has(linkedinId) === false) continue;
    truths.set(linkedinId, {
      linkedInId: linkedinId,
      lists: [],
      campaigns: [],
      conversations: [],
      blacklist: blacklistFor(linkedinId, `${firstName} ${lastName}`),
      verdict: 'clear',
    });
  }
  for (const { id, members } of workspace.lists.values()) {
    for (const personId of members.keys()) truths.get(personId)?.lists.push(id);
  }
  const running = new Set<string>();
  for (const campaign of workspace.campaigns.values()) {
    const isLive = ['IN_PROGRESS', 'STARTING', 'SCHEDULED'].includes(campaign.status);
    for (const enrolment of campaign.enrolments.values()) {
      truths.get(enrolment.personId)?.campaigns.push({
        id: campaign.id,
        status: campaign.status,
        leadStatus: leadStatusOf(world, campaign, enrolment),
        linkedInAccountId: enrolment.senderId,
        contacted: enrolment.contacted,
        inserted: enrolment.insertedAt !== null && enrolment.status !== 'Excluded',
      });
      if (isLive && hasStepsLeft(enrolment)) running.add(enrolment.personId);
    }
  }
  for (const { id, accountId, personId, messages } of conversationsIn(world)) {
    const last = messages.at(-1)!;
    truths.get(personId)?.conversations.push({
      conversationId: id,
      linkedInAccountId: accountId,
      lastMessageBy: last.sender,
      lastMessageAt: moment(last.createdAt),
      theyAnswered: messages.some(({ sender }) => sender === 'CORRESPONDENT'),
      weWrote: messages.some(({ sender }) => sender === 'ME'),
    });
  }
  return Object.fromEntries(
    [...truths].map(([personId, truth]) => {
      truth.lists.sort((a, b) => a - b);
      truth.verdict = verdictOf(truth, running.has(personId));
      return [slugOf(world, personId), truth];
    }),
  );
}

interface Contact {
  campaignIds: Set<number>;
  invitations: number;
  messages: number;
  times: number[];
}

/** See `Truth.contactedBy`. Invitations come from the recorded actions, and messages from the conversations. */
export function contactedBy(world: World, query: TruthQuery): Record<string, SenderContact[]> {
  const chosenPeople = chosen(world, query);
  const contacts = new Map<string, Map<number, Contact>>();
  const contactOf = (personId: string, accountId: number): Contact => {
    const senders = contacts.get(personId) ?? new Map<number, Contact>();
    contacts.set(personId, senders);
    const contact = senders.get(accountId) ?? { campaignIds: new Set(), invitations: 0, messages: 0, times: [] };
    senders.set(accountId, contact);
    return contact;
  };
  for (const { kind, at, accountId, campaignId, personId } of world.workspace.activity) {
    if (!['connectionsSent', 'messagesSent', 'inmailMessagesSent'].includes(kind)) continue;
    if (chosenPeople?.has(personId) === false) continue;
    const contact = contactOf(personId, accountId);
    contact.campaignIds.add(campaignId);
    contact.times.push(at);
    if (kind === 'connectionsSent') contact.invitations++;
  }
  for (const { accountId, personId, messages } of conversationsIn(world)) {
    const sent = messages.filter(({ sender }) => sender === 'ME');
    if (sent.length === 0 || chosenPeople?.has(personId) === false) continue;
    const contact = contactOf(personId, accountId);
    contact.messages += sent.length;
    for (const { createdAt } of sent) contact.times.push(createdAt);
  }
  return Object.fromEntries(
    [...contacts].map(([personId, senders]) => [
      slugOf(world, personId),
      [...senders].map(([linkedInAccountId, { campaignIds, invitations, messages, times }]) => {
        times.sort((a, b) => a - b);
        return {
          linkedInAccountId,
          campaignIds: [...campaignIds].sort((a, b) => a - b),
          invitations,
          messages,
          firstAt: moment(times[0]!),
          lastAt: moment(times.at(-1)!),
        };
      }),
    ]),
  );
}
