import type { World } from '../state.ts';
import * as lifecycle from './campaign-lifecycle.ts';
import { append } from './conversations.ts';
import * as steps from './sequence-steps.ts';
import type { Task } from './task-queue.ts';
import { deliver } from './webhooks.ts';

/** Runs all tasks that are due up to a moment, in order of time. */
export function runUntil(world: World, until: number): void {
  for (let task = world.tasks.takeDue(until); task; task = world.tasks.takeDue(until)) runTask(world, task);
}

function runTask(world: World, task: Task): void {
  if (task.kind === 'deliver') {
    deliverMessage(world, task);
    return;
  }
  if (task.kind === 'blacklist') {
    resolveBlacklist(world, task.entryId);
    return;
  }
  if (task.kind === 'webhook') {
    deliver(world, task.delivery, task.at);
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
      lifecycle.autoPause(world, campaign, task.at);
      return;
    case 'endDate':
      lifecycle.reachEndDate(world, campaign, task.at);
      return;
    case 'status':
      lifecycle.setStatus(world, campaign, task.status, task.at);
      return;
    default: {
      const enrolment = campaign.enrolments.get(task.personId);
      if (!enrolment) return;
      if (task.kind === 'accept') {
        steps.acceptInvitation(world, campaign, enrolment, task.path, task.at);
        return;
      }
      if (task.kind === 'reply') {
        steps.receiveReply(world, campaign, enrolment, task.inMail, task.at);
        return;
      }
      if (enrolment.token === task.token) steps.runStep(world, campaign, enrolment, task.at);
    }
  }
}

function deliverMessage(world: World, task: Extract<Task, { kind: 'deliver' }>): void {
  const conversation = world.workspace.conversations.get(task.conversationId);
  if (!conversation) return;
  const isInMail = conversation.messages.at(-1)?.isInMail ?? false;
  const subject = task.subject === '' ? null : task.subject;
  append(conversation, { createdAt: task.at, body: task.body, subject, postLink: null, isInMail, sender: 'ME' });
}

/** Matches a blacklisted e-mail address to a person, or marks it as not found. */
function resolveBlacklist(world: World, entryId: number): void {
  const entry = world.workspace.blacklist.find((candidate) => candidate.id === entryId);
  if (entry?.matchingStatus !== 'Matching') return;
  const address = entry.email?.toLowerCase();
  const person = [...world.workspace.people.values()].find((candidate) =>
    [candidate.emailAddress, candidate.enrichedEmailAddress, candidate.customEmailAddress].some(
      (mail) => mail?.toLowerCase() === address,
    ),
  );
  entry.matchingStatus = person ? 'Matched' : 'NotFound';
  entry.resolutionStage = person ? 'Resolved' : 'ProfileEnrichmentFailed';
  entry.personId = person?.linkedinId ?? null;
}
