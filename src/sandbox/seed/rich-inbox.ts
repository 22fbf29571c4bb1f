import type { Account, Conversation, Enrolment } from '../model/index.ts';
import { Random } from '../random.ts';
import { renderTemplate } from '../simulation/actions.ts';
import { lastAt, threadOf } from '../simulation/conversations.ts';
import type { World } from '../state.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { appendText, stranger } from './conversations.ts';
import { answers, chatter, openers } from './texts.ts';

/** First messages of people that write to a sender unasked. */
const QUESTIONS = [
  'Hello, a colleague gave me your name. Do you also work with companies that have only two people in sales?',
  'Hi! I read your post about planning and have a question: how do you measure whether the plan was any good?',
  'Good morning, are you the right person for a question about your partner programme, or who would that be?',
  'Здравствуйте! Мы ищем поставщика на следующий год. Можно задать вам два коротких вопроса?',
  'Hey, are you at the fair next week? I would like to see the product for ten minutes.',
];

/** What people add when they get no answer. */
const REMINDERS = [
  'Did you see my message?',
  'One more thing: we would need it before the end of the quarter.',
  'And could you send the price list as well?',
  '?',
  'I am in the office until five today, if that is easier for you.',
];

const isWaiting = (thread: Conversation | undefined): thread is Conversation =>
  thread?.messages.at(-1)?.sender === 'CORRESPONDENT';

/** The sender's opening, as a person would write it by hand. */
function openByHand(world: World, account: Account, personId: string, at: number, random: Random): Conversation {
  const person = world.workspace.people.get(personId)!;
  const thread = threadOf(world, account.id, personId);
  const text = random.pick(openers);
  appendText(thread, 'ME', at, renderTemplate(text, person, account) ?? text.replaceAll(/\{\w+\}/g, 'there'));
  return thread;
}

/** The sender wrote by hand to the first two leads that a paused campaign holds, and one of them answered. */
export function seedHandWritten(world: World, held: Enrolment[], startAt: number): void {
  const random = new Random(world.seed, 'by hand');
  for (const [i, { personId, senderId }] of held.slice(0, 2).entries()) {
    const account = world.workspace.accounts.get(senderId)!;
    const thread = openByHand(world, account, personId, startAt - 3 * DAY + i * HOUR, random);
    if (i === 1) appendText(thread, 'CORRESPONDENT', startAt - 2 * DAY, answers[0]);
  }
}

/**
 * Conversations after a campaign's reply: most replies wait, some were answered by hand, and some people wrote once more. A few
 * are blocked or have further members.
 */
export function seedFollowUps(world: World, replied: Enrolment[]): void {
  const random = new Random(world.seed, 'follow-ups');
  for (const [i, { personId, senderId }] of replied.entries()) {
    const thread = threadOf(world, senderId, personId);
    thread.read = random.chance(0.6);
    thread.blockedByMe = i % 40 === 7;
    thread.blockedByParticipant = i % 40 === 17;
    thread.groupChat = i % 40 === 27;
    if (!random.chance(0.4)) continue;
    appendText(thread, 'ME', lastAt(thread) + random.int(MINUTE, 20 * HOUR), random.pick(chatter));
    if (random.chance(0.4)) appendText(thread, 'CORRESPONDENT', lastAt(thread) + random.int(MINUTE, HOUR), answers[2]);
    else thread.read = true;
  }
}

/** Conversations that the person opened. Two of three have no answer yet. */
export function seedQuestions(world: World, accounts: Account[], startAt: number, total: number): void {
  const random = new Random(world.seed, 'questions');
  for (let i = 0; i < total; i++) {
    const account = random.pick(accounts);
    const { linkedinId } = stranger(world.workspace, account, random, startAt);
    const thread = threadOf(world, account.id, linkedinId);
    const at = startAt - random.int(2 * HOUR, 25 * DAY);
    appendText(thread, 'CORRESPONDENT', at, random.pick(QUESTIONS));
    if (i % 3 !== 0) continue;
    appendText(thread, 'ME', at + random.int(MINUTE, HOUR), random.pick(chatter));
    thread.read = true;
  }
}

/** People that wait for two senders: a second sender wrote by hand to a person that already waits, and got an answer too. */
export function seedSecondSenders(world: World, replied: Enrolment[], accounts: Account[], startAt: number): void {
  const random = new Random(world.seed, 'second senders');
  const waiting = replied.filter(({ personId, senderId }) => isWaiting(threadOf(world, senderId, personId)));
  for (const { personId, senderId } of waiting.slice(0, Math.max(5, Math.floor(replied.length / 50)))) {
    const account = random.pick(accounts.filter(({ id }) => id !== senderId));
    const at = startAt - random.int(2, 9) * DAY;
    world.workspace.network.get(account.id)?.set(personId, at - DAY);
    const thread = openByHand(world, account, personId, at, random);
    appendText(thread, 'CORRESPONDENT', at + random.int(HOUR, DAY), random.pick(answers));
  }
}

/** Up to three further messages in every third conversation that waits. The well-known reply stays the newest message. */
export function seedReminders(world: World, startAt: number): void {
  const { conversations, fixtures } = world.workspace;
  const random = new Random(world.seed, 'reminders');
  const waiting = [...conversations.values()].filter(isWaiting);
  for (const thread of waiting.filter((_, i) => i % 3 === 0)) {
    if (thread.id === fixtures.unreadReply.conversationId) continue;
    const { read, lastMessageType } = thread;
    for (let left = random.int(1, 3); left > 0; left--) {
      const at = lastAt(thread) + random.int(2 * MINUTE, 26 * HOUR);
      if (at > startAt - HOUR) break;
      appendText(thread, 'CORRESPONDENT', at, random.pick(REMINDERS));
    }
    // The sender has seen them as it saw the first message.
    Object.assign(thread, { read, lastMessageType });
  }
}
