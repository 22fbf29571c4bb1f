import { z } from 'zod';
import { HeyReachError } from '../../client/index.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import { defineTool, type InputOf } from '../define.ts';
import { id, text } from '../fields.ts';
import { exclusionFields } from './exclusions.ts';
import { readBackCampaign, readCampaignFirst } from './read-status.ts';

const input = {
  campaignId: id('Campaign id'),
  name: text('New name', 50).optional(),
  linkedInUserListId: id('New list of people; locked after the first start').optional(),
  ...exclusionFields,
  excludeListId: id('List id').nullable().describe('Leave out the people of this list; null clears').optional(),
};
type Input = InputOf<typeof input>;

const settings = z.looseObject({
  name: z.string().nullish(),
  status: z.string().nullish(),
  linkedInUserListId: z.number().nullish(),
  excludeContactedFromOtherCampaigns: z.boolean().nullish(),
  excludeHasOtherAccConversations: z.boolean().nullish(),
  excludeContactedFromSenderInOtherCampaign: z.boolean().nullish(),
  excludeListId: z.number().nullish(),
});

/** The settings of a campaign under the names they are written with: one of them reads back under another. */
function settingsOf(campaign: Campaign) {
  return {
    name: campaign.name,
    linkedInUserListId: campaign.linkedInUserListId,
    excludeContactedFromOtherCampaigns: campaign.excludeInOtherCampaigns,
    excludeHasOtherAccConversations: campaign.excludeHasOtherAccConversations,
    excludeContactedFromSenderInOtherCampaign: campaign.excludeContactedFromSenderInOtherCampaign,
    excludeListId: campaign.excludeListId,
  };
}

export const updateCampaignSettings = defineTool({
  name: 'update_campaign_settings',
  title: 'Change campaign settings',
  description:
    'Changes name, list or exclusions of a DRAFT, SCHEDULED or PAUSED campaign; what is left out stays. A SCHEDULED one becomes a DRAFT. Answers the settings before and after.',
  toolset: 'campaigns',
  kind: 'write',
  repeat: 'same',
  asks: 'no',
  input,
  check({ campaignId: _, ...changes }) {
    const given = Object.values(changes).some((value) => value !== undefined);
    return given ? undefined : `nothing to change: give at least one of ${Object.keys(input).slice(1).join(', ')}`;
  },
  output: z.looseObject({
    campaignId: z.number(),
    before: settings,
    after: settings.nullable().describe('null if it could not be read back'),
  }),
  async readBack({ campaignId, ...changes }, { client, call }) {
    const found = await client.campaigns.getById({ campaignId }, call);
    const now = settingsOf(found);
    const isDone = Object.entries(changes).every(
      ([name, value]) => value === undefined || (now[name as keyof typeof now] ?? null) === value,
    );
    return isDone ? { data: { campaignId, before: {}, after: { ...now, status: found.status } } } : undefined;
  },
  async run({ campaignId, ...changes }, context) {
    const { client, call } = context;
    const before = settingsOf(await readCampaignFirst(campaignId, context));
    await client.campaigns.updateSettings({ campaignId, ...merge(before, changes) }, call);
    const found = await readBackCampaign(campaignId, context);
    const after = found === undefined ? null : { ...settingsOf(found), status: found.status };
    return { data: { campaignId, before, after } };
  },
});

/** HeyReach resets what is left out, which would re-open contact: present values go along. */
function merge(present: ReturnType<typeof settingsOf>, changes: Omit<Input, 'campaignId'>) {
  const flag = (name: keyof typeof exclusionFields): boolean => {
    const value = changes[name] ?? present[name];
    if (typeof value === 'boolean') return value;
    throw new HeyReachError({
      kind: 'unreadable_answer',
      outcome: 'not_sent',
      message: `HeyReach did not say the present value of ${name}`,
      meaning: 'Leaving it out would reset it, so nothing was changed.',
      nextStep: `Give ${name} as true or false and call again.`,
    });
  };
  return {
    name: changes.name ?? present.name ?? undefined,
    linkedInUserListId: changes.linkedInUserListId ?? present.linkedInUserListId ?? undefined,
    excludeContactedFromOtherCampaigns: flag('excludeContactedFromOtherCampaigns'),
    excludeHasOtherAccConversations: flag('excludeHasOtherAccConversations'),
    excludeContactedFromSenderInOtherCampaign: flag('excludeContactedFromSenderInOtherCampaign'),
    excludeListId: changes.excludeListId === undefined ? (present.excludeListId ?? null) : changes.excludeListId,
  };
}
