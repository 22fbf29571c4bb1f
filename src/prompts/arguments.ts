import { resolveCampaign, resolveSender } from './resolve-name.ts';
import type { PromptArgument } from './types.ts';

/** Longer than any name. */
const MAX_NAME = 200;
const isName = (value: string) => value.length <= MAX_NAME;

export const CAMPAIGN: PromptArgument = {
  name: 'campaignId',
  description: 'The campaign, by id or name',
  isRequired: true,
  accepts: isName,
  find: resolveCampaign,
};
export const SENDER: PromptArgument = {
  name: 'accountId',
  description: 'The LinkedIn account that sends, by id or name',
  accepts: isName,
  find: resolveSender,
};
