import { identityOf, shortProfileUrl } from '../../lib/linkedin-url.ts';
import { escapeName, quoteText } from '../../lib/outside-text.ts';
import { inline } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import type { ContactDetails } from '../../safety/do-not-contact.ts';
import { openIndex } from '../people-index/open-index.ts';
import { isUnresolvedKey } from '../people-index/person-keys.ts';
import { readPeopleIndex } from '../people-index/read-people-index.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import {
  type BlacklistStatus,
  foundStatusOf,
  SEARCH_HAS_MORE,
  searchBlacklist,
  strongestStatus,
} from './blacklist-status.ts';
import { DO_NOT_CONTACT_TAG, hasTag, readTaggedPeople, readTagsOf } from './opt-out-tags.ts';

/** 100 entries of the blacklist a request. They are kept for ten minutes. */
const MAX_REQUESTS = 50;
const MAX_ENTRY = 300;
const MAX_NAMED = 5;

/** A person as HeyReach or the caller shows them. */
export interface ContactPerson extends ContactDetails {
  linkedin_id?: string | null | undefined;
  tags?: readonly string[] | null | undefined;
}

/** What records that people are not to be contacted. */
export interface OptOuts {
  /** Where it is recorded that a person is not to be contacted. Empty for a person who may be contacted as far as is known. */
  of(person: ContactPerson): OptOut[];
  /** Why the blacklist was not compared. */
  unread?: string | undefined;
}

/** Where it says that a person must not be contacted. */
export interface OptOut {
  where: 'blacklist' | 'tag' | 'do-not-contact list';
  /** What a warning says of the person. */
  sentence: string;
}

type StatusOf = (person: ContactPerson) => BlacklistStatus;

/**
 * Reads whether people may be contacted: the blacklist, the tag of suppress_leads where the person is given with tags, and the
 * do-not-contact list of the server. One person takes one request, and several take the blacklist as the people index reads it.
 * @throws HeyReachError only when the call is cancelled.
 */
export async function readOptOuts(people: readonly ContactPerson[], context: ToolContext): Promise<OptOuts> {
  const [first, ...others] = people;
  if (first === undefined) return { of: () => [] };
  const { statusOf, unread } = await (others.length === 0 ? searchOne(first, context) : readBlacklist(context));
  return { unread, of: (person) => [...listed(statusOf(person)), ...tagged(person), ...inFile(person, context)] };
}

interface StatusRead {
  statusOf: StatusOf;
  unread?: string | undefined;
}

const UNKNOWN: StatusOf = () => 'none';

async function searchOne(person: ContactPerson, { client, call }: ToolContext): Promise<StatusRead> {
  const { profileUrl, linkedin_id: memberId } = person;
  if (!profileUrl) return { statusOf: UNKNOWN, unread: 'HeyReach gives no profile URL' };
  const search = await settle(searchBlacklist(profileUrl, client, call));
  if (!search.ok) return { statusOf: UNKNOWN, unread: search.error.message };
  const status = foundStatusOf(search.value, { profileUrl, memberId });
  return status === undefined ? { statusOf: UNKNOWN, unread: SEARCH_HAS_MORE } : { statusOf: () => status };
}

async function readBlacklist(context: ToolContext): Promise<StatusRead> {
  // Its requests have another unit than the progress of the call.
  const source = await openIndex({ ...context, progress: async () => {} });
  const read = await readPeopleIndex(source, { checks: ['blacklist'], maxRequests: MAX_REQUESTS });
  if (read.state === 'not_checked') return { statusOf: UNKNOWN, unread: read.reason };
  const { blacklist, incomplete } = read.index;
  return {
    statusOf: ({ profileUrl, linkedin_id: memberId }) =>
      strongestStatus([blacklist?.byKey.get(identityOf(profileUrl) ?? ''), blacklist?.byMemberId.get(memberId ?? '')]),
    unread: incomplete[0]?.reason,
  };
}

function listed(status: BlacklistStatus): OptOut[] {
  return status === 'none'
    ? []
    : [{ where: 'blacklist', sentence: `The blacklist has this person, with the status ${status}.` }];
}

function tagged({ tags }: ContactPerson): OptOut[] {
  return hasTag(tags) ? [{ where: 'tag', sentence: `This person has the tag ${DO_NOT_CONTACT_TAG}.` }] : [];
}

function inFile(
  { profileUrl, companyName, companyDomain, emailAddress }: ContactPerson,
  { doNotContact }: Pick<ToolContext, 'doNotContact'>,
): OptOut[] {
  const entry = doNotContact?.find({ profileUrl, companyName, companyDomain, emailAddress });
  if (entry === undefined) return [];
  const sentence = `The do-not-contact list of this server has this person: ${quoteText(entry, MAX_ENTRY)}.`;
  return [{ where: 'do-not-contact list', sentence }];
}

/** The part that a result about people lacks, where the blacklist was not compared. */
export function unreadBlacklist({ unread }: OptOuts): MissingPart[] {
  return unread === undefined ? [] : [{ part: 'blacklist', reason: unread }];
}

/** The warnings of a preview about people, and the state that its confirmation is bound to. */
export interface OptOutCheck {
  warnings: string[];
  boundState: unknown;
}

/** Checks the one person of a call. */
export async function checkOptOut(person: ContactPerson, context: ToolContext): Promise<OptOutCheck> {
  const optOuts = await readOptOuts([person], context);
  const records = optOuts.of(person);
  return {
    warnings: [...records.map(({ sentence }) => sentence), ...unreadWarning(optOuts)],
    boundState: records.map(({ sentence }) => sentence),
  };
}

/** Checks the people of a call, at least one. They come without tags. */
export async function checkOptOuts(people: readonly ContactPerson[], context: ToolContext): Promise<OptOutCheck> {
  const [first, ...others] = people;
  const [optOuts, tagged] = await Promise.all([
    readOptOuts(people, context),
    others.length === 0 ? readTagsOf(first?.profileUrl ?? '', context) : readTaggedPeople(context),
  ]);
  const optedOut = people.flatMap((person) => {
    const isTagged = tagged.keys.has(identityOf(person.profileUrl) ?? '');
    const tags = isTagged ? [DO_NOT_CONTACT_TAG] : [];
    const where = optOuts.of({ ...person, tags }).map((record) => record.where);
    return where.length === 0 ? [] : [`${escapeName(shortProfileUrl(person.profileUrl))} (${where.join(', ')})`];
  });
  const more = optedOut.length - MAX_NAMED;
  const named = [...optedOut.slice(0, MAX_NAMED), ...(more > 0 ? [`and ${more} more`] : [])];
  const unresolved = people.filter(({ profileUrl }) => isUnresolvedKey(identityOf(profileUrl) ?? '')).length;
  return {
    warnings: [
      ...(optedOut.length === 0
        ? []
        : [`People who are not to be contacted: ${optedOut.length}: ${named.join(', ')}.`]),
      ...unreadWarning(optOuts),
      ...tagged.incomplete.map(({ part, reason }) => `Not read: ${part} (${inline(reason, MAX_ENTRY)}).`),
      ...(unresolved === 0 ? [] : [`People whose URL cannot be compared with the blacklist: ${unresolved}.`]),
    ],
    boundState: optedOut,
  };
}

function unreadWarning({ unread }: OptOuts): string[] {
  return unread === undefined ? [] : [`Not compared with the whole blacklist: ${inline(unread, MAX_ENTRY)}.`];
}
