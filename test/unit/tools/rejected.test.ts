import { describe, expect, test } from 'vitest';
import { expectError } from '../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../support/tools/tool-harness.ts';

const wire = useToolHarness();

const leadProfileUrl = 'https://www.linkedin.com/in/ada-example';
const lead = { profileUrl: leadProfileUrl, firstName: 'Ada', lastName: 'Example' };
const problem = (field: string, message: string) => ({
  title: 'One or more',
  status: 400,
  errors: { [field]: [message] },
});

test.each<[tool: string, args: object, operation: string, body: object, message: string]>([
  [
    'list_conversations',
    { leadProfileUrl },
    '/inbox/GetConversationsV2',
    { errorMessage: 'Lead not resolved.' },
    'Lead not resolved.',
  ],
  [
    'scan_conversations',
    {},
    '/inbox/GetConversationsV3',
    { errorMessage: 'The cursor is not valid.' },
    'The cursor is not valid.',
  ],
  ['list_lists', {}, '/list/GetAll', { errorMessage: 'Unknown list type.' }, 'Unknown list type.'],
  [
    'create_list',
    { name: 'Q3' },
    '/list/CreateEmptyList',
    problem('Name', 'The Name field is required.'),
    'The Name field is required.',
  ],
  [
    'get_overall_stats',
    {},
    '/stats/GetOverallStats',
    problem('AccountIds', 'The AccountIds field is required.'),
    'The AccountIds field is required.',
  ],
  [
    'get_stats_by_campaign',
    {},
    '/stats/GetOverallStatsByCampaign',
    { errorMessage: 'The date range is too long.' },
    'The date range is too long.',
  ],
  [
    'create_tags',
    { tags: [{ displayName: 'Hot', color: 'Red' }] },
    '/lead_tags/CreateTags',
    { errorMessage: "Tag 'Hot' exists already." },
    "Tag 'Hot' exists already.",
  ],
  [
    'create_webhook',
    { webhookName: 'Replies', webhookUrl: 'https://example.com/', eventType: 'MESSAGE_SENT' },
    '/webhooks/CreateWebhook',
    { errorMessage: 'Webhook name must be between 3 and 25 characters' },
    'Webhook name must be between 3 and 25 characters',
  ],
  [
    'list_blacklisted_leads',
    {},
    '/blacklist/GetLeads',
    { errorMessage: 'The blacklist is not available.' },
    'The blacklist is not available.',
  ],
  [
    'add_leads_to_blacklist',
    { leads: [{ fullName: 'Ada Example' }] },
    '/blacklist/AddLeads',
    problem('Leads', 'The Leads field is required.'),
    'The Leads field is required.',
  ],
  [
    'create_workspace',
    { workspaceName: 'Example' },
    '/management/organizations/workspaces',
    problem('WorkspaceName', 'The WorkspaceName field is required.'),
    'The WorkspaceName field is required.',
  ],
  [
    'add_leads_to_list_v1',
    { listId: 930001, leads: [lead] },
    '/list/AddLeadsToList',
    problem('Leads', 'The Leads field is required.'),
    'The Leads field is required.',
  ],
])('%s returns the message of a 400 word for word, without a retry', async (tool, args, operation, body, message) => {
  wire.answerWith({ [operation]: { status: 400, body } });
  expectError(await wire.call(tool, args), {
    kind: 'bad_request',
    status: 400,
    message,
    nextStep: 'Correct what the sentence names and call again.',
    outcome: 'refused',
  });
  expect(wire.sent().map((request) => request.path)).toEqual([`/api/public${operation}`]);
});

test('the error about a rejected limit names the parameter', async () => {
  const message = 'Limit must be between 1 and 100';
  wire.answerWith({ '/li_account/GetAll': { status: 400, body: problem('Limit', message) } });
  expectError(await wire.call('list_linkedin_accounts'), {
    kind: 'bad_request',
    status: 400,
    message,
    nextStep: 'Ask for fewer rows with limit.',
    outcome: 'refused',
  });
});

describe('a missing route', () => {
  const asking = useToolHarness(['--confirm', 'token']);

  test.each([
    ['start_campaign', { campaignId: 600001 }],
    ['list_linkedin_accounts', {}],
  ])('is not reported as an error in the arguments of %s', async (tool, args) => {
    const campaign = { id: 600001, name: 'Made up', status: 'DRAFT', campaignAccountIds: [1] };
    asking.answerWith({
      '/campaign/GetById': { body: campaign },
      '/campaign/GetCampaignSequence': { body: { nodeType: 'END' } },
      '/li_account/GetAll': { status: 404, body: {} },
    });
    const { structuredContent } = await asking.call(tool, args);
    expect(structuredContent?.error).toMatchObject({
      kind: 'not_found',
      message: 'HTTP 404 without an explanation',
      meaning: expect.stringMatching(/does not have a route/),
      nextStep: expect.stringMatching(/HEYREACH_BASE_URL/),
    });
  });
});

test('a 403 names the subscription', async () => {
  const errorMessage = 'No active subscription.';
  wire.answerWith({ '/webhooks/GetAllWebhooks': { status: 403, body: { errorMessage } } });
  expectError(await wire.call('list_webhooks'), {
    kind: 'forbidden',
    status: 403,
    message: errorMessage,
    nextStep:
      'Check the subscription of the workspace that the key belongs to, then the rights of its user. Repeating the call will not help.',
    outcome: 'refused',
  });
});
