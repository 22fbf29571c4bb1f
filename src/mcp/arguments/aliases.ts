/**
 * The names that HeyReach has for one thing, each in its own operations or rows. A tool publishes the name of its
 * operation and takes the others too, unlisted.
 */
const SAME_THING: readonly (readonly string[])[] = [
  // A sender, and several.
  ['accountId', 'linkedInAccountId', 'senderId', 'senderAccountId', 'linkedInSenderId'],
  ['accountIds', 'linkedInAccountIds', 'senderIds', 'senderAccountIds', 'campaignAccountIds'],
  // The profile URL of a person, and several.
  ['profileUrl', 'leadProfileUrl', 'leadUrl'],
  ['profileUrls', 'leadProfileUrls', 'leadUrls'],
  // The numeric member id of a person, and several.
  ['linkedin_id', 'linkedinId', 'leadLinkedInId', 'leadMemberId', 'linkedInProfileId'],
  ['linkedinIds', 'leadLinkedInIds', 'leadMemberIds', 'linkedInProfileIds'],
  // The e-mail address of a person.
  ['email', 'emailAddress'],
  // A text to search for.
  ['keyword', 'searchString', 'search'],
  // A list, and its type.
  ['listId', 'linkedInUserListId'],
  ['listType', 'type'],
  ['campaignId', 'campaignIdForTemplate'],
  // An exclusion reads back under another name than it is written.
  ['excludeContactedFromOtherCampaigns', 'excludeInOtherCampaigns'],
];

const groups = new Map(SAME_THING.flatMap((names) => names.map((name) => [name, names] as const)));

/** All names of the same thing, the given one included. */
export function namesOfSameThing(name: string): readonly string[] {
  return groups.get(name) ?? [name];
}

/** The known name of the thing that an unknown name means, or undefined where none or several are known. */
export function knownNameOf(unknown: string, isKnown: (name: string) => boolean): string | undefined {
  const [known, ...others] = groups.get(unknown)?.filter(isKnown) ?? [];
  return others.length === 0 ? known : undefined;
}
