import type { World } from '../world.ts';
import { append } from './conversations.ts';
import * as lifecycle from './lifecycle.ts';
import type { Task } from './tasks.ts';
import * as walk from './walk.ts';

/** Does everything that falls due up to a moment, in order of time. */
export function runUntil(world: World, until: number): void {
  for (let task = world.tasks.takeDue(until); task; task = world.tasks.takeDue(until)) perform(world, task);
}

function perform(world: World, task: Task): void {
  if (task.kind === 'deliver') {
    deliver(world, task);
    return;
  }
  if (task.kind === 'blacklist') {
    resolveBlacklist(world, task.entryId);
    return;
  }
  const campaign = world.workspace.campaigns.get(task.campaignId);
  if (!campaign) return;
  switch (task.kind) {
    case 'insert':
      lifecycle.insertLeads(world, campaign, task.at);
      return;
    case 'begin':
      lifecycle.begin(world, campaign, task.at);
      return;
    case 'autoPause':
      lifecycle.autoPause(campaign, task.at);
      return;
    case 'endDate':
      lifecycle.reachEndDate(world, campaign, task.at);
      return;
    case 'status':
      campaign.status = task.status;
      return;
    default: {
      const enrolment = campaign.enrolments.get(task.personId);
      if (!enrolment) return;
      if (task.kind === 'accept') {
        walk.accept(world, campaign, enrolment, task.path, task.at);
        return;
      }
      if (task.kind === 'reply') {
        walk.reply(world, campaign, enrolment, task.inMail, task.at);
        return;
      }
      if (enrolment.token === task.token) walk.step(world, campaign, enrolment, task.at);
    }
  }
}

function deliver(world: World, task: Extract<Task, { kind: 'deliver' }>): void {
  const conversation = world.workspace.conversations.get(task.conversationId);
  if (!conversation) return;
  const isInMail = conversation.messages.at(-1)?.isInMail ?? false;
  const subject = task.subject === '' ? null : task.subject;
  append(conversation, { createdAt: task.at, body: task.body, subject, postLink: null, isInMail, sender: 'ME' });
}

/** An e-mail on the blacklist is matched to a person, or to nobody. */
function resolveBlacklist(world: World, entryId: number): void {
  const entry = world.workspace.blacklist.find((one) => one.id === entryId);
  if (entry?.matchingStatus !== 'Matching') return;
  const wanted = entry.email?.toLowerCase();
  const person = [...world.workspace.people.values()].find((one) =>
    [one.emailAddress, one.enrichedEmailAddress, one.customEmailAddress].some((mail) => mail?.toLowerCase() === wanted),
  );
  entry.matchingStatus = person ? 'Matched' : 'NotFound';
  entry.resolutionStage = person ? 'Resolved' : 'ProfileEnrichmentFailed';
  entry.personId = person?.linkedinId ?? null;
}
