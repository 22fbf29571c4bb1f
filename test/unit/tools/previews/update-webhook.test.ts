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

describe('update_webhook', () => {
  const at = useAsking();
  const tool = 'update_webhook';
  /** `all`: the whole workspace, with two headers. `one`: a single campaign. `off`: switched off. */
  const idOf = (which: 'one' | 'all' | 'off') => {
    const [one = 0, all = 0, off = 0] = at.sandbox.workspace.webhooks.keys();
    return { one, all, off }[which];
  };
  const stored = (id: number) => at.sandbox.workspace.webhooks.get(id)!;
  const campaigns = () => {
    const [first = 0, second = 0, third = 0] = ['Founders, autumn', 'Heads of sales', 'Fair follow-up'].map(
      (name) => campaignNamed(at, name).id,
    );
    return { first, second, third };
  };

  test('shows before and after, and changes the webhook once confirmed', async () => {
    const webhookId = idOf('all');
    const args = {
      webhookId,
      webhookName: 'Moved',
      webhookUrl: 'https://moved.example.net/in',
      eventType: 'MESSAGE_SENT',
    };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      'Change the webhook "Everything answered", which then sends workspace data to `moved.example.net`?',
      `Webhook: "Everything answered" (webhook ${webhookId}), switched on`,
      'Host that gets the data: `hooks.example.com` → `moved.example.net`',
      'Name: "Everything answered" → "Moved"',
      `Address: \`https://hooks.example.com/heyreach/${webhookId}\` → \`https://moved.example.net/in\``,
      'Called each time: a person answered in any conversation of the workspace (EVERY_MESSAGE_REPLY_RECEIVED) → a campaign sent a message (MESSAGE_SENT)',
      'Data it gets: names, profiles, e-mail addresses, tags and custom fields of leads, and their messages, unchanged',
      'Custom headers sent along, values not shown: X-Hook-Secret, X-Team, unchanged',
      'Campaigns, unchanged: all',
      'Warning: This data leaves the workspace for `moved.example.net`: names, profiles, e-mail addresses, tags and custom fields of leads, and their messages.',
      'Warning: Its custom headers and their values also go to the new address: X-Hook-Secret, X-Team.',
    ]);
    expect(shown.preview).toMatchObject({
      webhook: { webhookId, webhookName: 'Everything answered', host: 'hooks.example.com' },
      before: { webhookName: 'Everything answered', eventType: 'EVERY_MESSAGE_REPLY_RECEIVED' },
      after: { host: 'moved.example.net', webhookName: 'Moved', eventType: 'MESSAGE_SENT' },
    });
    expect(JSON.stringify(shown)).not.toContain('made-up-secret-value');
    expect(stored(webhookId).webhookName).toBe('Everything answered');
    const { sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual(['PATCH /webhooks/UpdateWebhook']);
    expect(stored(webhookId)).toMatchObject({ webhookUrl: 'https://moved.example.net/in', eventType: 'MESSAGE_SENT' });
  });

  test('shows the names of added and removed custom headers, but not their values', async () => {
    const webhookId = idOf('all');
    const customHeaders = { 'x-team': 'made-up-secret-new', 'X-New': 'made-up-secret-new' };
    const shown = await ask(at, tool, { webhookId, customHeaders });
    expect(textOf(shown)).toContain(
      '\nCustom headers sent along, values not shown: X-Hook-Secret, X-Team → x-team, X-New\n',
    );
    expect(shown.preview.warnings).toContain('Custom headers that are lost: X-Hook-Secret.');
    expect(shown.preview).toMatchObject({ after: { customHeaderNames: ['x-team', 'X-New'] } });
    expect(JSON.stringify(shown)).not.toContain('made-up-secret');
    stored(webhookId).customHeaders = { 'X-Team': 'other' };
    await expectChanged(at, tool, { webhookId, customHeaders }, shown);
  });

  test.each([
    ['webhookUrl', { webhookUrl: 'https://seized.example.com/' }, 'seized.example.com'],
    ['eventType', { eventType: 'FOLLOW_SENT' }, 'a campaign followed a person (FOLLOW_SENT)'],
    ['campaignIds', { campaignIds: [] }, 'Campaigns, unchanged: all'],
    ['isActive', { isActive: true }, 'State: switched on, unchanged'],
  ])('requires a new confirmation after the present %s changed', async (_, change, message) => {
    const webhookId = idOf('off');
    const args = { webhookId, isActive: true, customHeaders: {} };
    const { workspace } = at.sandbox;
    workspace.webhooks.set(webhookId, { ...stored(webhookId), isActive: false, campaignIds: [campaigns().first] });
    const shown = await ask(at, tool, args);
    expect(textOf(shown)).toContain('\nState: switched off → switched on\n');
    const before = { ...stored(webhookId) };
    workspace.webhooks.set(webhookId, { ...before, ...change });
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain(message);
    workspace.webhooks.set(webhookId, before);
    await expectChanged(at, tool, args, fresh);
  });

  test.each<[string, (webhookId: number) => object, boolean]>([
    ['a new name', () => ({ webhookName: 'Renamed' }), false],
    ['switching off', () => ({ isActive: false }), false],
    ['both', () => ({ isActive: false, webhookName: 'Off' }), false],
    ['the present address', (id) => ({ webhookUrl: stored(id).webhookUrl }), false],
    ['the present event', () => ({ eventType: 'MESSAGE_REPLY_RECEIVED' }), false],
    ['switching on while it is on', () => ({ isActive: true }), false],
    ['one of two campaigns', () => ({ campaignIds: [campaigns().second] }), false],
    ['the same campaigns', () => ({ campaignIds: [campaigns().second, campaigns().first] }), false],
    ['another address', (id) => ({ webhookUrl: `${stored(id).webhookUrl}/x` }), true],
    ['another event', () => ({ eventType: 'MESSAGE_SENT' }), true],
    ['one campaign more', () => ({ campaignIds: [campaigns().first, campaigns().third] }), true],
    ['all campaigns', () => ({ campaignIds: [] }), true],
    ['headers', () => ({ customHeaders: { 'X-Team': 'a' } }), true],
    ['no headers', () => ({ customHeaders: {} }), true],
    ['switching off with another address', () => ({ isActive: false, webhookUrl: 'https://example.com/' }), true],
  ])('for an active webhook of two campaigns: %s', async (_, changesOf, asks) => {
    const webhookId = idOf('one');
    const { first, second } = campaigns();
    const { workspace } = at.sandbox;
    const present = { ...stored(webhookId), campaignIds: [first, second], isActive: true };
    workspace.webhooks.set(webhookId, present);
    const changes = changesOf(webhookId);
    if (asks) {
      await ask(at, tool, { webhookId, ...changes });
      expect(stored(webhookId)).toEqual(present);
      return;
    }
    const before = at.sandbox.requests.length;
    const result = await at.peer.callTool(tool, { webhookId, ...changes });
    expect(result.structuredContent).toMatchObject({ webhookId, after: changes });
    expect(changesSince(at, before)).toEqual(['PATCH /webhooks/UpdateWebhook']);
    expect(stored(webhookId)).toEqual({ ...present, ...changes });
  });

  test.each<[string, object | null, () => object, boolean]>([
    ['campaigns in place of all', { campaignIds: [] }, () => ({ campaignIds: [campaigns().first] }), false],
    ['campaigns in place of null, which means all', null, () => ({ campaignIds: [campaigns().first] }), false],
    ['all campaigns again', { campaignIds: [] }, () => ({ campaignIds: [] }), false],
    ['switching on', { isActive: false }, () => ({ isActive: true }), true],
  ])('%s', async (_, state, changesOf, asks) => {
    const webhookId = idOf('one');
    const present = { ...stored(webhookId), campaignIds: [], isActive: true, ...state };
    at.sandbox.workspace.webhooks.set(webhookId, present);
    if (state === null) {
      const value = { ...present, campaignIds: null };
      at.sandbox.faults.add({ match: { path: '/webhooks/GetWebhookById' }, kind: 'wrongJson', value });
    }
    const before = at.sandbox.requests.length;
    const result = await at.peer.callTool(tool, { webhookId, ...changesOf() });
    expect(result.structuredContent !== undefined && 'confirmation' in result.structuredContent).toBe(asks);
    expect(changesSince(at, before)).toHaveLength(asks ? 0 : 1);
  });

  test.each([
    ['campaigns', 'campaignIds', () => ({ campaignIds: [campaigns().first] })],
    ['state', 'isActive', () => ({ isActive: true })],
  ])('requires confirmation when the present %s is unknown', async (_, left, changesOf) => {
    const webhookId = idOf('one');
    const value = Object.fromEntries(Object.entries(stored(webhookId)).filter(([name]) => name !== left));
    at.sandbox.faults.add({ match: { path: '/webhooks/GetWebhookById' }, kind: 'wrongJson', value });
    const { preview } = await ask(at, tool, { webhookId, ...changesOf() });
    expect(textOf({ preview })).toContain('HeyReach does not say');
  });

  test('switches off without a read', async () => {
    const webhookId = idOf('one');
    const before = at.sandbox.requests.length;
    at.sandbox.workspace.webhooks.set(webhookId, { ...stored(webhookId), isActive: true });
    const result = await at.peer.callTool(tool, { webhookId, isActive: false });
    expect(result.isError).toBeFalsy();
    expect(at.sandbox.requests.slice(before).map(({ method }) => method)).toEqual(['PATCH', 'GET']);
  });

  test('warns about a webhook that stays off', async () => {
    const webhookId = idOf('one');
    const { first } = campaigns();
    at.sandbox.workspace.webhooks.set(webhookId, { ...stored(webhookId), campaignIds: [first], isActive: false });
    const shown = await ask(at, tool, { webhookId, eventType: 'MESSAGE_SENT' });
    expect(linesOf(shown)[0]).toBe('Change the webhook "Off", which is then switched off?');
    expect(shown.preview.warnings).toEqual([
      'It is switched off afterwards. It sends nothing until it is switched on.',
    ]);
    expect(textOf(shown)).toContain(
      `\nCampaigns, unchanged: 1\n- "Founders, autumn" (campaign ${first}), IN_PROGRESS\n`,
    );
  });

  test('does not ask about campaigns that HeyReach is known to reject', async () => {
    const webhookId = idOf('one');
    const { structuredContent } = await at.peer.callTool(tool, { webhookId, eventType: 'LEAD_TAG_UPDATED' });
    expect(structuredContent).not.toHaveProperty('confirmation');
    expect(structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      outcome: 'not_sent',
      message:
        'LEAD_TAG_UPDATED covers the whole workspace, and the webhook is limited to campaigns. HeyReach rejects that.',
    });
  });
});
