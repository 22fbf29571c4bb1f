import type { LeadProfile } from '../client/operations/fields.ts';

/** The compact form of a person: who they are and where to find them. */
export function personRow(profile: LeadProfile | null | undefined) {
  if (profile == null) return {};
  return {
    linkedin_id: profile.linkedin_id,
    profileUrl: profile.profileUrl,
    name: [profile.firstName, profile.lastName].filter(Boolean).join(' '),
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
