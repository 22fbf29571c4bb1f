import type { Account, Person, Workspace } from '../model/index.ts';
import { Random } from '../random.ts';
import { run } from '../simulation/campaign-lifecycle.ts';
import { runUntil } from '../simulation/event-loop.ts';
import type { World } from '../state.ts';
import { DAY } from '../time.ts';
import { addCampaign } from './campaigns.ts';
import { addList } from './lists.ts';
import { addPerson, nextIdentity } from './people.ts';
import { simpleSequence } from './sequences.ts';

/** A person with the profile of another one. To make up 25,000 profiles would take seconds. */
function addContact(workspace: Workspace, random: Random, pattern: Person): Person {
  const number = workspace.nextId.person;
  const name = `${pattern.firstName}-${pattern.lastName}`.toLowerCase().replaceAll(/[\s']/g, '-');
  return addPerson(workspace, {
    ...pattern,
    ...nextIdentity(workspace, random, `${name}-${number.toString(36)}`),
    emailAddress: random.chance(0.3) ? `contact-${number}@example.com` : null,
    enrichedEmailAddress: null,
    customEmailAddress: null,
    emailEnrichments: [],
    tags: [],
    autoTags: [],
  });
}

/**
 * A list of `total` people, of which the leads of all other lists are the first, and a draft for it. Every fifth of the new
 * people is in a second list, whose campaign began a day ago, so that its queue is long.
 */
export function seedCrowd(world: World, accounts: Account[], startAt: number, total: number): void {
  const { workspace, seed } = world;
  const random = new Random(seed, 'crowd');
  const leads = new Set([...workspace.lists.values()].flatMap(({ members }) => [...members.keys()]));
  const patterns = [...leads].map((personId) => workspace.people.get(personId)!);
  const everyone = addList(workspace, random, 'All contacts', 0, startAt - 20 * DAY);
  const chosen = addList(workspace, random, 'All contacts, every fifth', 0, startAt - 2 * DAY);
  for (const personId of leads) {
    if (everyone.members.size < total) everyone.members.set(personId, everyone.creationTime + everyone.members.size);
  }
  while (everyone.members.size < total) {
    const number = everyone.members.size;
    const { linkedinId } = addContact(workspace, random, patterns[number % patterns.length]!);
    everyone.members.set(linkedinId, everyone.creationTime + number);
    if (number % 5 === 0) chosen.members.set(linkedinId, chosen.creationTime + number);
  }
  const plan = { list: 0, sequence: simpleSequence() };
  const senders = accounts.flatMap(({ authIsValid, connectionRequestCooldown }, i) =>
    authIsValid && !connectionRequestCooldown ? [i] : [],
  );
  addCampaign(
    world,
    { ...plan, name: 'All contacts, not started', senders: senders.slice(0, 2), status: 'DRAFT', created: 2 },
    [everyone],
    accounts,
    startAt,
  );
  const running = addCampaign(
    world,
    { ...plan, name: 'All contacts, every fifth', senders, status: 'DRAFT', created: 2 },
    [chosen],
    accounts,
    startAt,
  );
  run(world, running, startAt - DAY);
  runUntil(world, startAt);
}
