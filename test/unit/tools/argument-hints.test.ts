import { describe, expect, test } from 'vitest';
import { expectInvalid } from '../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../support/tools/tool-harness.ts';

const wire = useToolHarness();

describe('the error of a rejected argument', () => {
  test.each<[tool: string, args: Record<string, unknown>, message: string]>([
    ['list_campaigns', { statuses: 'IN_PROGRESS' }, 'statuses must be a list: ["IN_PROGRESS"].'],
    ['list_campaigns', { statuses: 'DRAFT, PAUSED' }, 'statuses must be a list: ["DRAFT","PAUSED"].'],
    ['list_campaigns', { accountIds: 5 }, 'accountIds must be a list: [5].'],
    ['list_campaigns', { statuses: 'RUNNING' }, 'statuses must be a list, got the text "RUNNING".'],
    ['list_campaigns', { accountIds: 'Ada Example' }, '(list_linkedin_accounts shows the ids)'],
    ['get_campaign', { campaignId: 'Spring Outreach' }, '(list_campaigns shows the ids)'],
    ['get_list', { listId: 'Founders' }, '(list_lists shows the ids)'],
    ['list_conversations', { campaignIds: ['Spring Outreach'] }, '(list_campaigns shows the ids)'],
    ['get_webhook', { webhookId: 'CRM' }, '(list_webhooks shows the ids)'],
    ['list_leads_in_campaign', { campaignId: 1, status: 'Failed' }, 'HeyReach has no filter by status'],
    ['get_lead', { email: 'ada@example.com' }, 'HeyReach finds a lead by profileUrl only'],
    ['list_conversations', { from: '2026-06-01' }, 'scan_conversations takes from, to and cursor'],
    ['get_lead', { profileUrl: 'ada-example-1a2b', leadUrl: 'ada-example-1a2b' }, '(did you mean profileUrl?)'],
  ])('%s %j', async (tool, args, message) => {
    expectInvalid(await wire.call(tool, args), message);
    expect(wire.sent()).toEqual([]);
  });

  test.each([
    ['scan_conversations', { from: 'yesterday' }],
    ['get_overall_stats', { startDate: 'last week' }],
    ['list_leads_in_list', { listId: 1, createdFrom: 'tomorrow' }],
  ])('%s names the current UTC day after %j', async (tool, args) => {
    const before = new Date().toISOString().slice(0, 10);
    const result = await wire.call(tool, args);
    const after = new Date().toISOString().slice(0, 10);
    expect(result.content[0]?.text).toMatch(new RegExp(`today is (${before}|${after}) \\(UTC\\)`));
  });
});

describe('the next step after a rejection by HeyReach', () => {
  test.each(['list_conversations', 'list_conversations_v1'])(
    '%s names scan_conversations at a large offset',
    async (tool) => {
      const path = tool === 'list_conversations' ? '/inbox/GetConversationsV2' : '/inbox/GetConversations';
      wire.answerWith({ [path]: { status: 400, body: { errorMessage: 'The offset is too large.' } } });
      const result = await wire.call(tool, { offset: 1_100 });
      expect(result.content[0]?.text).toContain('Read on with scan_conversations');
    },
  );

  test.each([
    ['update_campaign_settings', { name: 'Q4' }, '/campaign/UpdateSettings'],
    ['add_campaign_accounts', { linkedInAccountIds: [1] }, '/campaign/AddLinkedInAccountsToCampaign'],
  ])('%s names pause_campaign for a running campaign', async (tool, args, path) => {
    const errorMessage = 'You can only update a campaign that is in draft, scheduled or paused.';
    const campaign = {
      id: 600001,
      name: 'Q3',
      status: 'IN_PROGRESS',
      excludeInOtherCampaigns: true,
      excludeHasOtherAccConversations: true,
      excludeContactedFromSenderInOtherCampaign: true,
    };
    wire.answerWith({
      '/campaign/GetById': { body: campaign },
      [path]: { status: 400, body: { errorMessage } },
    });
    const result = await wire.call(tool, { campaignId: 600001, ...args });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain('pause_campaign');
  });
});

test.each([
  ['list_campaign', 'Unknown tool: list_campaign. Did you mean list_campaigns?'],
  ['sendMessage', 'Unknown tool: sendMessage. Did you mean send_message?'],
  ['delete_everything', 'Unknown tool: delete_everything'],
])('an unknown tool %s gets the most similar name', async (name, message) => {
  await expect(wire.call(name)).rejects.toThrow(message);
});
