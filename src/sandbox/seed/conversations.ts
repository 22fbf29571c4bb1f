import type { Account, Conversation, Person, Workspace } from '../model/index.ts';
import { Random } from '../random.ts';
import { renderTemplate } from '../simulation/actions.ts';
import { append, threadOf } from '../simulation/conversations.ts';
import type { World } from '../state.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { inventPerson } from './people.ts';
import { answers, chatter, longText, openers } from './texts.ts';

export function appendText(
  thread: Conversation,
  sender: 'ME' | 'CORRESPONDENT',
  createdAt: number,
  body: string,
): void {
  append(thread, { createdAt, body, subject: null, postLink: null, isInMail: false, sender });
}

/** Threads of more than 300 messages, over months. */
function longThread(world: World, account: Account, person: Person, startAt: number, length: number): Conversation {
  const random = new Random(world.seed, 'long', length);
  const thread = threadOf(world, account.id, person.linkedinId);
  thread.messages = [];
  let at = startAt - 85 * DAY;
  for (let i = 0; i < length; i++) {
    at += random.int(20 * MINUTE, 10 * HOUR);
    const text = random.chance(0.02) ? longText(random.next()) : random.pick(chatter);
    appendText(
      thread,
      random.chance(0.5) ? 'ME' : 'CORRESPONDENT',
      Math.min(at, startAt - (length - i) * MINUTE - 2 * DAY),
      text,
    );
  }
  thread.read = true;
  return thread;
}

function smallThread(world: World, account: Account, person: Person, random: Random, startAt: number): Conversation {
  const thread = threadOf(world, account.id, person.linkedinId);
  let at = startAt - random.int(3, 70) * DAY;
  const turns = random.int(1, 7);
  for (let i = 0; i < turns; i++) {
    at += random.int(5 * MINUTE, 9 * HOUR);
    const own = i % 2 === 0;
    let body: string = own ? random.pick(openers) : random.pick(answers);
    if (i > 0 && own) body = random.pick(chatter);
    if (random.chance(0.012)) body = longText(random.next());
    appendText(
      thread,
      own ? 'ME' : 'CORRESPONDENT',
      at,
      renderTemplate(body, person, account) ?? body.replace(/\{\w+\}/g, 'there'),
    );
  }
  // Most replies are read.
  if (!thread.read) thread.read = random.chance(0.6);
  if (random.chance(0.04)) thread.lastMessageType = 'VOICE';
  if (random.chance(0.02)) thread.blockedByParticipant = true;
  if (random.chance(0.02)) thread.groupChat = true;
  return thread;
}

/** A new person that is a connection of the sender. */
export function stranger(workspace: Workspace, account: Account, random: Random, startAt: number): Person {
  const person = inventPerson(workspace, random);
  workspace.network.get(account.id)?.set(person.linkedinId, startAt - random.int(5, 600) * DAY);
  return person;
}

/** The senders with conversations: neither logged out nor in a cooldown. */
export function activeSenders(accounts: Account[]): Account[] {
  return accounts.filter(({ authIsValid, connectionRequestCooldown }) => authIsValid && !connectionRequestCooldown);
}

/** Fills the inbox up to `total` with threads outside campaigns. */
export function seedConversations(world: World, accounts: Account[], startAt: number, total: number): Conversation[] {
  const { workspace } = world;
  const random = new Random(world.seed, 'inbox');
  const working = activeSenders(accounts);
  const long = [340, 305].map((length, i) => {
    const account = working[i]!;
    return longThread(world, account, stranger(workspace, account, random, startAt), startAt, length);
  });
  while (workspace.conversations.size < total) {
    const account = random.pick(working);
    smallThread(world, account, stranger(workspace, account, random, startAt), random, startAt);
  }
  const unread = [...workspace.conversations.values()].filter((thread) => !thread.read);
  for (const thread of workspace.conversations.values()) {
    if (unread.length >= 14) break;
    if (thread.read && thread.messages.at(-1)?.sender === 'CORRESPONDENT') {
      thread.read = false;
      unread.push(thread);
    }
  }
  return long;
}

/** Connections of the senders without messages. */
export function seedNetwork(world: World, accounts: Account[], startAt: number): void {
  const random = new Random(world.seed, 'network');
  for (const account of accounts) {
    for (let i = 0; i < 25; i++) stranger(world.workspace, account, random, startAt);
  }
}
