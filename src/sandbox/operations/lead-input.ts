import { array, object, required, text } from '../http/binding.ts';
import { refuse } from '../http/reply.ts';
import type { Person, Workspace } from '../model.ts';
import { readProfileUrl } from '../profile-url.ts';
import { Random } from '../random.ts';
import { addPerson, nextIdentity } from '../seed/people.ts';
import type { World } from '../world.ts';
import { personByUrl } from './find.ts';

/** What the add operations take for a lead. */
const leadFields = {
  profileUrl: required(text()),
  firstName: text(),
  lastName: text(),
  location: text(),
  summary: text(),
  companyName: text(),
  position: text(),
  about: text(),
  emailAddress: text(),
  customUserFields: array(object({ name: required(text()), value: text() })),
};

export const leadInput = object(leadFields);

export type LeadInput = NonNullable<ReturnType<typeof leadInput.read>>;

/** A custom field of a bad name refuses the whole request. */
export function checkCustomFields(leads: LeadInput[]): void {
  for (const { customUserFields = [] } of leads) {
    for (const { name } of customUserFields) {
      if (!/^[A-Za-z0-9_]+$/.test(name)) {
        throw refuse(`Custom field name '${name}' is not valid: only letters, digits and underscores are allowed.`);
      }
    }
  }
}

/** How a lead fared: `dropped` ones are counted nowhere. */
export type Landed = { person: Person } | 'failed' | 'dropped';

/** Finds or makes the person, and takes over what is given. */
export function landLead(world: World, input: LeadInput): Landed {
  const { workspace } = world;
  if (world.quirks.dropNamelessLeads && (!input.firstName?.trim() || !input.lastName?.trim())) return 'dropped';
  const known = personByUrl(workspace, input.profileUrl);
  if (known === 'unresolvable') return 'failed';
  const person = known ?? inventFrom(workspace, world.seed, input.profileUrl);
  person.firstName = input.firstName ?? person.firstName;
  person.lastName = input.lastName ?? person.lastName;
  for (const key of ['location', 'summary', 'companyName', 'position', 'about', 'emailAddress'] as const) {
    const value = input[key];
    if (value !== undefined && value !== '') person[key] = value;
  }
  for (const { name, value = '' } of input.customUserFields ?? []) {
    person.customFields = [...person.customFields.filter((one) => one.name !== name), { name, value }];
  }
  return { person };
}

function inventFrom(workspace: Workspace, seed: number, url: string): Person {
  const ref = readProfileUrl(url)!;
  const slug = ref.kind === 'slug' ? ref.slug : ref.profileId.toLowerCase();
  const identity = nextIdentity(workspace, new Random(seed, 'added', slug), slug);
  return addPerson(workspace, {
    ...identity,
    ...(ref.kind === 'profileId' ? { profileId: ref.profileId } : {}),
    firstName: '',
    lastName: '',
    headline: null,
    imageUrl: null,
    location: null,
    companyName: null,
    companyUrl: null,
    position: null,
    about: null,
    summary: null,
    industry: null,
    connections: 0,
    followers: 0,
    emailAddress: null,
    enrichedEmailAddress: null,
    customEmailAddress: null,
    emailEnrichments: [],
    experiences: '[]',
    education: '[]',
    openProfile: false,
    tags: [],
    autoTags: [],
    customFields: [],
  });
}
