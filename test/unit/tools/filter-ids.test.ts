import { describe, expect, test } from 'vitest';
import { useSandbox } from '../../support/programs/sandbox-harness.ts';

const NO_SENDER = 999_999;
const NO_CAMPAIGN = 1;

/** HeyReach answers a filter with an unknown id with zeros. */
describe('a filter with ids that the workspace does not have', () => {
  const at = useSandbox({ seed: 1, rateLimit: false }, 'in-process', ['--toolsets', 'default,legacy']);
  const call = (tool: string, args: object) => at.peer.callTool(tool, { ...args });
  const senderOf = () => [...at.sandbox.workspace.accounts.keys()][0]!;
  const campaignOf = () =>
    [...at.sandbox.workspace.campaigns.values()].find(({ status }) => status === 'IN_PROGRESS')!.id;

  test.each([
    ['list_unanswered', { linkedInAccountIds: [NO_SENDER] }],
    ['list_unanswered', { campaignIds: [NO_CAMPAIGN] }],
    ['find_leads', { stage: 'no_reply', linkedInAccountIds: [NO_SENDER] }],
    ['find_leads', { stage: 'no_reply', campaignIds: [NO_CAMPAIGN] }],
    ['get_performance', { campaignIds: [NO_CAMPAIGN, 2] }],
    ['get_performance', { by: 'sender', linkedInAccountIds: [NO_SENDER] }],
    ['get_performance', { by: 'week', linkedInAccountIds: [NO_SENDER] }],
    ['get_performance', { by: 'week', campaignIds: [NO_CAMPAIGN] }],
    ['get_sender_capacity', { linkedInAccountIds: [NO_SENDER] }],
    ['get_overall_stats', { campaignIds: [NO_CAMPAIGN] }],
    ['get_overall_stats', { accountIds: [NO_SENDER] }],
    ['get_stats_by_campaign', { campaignIds: [NO_CAMPAIGN] }],
    ['list_conversations', { linkedInAccountIds: [NO_SENDER] }],
    ['scan_conversations', { campaignIds: [NO_CAMPAIGN] }],
    ['list_conversations_v1', { linkedInAccountIds: [NO_SENDER] }],
    ['list_campaigns', { accountIds: [NO_SENDER] }],
    ['list_lists', { campaignIds: [NO_CAMPAIGN] }],
  ])('is an error of %s with %j that names the tool with the ids', async (tool, args) => {
    const result = await call(tool, args);
    const isSender = JSON.stringify(args).includes(String(NO_SENDER));
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      message: expect.stringMatching(isSender ? /has no LinkedIn account 999999\.$/ : /has no campaign 1(?:, 2)?\.$/),
      nextStep: `Take the ids from ${isSender ? 'list_linkedin_accounts' : 'list_campaigns'}.`,
    });
  });

  test.each([
    ['list_unanswered', { lookBackDays: 365 }],
    ['find_leads', { stage: 'no_reply' }],
    ['get_performance', { by: 'campaign' }],
    ['get_performance', { by: 'sender' }],
    ['get_performance', { by: 'week' }],
  ])('is named in incomplete of %s with %j, if other ids are known', async (tool, args) => {
    const ids = { linkedInAccountIds: [senderOf(), NO_SENDER], campaignIds: [campaignOf(), NO_CAMPAIGN] };
    const { structuredContent } = await call(tool, { ...args, ...ids });
    expect(structuredContent?.incomplete).toEqual(
      expect.arrayContaining([
        { part: `LinkedIn account ${NO_SENDER}`, reason: 'not among the senders read' },
        { part: `campaign ${NO_CAMPAIGN}`, reason: 'HeyReach lists no such campaign' },
      ]),
    );
  });

  test('is not checked if the operation returns rows, or if its ids are known', async () => {
    at.sandbox.requests.splice(0);
    const result = await call('list_conversations', { linkedInAccountIds: [senderOf(), NO_SENDER] });
    expect(result.structuredContent?.returned).toBeGreaterThan(0);
    expect(at.sandbox.requests).toHaveLength(1);
    const none = await call('list_conversations', { linkedInAccountIds: [senderOf()], searchString: 'no such text' });
    expect(none.structuredContent).toMatchObject({ totalCount: 0, returned: 0 });
  });
});
