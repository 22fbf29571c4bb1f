import type * as z from 'zod';
import type { LeadProfile } from '../../client/operations/fields.ts';
import type { list } from '../../client/operations/lists.ts';
import { isBlank } from '../../lib/blank-text.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import type { DoNotContact } from '../../safety/do-not-contact.ts';
import type { Finding } from '../shared/finding.ts';
import { type CampaignCheck, checked, finding } from './outcome.ts';

type LeadList = z.infer<ReturnType<typeof list>>;

/** The list of a campaign, as far as its reads succeeded. */
export interface ListRead {
  /** Undefined where the read failed. */
  list: LeadList | undefined;
  members: readonly LeadProfile[];
  /** All members were read. */
  isAll: boolean;
}

const FILL = 'Add leads with add_leads_to_list.';

/**
 * Checks the list of a campaign: whether there is one, its size, people that are in it twice, people without a name, and people
 * who must not be contacted.
 * @param read undefined where the campaign has no list.
 * @param isRunning the campaign contacts people already.
 */
export function checkList(read: ListRead | undefined, isRunning: boolean, doNotContact?: DoNotContact): CampaignCheck {
  if (read === undefined) {
    const fix = 'Make a list with create_list and set it with update_campaign_settings.';
    return checked([finding('stop', 'list', 'It has no list of people', fix)], { size: null });
  }
  const { list, members, isAll } = read;
  const size = list?.totalItemsCount ?? null;
  const duplicates = members.length - distinctPeople(members);
  const nameless = members.filter(({ firstName, lastName }) => isBlank(firstName) || isBlank(lastName)).length;
  const unwanted =
    doNotContact?.isEmpty === false ? members.filter((member) => isUnwanted(member, doNotContact)).length : 0;
  const some = (count: number, problem: string, fix: string): Finding[] =>
    count === 0 ? [] : [{ ...finding('warn', 'list', problem, fix), leads: { count, of: members.length } }];
  const findings = [
    ...(size === 0 && !isRunning
      ? [finding('stop', 'list', 'Its list is empty: it will pause itself right after it begins', FILL)]
      : []),
    ...(size === 0 && isRunning ? [finding('warn', 'list', 'Its list is empty', FILL)] : []),
    ...some(
      duplicates,
      'Rows of the list are people who are in it already',
      'Find them with list_leads_in_list, and remove them with remove_leads_from_list.',
    ),
    ...some(
      unwanted,
      'Leads are on the do-not-contact list of this server',
      'Stop them with suppress_leads, or remove them with remove_leads_from_list_by_url.',
    ),
    ...some(
      nameless,
      'Leads have no first or no last name',
      'Find them with list_leads_in_list, and add them again with both names.',
    ),
  ];
  const facts = {
    ...{ size, read: members.length, duplicates, nameless },
    ...(doNotContact === undefined ? {} : { doNotContact: unwanted }),
  };
  return checked(findings, facts, { isUnread: list === undefined || size === null || !isAll });
}

function isUnwanted(person: LeadProfile, doNotContact: DoNotContact): boolean {
  const addresses = [person.emailAddress, person.customEmailAddress, person.enrichedEmailAddress];
  const { profileUrl, companyName } = person;
  return addresses.some((emailAddress) => doNotContact.find({ profileUrl, companyName, emailAddress }) !== undefined);
}

/** The number of people among the members. A person is the same by profile URL or by member id. */
function distinctPeople(members: readonly LeadProfile[]): number {
  const seen = new Set<string>();
  let people = 0;
  for (const { profileUrl, linkedin_id: memberId } of members) {
    const keys = [identityOf(profileUrl), memberId == null || memberId === '' ? undefined : `member/${memberId}`];
    const known = keys.filter((key) => key !== undefined);
    if (known.length === 0 || known.every((key) => !seen.has(key))) people += 1;
    for (const key of known) seen.add(key);
  }
  return people;
}

/** The members whose URL is a Sales Navigator URL. */
export function navigatorLeads(members: readonly LeadProfile[]): number {
  return members.filter(({ profileUrl }) => identityOf(profileUrl)?.startsWith('sales/') === true).length;
}
