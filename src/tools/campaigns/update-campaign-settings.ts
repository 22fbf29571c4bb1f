import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { content, flag, id } from '../../mcp/arguments/fields.ts';
import { defineTool, type InputOf } from '../../mcp/tool.ts';
import {
  excludeListField,
  exclusionFields,
  mergeSettings,
  type SettingsChange,
  settingsOf,
} from './shared/campaign-settings.ts';
import { readBackCampaign, readCampaignBeforeWrite } from './shared/campaign-status.ts';
import { previewSettings } from './shared/settings-preview.ts';

const input = lazy(() => ({
  campaignId: id('Campaign id'),
  name: content('New name', 50).optional(),
  linkedInUserListId: id('New list of people; locked after the first start').optional(),
  ...exclusionFields(),
  excludeListId: excludeListField(),
  clearExcludeList: flag('true clears the excluded list: its people can be contacted again').optional(),
}));
type SettingsInput = InputOf<ReturnType<typeof input>>;

const settings = lazy(() =>
  z.looseObject({
    name: z.string().nullish(),
    status: z.string().nullish(),
    linkedInUserListId: z.number().nullish(),
    excludeContactedFromOtherCampaigns: z.boolean().nullish(),
    excludeHasOtherAccConversations: z.boolean().nullish(),
    excludeContactedFromSenderInOtherCampaign: z.boolean().nullish(),
    excludeListId: z.number().nullish(),
  }),
);

/** The changes in HeyReach's form: a cleared list is null in the request. */
function changesOf({ campaignId: _, clearExcludeList, ...changes }: SettingsInput): SettingsChange {
  return clearExcludeList === true ? { ...changes, excludeListId: null } : changes;
}

export const updateCampaignSettings = defineTool({
  name: 'update_campaign_settings',
  title: 'Change campaign settings',
  description:
    'Changes name, list or exclusions of a DRAFT, SCHEDULED or PAUSED campaign; omitted settings stay. Returns the settings before and after. Asks for confirmation to lift an exclusion. A SCHEDULED campaign becomes a DRAFT.',
  toolset: 'campaigns',
  risk: 'write',
  retry: 'idempotent',
  confirmation: 'conditional',
  input: input,
  check(args) {
    if (args.clearExcludeList === true && args.excludeListId !== undefined) {
      return 'excludeListId and clearExcludeList: true cannot be combined: set one of them';
    }
    const hasChange = Object.values(changesOf(args)).some((value) => value !== undefined);
    return hasChange ? undefined : `nothing to change: set at least one of ${Object.keys(input()).slice(1).join(', ')}`;
  },
  output: () =>
    z.looseObject({
      campaignId: z.number(),
      before: settings(),
      after: settings().nullable().describe('null if it could not be read back'),
    }),
  preview: previewSettings,
  async verifyAfterRetry(args, { client, call }) {
    const { campaignId } = args;
    const campaign = await client.campaigns.getById({ campaignId }, call);
    const present = settingsOf(campaign);
    const isDone = Object.entries(changesOf(args)).every(
      ([name, value]) => value === undefined || (present[name as keyof typeof present] ?? null) === value,
    );
    return isDone ? { data: { campaignId, before: {}, after: { ...present, status: campaign.status } } } : undefined;
  },
  async run(args, context) {
    const { campaignId } = args;
    const { client, call } = context;
    const before = settingsOf(await readCampaignBeforeWrite(campaignId, context));
    await client.campaigns.updateSettings({ campaignId, ...mergeSettings(before, changesOf(args)) }, call);
    const campaign = await readBackCampaign(campaignId, context);
    const after = campaign === undefined ? null : { ...settingsOf(campaign), status: campaign.status };
    return { data: { campaignId, before, after } };
  },
});
