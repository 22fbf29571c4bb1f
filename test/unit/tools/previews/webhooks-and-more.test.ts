import { describe, expect, test } from 'vitest';
import {
  ask,
  campaignNamed,
  changesSince,
  confirm,
  expectChanged,
  linesOf,
  textOf,
  useAsking,
} from '../../../support/clients/elicitation.ts';
import type { Sandboxed } from '../../../support/programs/sandbox-harness.ts';

/** No preview may contain the value of a header. */
const SECRET = 'made-up-secret';

const webhookNamed = ({ sandbox }: Sandboxed, name: string) =>
  [...sandbox.workspace.webhooks.values()].find(({ webhookName }) => webhookName === name)!;

describe('create_webhook', () => {
  const at = useAsking();
  const tool = 'create_webhook';
  const LEADS = 'names, profiles, e-mail addresses, tags and custom fields of leads';

  test('shows the data and its destination, and creates the webhook once confirmed', async () => {
    const { id } = campaignNamed(at, 'Founders, autumn');
    const args = {
      webhookName: 'New hook',
      webhookUrl: 'https://Receiver.example.com/in?from=heyreach',
      eventType: 'INMAIL_REPLY_RECEIVED',
      campaignIds: [id, 4711],
      customHeaders: { 'X-Hook-Secret': SECRET },
    };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      'Create the webhook "New hook", which sends workspace data to `receiver.example.com`?',
      'Address: `https://receiver.example.com/in?from=heyreach`',
      'Host that gets the data: `receiver.example.com`',
      "Called each time a person answered a campaign's InMail for the first time (INMAIL_REPLY_RECEIVED)",
      'Campaigns: 2',
      `- "Founders, autumn" (campaign ${id}), IN_PROGRESS`,
      '- campaign 4711',
      'Custom headers sent along, values not shown: X-Hook-Secret',
      `Warning: This data leaves the workspace for \`receiver.example.com\`: ${LEADS}, and their messages.`,
      'Warning: Not a campaign of the workspace, so HeyReach may reject the call: campaign 4711.',
    ]);
    expect(shown.preview).toMatchObject({
      webhookName: 'New hook',
      host: 'receiver.example.com',
      eventType: 'INMAIL_REPLY_RECEIVED',
      campaignIds: [id, 4711],
      customHeaderNames: ['X-Hook-Secret'],
      equalWebhookIds: [],
    });
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(webhookNamed(at, 'New hook')).toBeUndefined();

    const possible = { ...args, campaignIds: [id] };
    const { sent } = await confirm(at, tool, possible, await ask(at, tool, possible));
    expect(sent).toEqual(['POST /webhooks/CreateWebhook']);
    expect(webhookNamed(at, 'New hook')).toMatchObject({
      campaignIds: [id],
      customHeaders: { 'X-Hook-Secret': SECRET },
    });
  });

  test('requires a new confirmation after an equal webhook was created', async () => {
    const { workspace } = at.sandbox;
    const webhookUrl = 'https://twice.example.com/hook';
    const args = { webhookName: 'Twice', webhookUrl, eventType: 'LEAD_TAG_UPDATED' };
    const shown = await ask(at, tool, args);
    expect(textOf(shown)).toContain('\nCampaigns: all, because the event covers the whole workspace\n');
    const other = { ...webhookNamed(at, 'Replies'), webhookUrl, eventType: 'LEAD_TAG_UPDATED', campaignIds: [] };
    workspace.webhooks.set(31_000, { ...other, id: 31_000, webhookName: 'Another name', eventType: 'MESSAGE_SENT' });
    workspace.webhooks.set(31_001, { ...other, id: 31_001, webhookName: 'Made meanwhile', isActive: false });
    const fresh = await expectChanged(at, tool, args, shown);
    expect(fresh.preview.warnings).toEqual([
      `This data leaves the workspace for \`twice.example.com\`: ${LEADS}.`,
      'A webhook with the same address and event exists: "Made meanwhile" (webhook 31001), switched off. HeyReach calls the address once for each webhook that is on.',
    ]);
    expect(fresh.preview).toMatchObject({ campaignIds: 'all', equalWebhookIds: [31_001] });
    expect(webhookNamed(at, 'Twice')).toBeUndefined();
    await confirm(at, tool, args, fresh);
    expect(webhookNamed(at, 'Twice')).toBeDefined();
  });

  test('finds an equal webhook beyond the first page', async () => {
    const { webhooks } = at.sandbox.workspace;
    const webhook = { ...webhookNamed(at, 'Replies'), webhookUrl: 'https://many.example.com/hook' };
    for (let id = 40_000; id < 40_150; id += 1) webhooks.set(id, { ...webhook, id, eventType: 'FOLLOW_SENT' });
    webhooks.set(40_150, { ...webhook, id: 40_150, eventType: 'VIEWED_PROFILE' });
    const args = { webhookName: 'Late', webhookUrl: webhook.webhookUrl, eventType: 'VIEWED_PROFILE' };
    const { preview } = await ask(at, tool, args);
    expect(preview).toMatchObject({ equalWebhookIds: [40_150] });
    for (let id = 40_000; id <= 40_150; id += 1) webhooks.delete(id);
  });

  test('shows the real host, and warns about an unencrypted URL', async () => {
    const webhookUrl = 'http://api.heyreach.io:key@elsewhere.example.com/hook';
    const { preview } = await ask(at, tool, { webhookName: 'Odd', webhookUrl, eventType: 'CAMPAIGN_COMPLETED' });
    expect(textOf({ preview })).toContain('\nHost that gets the data: `elsewhere.example.com`\n');
    expect(preview.warnings).toEqual([
      'This data leaves the workspace for `elsewhere.example.com`: name and state of the campaign.',
      'The address is not encrypted (http). Others can read the data in transit.',
      'The part of the address before the @ is not a host. The data goes to `elsewhere.example.com`.',
    ]);
  });

  test('requires confirmation without campaign names, but fails without the present webhooks', async () => {
    const { id } = campaignNamed(at, 'Founders, autumn');
    const args = {
      webhookName: 'Unread',
      webhookUrl: 'https://example.com/',
      eventType: 'LIKED_POST',
      campaignIds: [id],
    };
    at.sandbox.faults.add({ match: { path: '/campaign/GetAll' }, kind: 'status', status: 400 });
    const { preview } = await ask(at, tool, args);
    expect(textOf({ preview })).toContain(`\nCampaigns: 1\n- campaign ${id}\n`);
    expect(preview.warnings).toHaveLength(1);
    at.sandbox.faults.add({ match: { path: '/webhooks/GetAllWebhooks' }, kind: 'status', status: 403 });
    const result = await at.peer.callTool(tool, args);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'forbidden' });
    expect(result.structuredContent).not.toHaveProperty('confirmation');
  });
});

describe('delete_webhook', () => {
  const at = useAsking();
  const tool = 'delete_webhook';

  test('shows the webhook, and deletes it once confirmed', async () => {
    const { id } = webhookNamed(at, 'Everything answered');
    const shown = await ask(at, tool, { webhookId: id });
    expect(linesOf(shown)).toEqual([
      'Delete the webhook "Everything answered" permanently?',
      `Webhook: "Everything answered" (webhook ${id}), switched on`,
      'Host that no longer gets data: `hooks.example.com`',
      'Called so far each time a person answered in any conversation of the workspace (EVERY_MESSAGE_REPLY_RECEIVED)',
      'Campaigns: all',
      'To pause it, use update_webhook with isActive false.',
      'Warning: This API cannot restore it. A new webhook gets another id, and the values of its custom headers are lost.',
    ]);
    expect(shown.preview.webhook).toEqual({
      webhookId: id,
      webhookName: 'Everything answered',
      host: 'hooks.example.com',
      eventType: 'EVERY_MESSAGE_REPLY_RECEIVED',
      isActive: true,
    });
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    const { sent } = await confirm(at, tool, { webhookId: id }, shown);
    expect(sent).toEqual(['DELETE /webhooks/DeleteWebhook']);
    expect(at.sandbox.workspace.webhooks.has(id)).toBe(false);
  });

  test('requires a new confirmation after the webhook changed', async () => {
    const webhook = webhookNamed(at, 'Replies');
    const args = { webhookId: webhook.id };
    const shown = await ask(at, tool, args);
    expect(textOf(shown)).toContain('\nCampaigns: 1 campaign\n');
    webhook.webhookUrl = 'https://repointed.example.com/hook';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain('\nHost that no longer gets data: `repointed.example.com`\n');
    expect(at.sandbox.workspace.webhooks.has(webhook.id)).toBe(true);
  });

  test('returns the error of the read for an unknown webhook', async () => {
    const before = at.sandbox.requests.length;
    const result = await at.peer.callTool(tool, { webhookId: 1 });
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'not_found',
      nextStep: 'List the webhooks with list_webhooks.',
    });
    expect(changesSince(at, before)).toEqual([]);
  });
});

describe('replace_lead_tags', () => {
  const at = useAsking();
  const tool = 'replace_lead_tags';
  const ada = () => at.sandbox.workspace.people.get(at.sandbox.workspace.slugs.get('ada-example-1a2b') ?? '')!;
  const url = 'https://www.linkedin.com/in/ada-example-1a2b';

  test('shows the removed, added and kept tags, and replaces them once confirmed', async () => {
    ada().tags = ['customer', 'hot', 'not now'];
    const args = { leadProfileUrl: url, tags: ['HOT', 'Follow up', 'brand new', 'hot'] };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      'Replace the tags of "Ada Example"?',
      'Person: "Ada Example", "Example Ltd" (in/ada-example-1a2b)',
      'Tags lost: 2',
      '- "customer"',
      '- "not now"',
      'Tags added: 2',
      '- "Follow up"',
      '- "brand new"',
      'Tags kept: 1',
      '- "HOT"',
      'Missing tags are created. Tags cannot be deleted.',
    ]);
    expect(shown.preview).toMatchObject({
      person: { name: 'Ada Example', companyName: 'Example Ltd', profileUrl: url },
      tags: { lost: ['customer', 'not now'], new: ['Follow up', 'brand new'], kept: ['HOT'] },
      createTagIfNotExisting: true,
    });
    expect(ada().tags).toEqual(['customer', 'hot', 'not now']);
    const { sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual(['POST /lead/ReplaceTags']);
    expect(ada().tags).toEqual(['Follow up', 'brand new', 'hot']);
  });

  test('requires a new confirmation after the tags changed', async () => {
    ada().tags = ['hot'];
    const args = { leadProfileUrl: url, tags: ['customer'], createTagIfNotExisting: false };
    const shown = await ask(at, tool, args);
    expect(textOf(shown)).toMatch(/HeyReach rejects the whole call if one of the tags does not exist\.$/);
    ada().tags = ['Follow up', 'hot'];
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain('\nTags lost: 2\n- "Follow up"\n- "hot"\n');
    expect(ada().tags).toEqual(['Follow up', 'hot']);
    await confirm(at, tool, args, fresh);
    expect(ada().tags).toEqual(['customer']);
  });

  test('finds the tags of a person with only a member id in the inbox', async () => {
    const { personId } = at.sandbox.workspace.conversations.values().next().value!;
    const person = at.sandbox.workspace.people.get(personId)!;
    person.tags = ['customer'];
    const args = { leadLinkedInId: personId, tags: ['hot'] };
    const shown = await ask(at, tool, args);
    expect(shown.preview).toMatchObject({ person: { profileUrl: person.profileUrl }, tags: { lost: ['customer'] } });
    person.tags = ['customer', 'Follow up'];
    await expectChanged(at, tool, args, shown);
    // HeyReach ignores the filter and returns the conversation of another person.
    const { body } = at.sandbox.requests.findLast(({ path }) => path.includes('GetConversationsV2'))!;
    expect(JSON.parse(body).filters.leadLinkedInId).toBe(personId);
    const value = { totalCount: 1, items: [{ correspondentProfile: { linkedin_id: '1', profileUrl: url } }] };
    at.sandbox.faults.add({ match: { path: '/inbox/GetConversationsV2' }, kind: 'wrongJson', value });
    const { preview } = await ask(at, tool, args);
    expect(textOf({ preview })).toContain('\nTags lost: all current tags\nTags afterwards: 1\n- "hot"\n');
    expect(preview).toMatchObject({ tags: { lost: null, after: ['hot'] } });
    expect(preview.warnings).toEqual([expect.stringMatching(/^The current tags cannot be read by this member id/)]);
  });

  test('warns when URL and member id seem to belong to two people', async () => {
    const args = { leadProfileUrl: url, leadLinkedInId: '1', tags: ['hot'] };
    const { preview } = await ask(at, tool, args);
    expect(preview.warnings).toEqual([expect.stringMatching(/^leadLinkedInId may belong to another person/)]);
    const same = await ask(at, tool, { ...args, leadLinkedInId: ada().linkedinId });
    expect(same.preview).not.toHaveProperty('warnings');
  });

  test('requires confirmation without a name, but fails without the present tags', async () => {
    const args = { leadProfileUrl: url, tags: ['hot'] };
    at.sandbox.faults.add({ match: { path: '/lead/GetLead' }, kind: 'status', status: 400 });
    const { preview } = await ask(at, tool, args);
    expect(textOf({ preview })).toContain(`Replace the tags of in/ada-example-1a2b?\n`);
    expect(preview.warnings).toEqual(['The name of the person could not be read.']);
    at.sandbox.faults.add({ match: { path: '/lead/GetTags' }, kind: 'wrongJson', value: { tags: 'hot' } });
    const before = at.sandbox.requests.length;
    const result = await at.peer.callTool(tool, args);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'unreadable_answer', outcome: 'not_sent' });
    expect(changesSince(at, before)).toEqual([]);
  });
});
