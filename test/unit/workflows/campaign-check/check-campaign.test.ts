import { expect, test } from 'vitest';
import type { Campaign } from '../../../../src/client/operations/campaigns.ts';
import { checkParts } from '../../../../src/workflows/campaign-check/check-campaign.ts';
import type { CampaignCheck } from '../../../../src/workflows/campaign-check/outcome.ts';
import { invitation } from '../../../support/tools/campaign-check.ts';

test('checks without a part that another check reads are unknown too', () => {
  const campaign: Campaign = { status: 'DRAFT', campaignAccountIds: [1] };
  const senders = { ids: [1], accounts: new Map([[1, { accountLimits: { connectioRequestLimit: 20 } }]]) };
  const lead = { firstName: 'Ada', lastName: 'Example', profileUrl: 'https://www.linkedin.com/in/ada-example' };
  const comparison = { overlap: undefined, schedule: undefined };
  const statesOf = (checks: Record<string, CampaignCheck>) =>
    Object.fromEntries(Object.entries(checks).map(([name, { state }]) => [name, state]));
  const whole = { list: { totalItemsCount: 1 }, members: [lead], isAll: true };
  const unreadSequence = checkParts(campaign, { sequence: undefined, list: whole, senders }, comparison);
  expect(statesOf(unreadSequence)).toEqual({
    status: 'ok',
    sequence: 'unknown',
    list: 'ok',
    overlap: 'unknown',
    senders: 'unknown',
    capacity: 'unknown',
    schedule: 'unknown',
  });
  const someLeads = { ...whole, isAll: false };
  const unreadLeads = checkParts(campaign, { sequence: invitation(), list: someLeads, senders }, comparison);
  expect(statesOf(unreadLeads)).toMatchObject({ sequence: 'unknown', list: 'unknown', senders: 'unknown' });
  const unreadSenders = checkParts(campaign, { sequence: invitation(), list: whole, senders: undefined }, comparison);
  expect(statesOf(unreadSenders)).toMatchObject({
    sequence: 'ok',
    list: 'ok',
    senders: 'unknown',
    capacity: 'unknown',
  });
});
