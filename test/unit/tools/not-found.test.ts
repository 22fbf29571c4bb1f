import { expect, test } from 'vitest';
import * as z from 'zod';
import { isIdentifier } from '../../../src/mcp/arguments/fields.ts';
import { unwrap } from '../../../src/mcp/arguments/normalize-input.ts';
import { findStep } from '../../../src/mcp/results/next-steps.ts';
import { tools } from '../../../src/tools/registry.ts';
import { expectError } from '../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../support/tools/tool-harness.ts';

const wire = useToolHarness();

const PEOPLE = 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.';
const SENDER = 'Find the sender with list_linkedin_accounts.';
const LIST = 'Find the list with list_lists.';
const WORKSPACE = 'Find the workspace with list_workspaces.';
const WEBHOOK = 'List the webhooks with list_webhooks.';
const profileUrl = 'https://www.linkedin.com/in/nobody-example';
const tags = { leadProfileUrl: profileUrl, tags: ['tech'] };
const management = '/management/organizations';

test.each([
  ['get_lead', { profileUrl }, '/lead/GetLead', PEOPLE],
  ['get_lead_tags', { profileUrl }, '/lead/GetTags', PEOPLE],
  ['add_lead_tags', tags, '/lead/AddTags', PEOPLE],
  ['replace_lead_tags', tags, '/lead/ReplaceTags', PEOPLE],
  ['list_lists_for_lead', { profileUrl }, '/list/GetListsForLead', PEOPLE],
  ['get_linkedin_account', { accountId: 170009 }, '/li_account/GetById', SENDER],
  ['get_linkedin_account_status', { accountId: 170009 }, '/li_account/GetAccountStatus/170009', SENDER],
  [
    'check_connection',
    { senderAccountId: 170009, leadLinkedInId: '580000001' },
    '/MyNetwork/IsConnection',
    'Find the sender with list_linkedin_accounts, and check the URL or id of the person.',
  ],
  ['list_network', { senderId: 170009 }, '/MyNetwork/GetMyNetworkForSender', SENDER],
  ['get_list', { listId: 930009 }, '/list/GetById', LIST],
  ['check_contacted', { fromListId: 930009 }, '/list/GetLeadsFromList', LIST],
  ['list_companies_in_list', { listId: 930009 }, '/list/GetCompaniesFromList', LIST],
  ['list_leads_in_list', { listId: 930009 }, '/list/GetLeadsFromList', LIST],
  ['get_user', { userId: 9 }, `${management}/users/9`, 'Find the user with list_users.'],
  [
    'create_workspace_api_key',
    { workspaceId: 12345, apiKeyType: 'N8N' },
    `${management}/api-keys/workspaces/12345`,
    WORKSPACE,
  ],
  ['list_workspace_api_keys', { workspaceId: 12345 }, `${management}/api-keys/workspaces/12345`, WORKSPACE],
  ['list_workspace_users', { workspaceId: 12345 }, `${management}/users/workspaces/12345`, WORKSPACE],
  ['update_workspace', { workspaceId: 12345, workspaceName: 'New' }, `${management}/workspaces/12345`, WORKSPACE],
  ['get_webhook', { webhookId: 29009 }, '/webhooks/GetWebhookById', WEBHOOK],
  ['update_webhook', { webhookId: 29009, isActive: false }, '/webhooks/UpdateWebhook', WEBHOOK],
])('%s names the tool that finds the id after a 404', async (tool, args, path, nextStep) => {
  wire.answerWith({ [path]: { status: 404, body: { errorMessage: 'What this names was not found.' } } });
  expectError(await wire.call(tool, args), {
    kind: 'not_found',
    status: 404,
    message: 'What this names was not found.',
    nextStep,
    outcome: 'refused',
  });
  expect(wire.sent().filter((request) => request.path.split('?')[0] === `/api/public${path}`)).toHaveLength(1);
});

test("reads HeyReach's message from a problem document", async () => {
  wire.answerWith({ '/list/GetListsForLead': { status: 404, body: { detail: 'The lead was not found.' } } });
  const result = await wire.call('list_lists_for_lead', { profileUrl });
  expect(result.structuredContent?.error).toMatchObject({ message: 'The lead was not found.', nextStep: PEOPLE });
});

test.each([
  ['toListId', LIST],
  ['toCampaignId', 'Find the campaign with list_campaigns.'],
  ['fromListId', LIST],
])('import_leads names the tool that finds %s', async (parameter, nextStep) => {
  const missing = { status: 404, body: { errorMessage: 'Not there.' } };
  const paths = ['/list/GetById', '/campaign/GetById', '/list/GetLeadsFromList'];
  const senders = { '/li_account/GetAll': { body: { totalCount: 0, items: [] } } };
  wire.answerWith({ ...Object.fromEntries(paths.map((path) => [path, missing])), ...senders });
  const source = parameter === 'fromListId' ? { newListName: 'New' } : { text: `name,url\nAda,${profileUrl}` };
  const { structuredContent } = await wire.call('import_leads', { ...source, [parameter]: 12 });
  expect(structuredContent?.error).toMatchObject({ message: 'Not there.', nextStep });
});

test('names the tools for the source and the target, because either can be wrong', () => {
  expect(findStep(['fromListId', 'toCampaignId'])).toBe(
    'Find the campaign with list_campaigns, and the list with list_lists.',
  );
});

test('every numeric id of every tool has a tool that finds it', () => {
  const idsOf = (input: Record<string, z.ZodType>) =>
    Object.entries(input).flatMap(([name, schema]) => {
      const { inner } = unwrap(schema);
      return isIdentifier(inner instanceof z.ZodArray ? (inner.element as z.ZodType) : inner) ? [name] : [];
    });
  const names = new Set(tools.flatMap(({ input }) => idsOf(input as Record<string, z.ZodType>)));
  expect(names.size).toBeGreaterThan(15);
  expect([...names].filter((name) => findStep([name]) === undefined)).toEqual([]);
});
