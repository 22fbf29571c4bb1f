import type { LeadProfile } from '../client/operations/fields.ts';
import type { LinkedInAccount } from '../client/operations/linkedin-accounts.ts';
import { lazy } from '../lib/lazy.ts';
import { expandSlug, readProfileUrl } from '../lib/linkedin-url.ts';
import { escapeMarkdown, quoteName } from '../lib/outside-text.ts';
import { fullName, inline, linesIf, rowLines } from '../lib/text-format.ts';

const MAX_URL_LENGTH = 300;
/** How many people a preview names. */
export const SHOWN_PEOPLE = 5;

type Text = string | null | undefined;

type Account = { firstName?: Text; lastName?: Text } | null | undefined;

interface Person {
  firstName?: Text;
  lastName?: Text;
  companyName?: Text;
  profileUrl?: Text;
}

/** A person as a line, `"Jane Example", "Example GmbH" (in/jane-example)`, and as facts. Unknown parts are left out. */
export function showPerson(person: Person) {
  const personName = fullName(person);
  const companyName = inline(person.companyName);
  const profileUrl = inline(person.profileUrl, MAX_URL_LENGTH);
  const profile = showProfile(person.profileUrl);
  const who = [quoteName(personName), quoteName(companyName)].filter(Boolean).join(', ');
  return {
    /** The quoted name. Empty where it is unknown. */
    name: quoteName(personName),
    line: who === '' ? profile : `${who}${profile === '' ? '' : ` (${profile})`}`,
    /** The person has a profile URL that the line leaves out. */
    isUrlLeftOut: profileUrl !== '' && profile === '',
    facts: {
      ...(personName === '' ? {} : { name: inline(personName) }),
      ...(companyName === '' ? {} : { companyName }),
      ...(profileUrl === '' ? {} : { profileUrl }),
    },
  };
}

/** `in/jane-example`: the path of a profile URL, decoded. Empty for any other text, which could imitate a profile. */
function showProfile(profileUrl: Text): string {
  const url = readProfileUrl(expandSlug(profileUrl ?? ''));
  if (!url.ok || !plainSlug().test(url.slug)) return '';
  return `${url.identity.split('/')[0]}/${escapeMarkdown(url.slug)}`;
}

const plainSlug = lazy(() => /^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Emoji_Modifier}_~-]{1,100}$/u);

/** The warning about profile URLs that lines leave out. */
export function leftOutUrls(count: number): string[] {
  return linesIf(count > 0, `Profile URLs that cannot be read as a person's profile are not shown: ${count}.`);
}

/** The first rows of people, and how many there are. */
export function peopleRows(rows: readonly string[], total: number): string[] {
  return rowLines(rows, total, SHOWN_PEOPLE);
}

/** The name of a LinkedIn account, for the facts of a preview. */
export function accountName(account: Account): string {
  return inline(fullName(account));
}

/** A sender in plain text: `Name (LinkedIn account 1)`. */
export function senderLabel(account: Account, id: number): string {
  const name = accountName(account);
  return name === '' ? `LinkedIn account ${id}` : `${name} (LinkedIn account ${id})`;
}

/** A sender in a preview: `"Name" (LinkedIn account 1)`, or the id alone when the name is unknown. */
export function showSender(account: Account, id: number): string {
  const name = quoteName(accountName(account));
  return name === '' ? `LinkedIn account ${id}` : `${name} (LinkedIn account ${id})`;
}

/** The compact form of a person: name, profile and job. The tools that add leads need both parts of the name. */
export function personRow(profile: LeadProfile | null | undefined) {
  if (profile == null) return {};
  return {
    linkedin_id: profile.linkedin_id,
    profileUrl: profile.profileUrl,
    name: fullName(profile),
    firstName: profile.firstName,
    lastName: profile.lastName,
    headline: profile.headline,
    companyName: profile.companyName,
    position: profile.position,
    location: profile.location,
    emailAddress: profile.emailAddress ?? profile.customEmailAddress ?? profile.enrichedEmailAddress,
    tags: unlessEmpty(profile.tags),
    customFields: unlessEmpty(profile.customFields),
  };
}

function unlessEmpty<Item>(items: Item[] | null | undefined): Item[] | undefined {
  return items == null || items.length === 0 ? undefined : items;
}

/** The compact form of a sender: without daily limits and without cooldowns that are not active. */
export function accountRow({ accountLimits: _, ...account }: LinkedInAccount) {
  return Object.fromEntries(
    Object.entries(account).filter(([name, value]) => !(name.endsWith('Cooldown') && value === false)),
  );
}

/** Jobs or schools. HeyReach sends them as JSON inside a string. Text that is not JSON is returned unchanged. */
export function parseHistory(value: unknown): unknown[] | null {
  if (value == null || value === '') return null;
  if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return [value];
  }
}
