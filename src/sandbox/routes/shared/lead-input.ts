import { array, object, required, text } from '../../http/model-binding.ts';
import { apiError } from '../../http/response.ts';
import type { Person, Workspace } from '../../model/index.ts';
import { readProfileUrl } from '../../profile-url.ts';
import { Random } from '../../random.ts';
import { addPerson, nextIdentity } from '../../seed/people.ts';
import type { World } from '../../state.ts';
import { personByUrl } from './lookup.ts';

/** A lead in the routes that add leads. */
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

/** An invalid custom field name fails the whole request. */
export function checkCustomFields(leads: LeadInput[]): void {
  for (const { customUserFields = [] } of leads) {
    for (const { name } of customUserFields) {
      if (!/^[A-Za-z0-9_]+$/.test(name)) {
        throw apiError(`Custom field name '${name}' is not valid: only letters, digits and underscores are allowed.`);
      }
    }
  }
}

/** The outcome for a lead. A `dropped` lead is not counted anywhere. */
export type AddedLead = { person: Person } | 'failed' | 'dropped';

/** Finds or creates the person, and sets the fields of the input. */
export function addOrUpdateLead(world: World, input: LeadInput): AddedLead {
  const { workspace } = world;
  if (world.quirks.dropNamelessLeads && (!input.firstName?.trim() || !input.lastName?.trim())) return 'dropped';
  const existing = personByUrl(workspace, input.profileUrl);
  if (existing === 'unresolvable') return 'failed';
  const person = existing ?? createPerson(workspace, world.seed, input.profileUrl);
  person.firstName = input.firstName ?? person.firstName;
  person.lastName = input.lastName ?? person.lastName;
  for (const key of ['location', 'summary', 'companyName', 'position', 'about', 'emailAddress'] as const) {
    const value = input[key];
    if (value !== undefined && value !== '') person[key] = value;
  }
  for (const { name, value = '' } of input.customUserFields ?? []) {
    person.customFields = [...person.customFields.filter((field) => field.name !== name), { name, value }];
  }
  return { person };
}

function createPerson(workspace: Workspace, seed: number, url: string): Person {
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
