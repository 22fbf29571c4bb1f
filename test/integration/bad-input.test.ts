import { describe, expect, test } from 'vitest';
import { useToolHarness } from '../support/tools/tool-harness.ts';

const lead = { profileUrl: 'https://www.linkedin.com/in/ada-example', firstName: 'Ada', lastName: 'Example' };
const company = 'https://www.linkedin.com/company/example-ltd';

/** A call that must not be sent, and what its one error must contain: the parameter and the correction. */
const bad: [why: string, tool: string, args: unknown, says: RegExp][] = [
  ['a missing parameter', 'get_campaign', {}, /campaignId is required/],
  ['a wrong type', 'get_campaign', { campaignId: 'abc' }, /campaignId must be a number, got the text "abc"/],
  [
    'an id that is not canonical',
    'get_campaign',
    { campaignId: '007' },
    /campaignId must be a number, got the text "007"/,
  ],
  ['a fraction', 'get_campaign', { campaignId: 1.5 }, /campaignId must be a whole number/],
  ['a negative id', 'get_campaign', { campaignId: -1 }, /campaignId must be more than 0/],
  [
    'a boolean as text',
    'set_conversation_seen',
    { conversationId: 'x', linkedInAccountId: 1, seen: 'no' },
    /seen must be true or false, got the text "no"/,
  ],
  ['arguments that are a list', 'list_campaigns', [], /./],
  [
    'an unknown parameter',
    'list_campaigns',
    { status: ['DRAFT'] },
    /unknown parameter status \(did you mean statuses\?\)/,
  ],
  [
    'an unknown parameter that resembles no other',
    'get_campaign',
    { campaignId: 1, zebra: 1 },
    /unknown parameter zebra \(known: campaignId\)/,
  ],
  [
    'an unknown parameter inside a row',
    'add_leads_to_list',
    { listId: 1, leads: [{ ...lead, customFields: {} }] },
    /unknown parameter customFields in leads\[0\] \(did you mean customUserFields\?\)/,
  ],
  [
    'an unknown parameter two levels down',
    'add_leads_to_campaign',
    { campaignId: 1, accountLeadPairs: [{ lead: { ...lead, name: 'x' } }] },
    /unknown parameter name in accountLeadPairs\[0\]\.lead/,
  ],
  [
    'an unknown parameter deep in a sequence',
    'update_campaign_sequence',
    {
      campaignId: 1,
      sequence: { nodeType: 'VIEW_PROFILE', unconditionalNode: { nodeType: 'END', actionDelay: 3, delayUnit: 'DAY' } },
    },
    /unknown parameter delayUnit in sequence\.unconditionalNode \(did you mean actionDelayUnit\?\)/,
  ],
  [
    'an empty list where entries are required',
    'add_campaign_accounts',
    { campaignId: 1, linkedInAccountIds: [] },
    /linkedInAccountIds must have at least 1 entries/,
  ],
  ['no rows', 'add_leads_to_list', { listId: 1, leads: [] }, /leads must have at least 1 entries/],
  [
    'too many rows',
    'add_leads_to_list',
    { listId: 1, leads: Array.from({ length: 1_001 }, () => lead) },
    /leads must have at most 1000 entries, got 1001/,
  ],
  [
    'a /company/ URL',
    'get_lead',
    { profileUrl: company },
    /profileUrl is a \/company\/ URL; HeyReach takes a person's \/in\/ or Sales Navigator URL/,
  ],
  [
    'a /company/ URL in every row',
    'add_leads_to_list',
    { listId: 1, leads: [{ ...lead, profileUrl: company }] },
    /row 0: profileUrl is a \/company\/ URL/,
  ],
  [
    'a custom field that is not a name',
    'add_leads_to_list',
    { listId: 1, leads: [{ ...lead, customUserFields: [{ name: 'favorite color', value: 'blue' }] }] },
    /"favorite color" may only have letters, digits and _ \(try favorite_color\)/,
  ],
  [
    'a nameless row',
    'add_leads_to_list',
    { listId: 1, leads: [{ profileUrl: lead.profileUrl }] },
    /row 0: firstName is missing/,
  ],
  ['limit 0', 'list_campaigns', { limit: 0 }, /limit must be at least 1, got 0/],
  ['limit 1000', 'list_campaigns', { limit: 1_000 }, /limit must be at most 100, got 1000/],
  [
    'an unknown status',
    'list_campaigns',
    { statuses: ['ACTIVE'] },
    /statuses\[0\] must be one of DRAFT, .*got the text "ACTIVE"/,
  ],
  [
    'a date in words',
    'get_overall_stats',
    { startDate: 'yesterday' },
    /startDate must be a UTC day \(2026-06-01\) or a time with offset/,
  ],
  ['a time without offset', 'get_overall_stats', { startDate: '2026-06-01T09:00:00' }, /startDate must be a UTC day/],
  ['a day that does not exist', 'get_overall_stats', { startDate: '2026-02-30' }, /startDate must be a UTC day/],
  [
    'no parameter that names the person',
    'list_campaigns_for_lead',
    {},
    /one of profileUrl, linkedinId and email is required/,
  ],
  [
    'a 3 MB text',
    'send_message',
    { message: 'x'.repeat(3_000_000), conversationId: 'a', linkedInAccountId: 1 },
    /message must have at most 8000 characters, got 3000000 characters/,
  ],
  [
    'a 3 MB name of a parameter',
    'get_campaign',
    { campaignId: 1, ['y'.repeat(3_000_000)]: 1 },
    /unknown parameter y+… \(3000000 characters\)/,
  ],
  [
    'a raw __proto__ key',
    'get_campaign',
    JSON.parse('{"campaignId":1,"__proto__":{"campaignId":2}}'),
    /unknown parameter __proto__/,
  ],
  [
    'a raw __proto__ key in a row',
    'add_leads_to_list',
    { listId: 1, leads: [JSON.parse(`{"__proto__":{"firstName":"x"},"profileUrl":"${lead.profileUrl}"}`)] },
    /unknown parameter __proto__ in leads\[0\]/,
  ],
  [
    'a raw __proto__ header',
    'create_webhook',
    {
      webhookName: 'Hook',
      webhookUrl: 'https://example.com',
      eventType: 'MESSAGE_SENT',
      customHeaders: JSON.parse('{"__proto__":"x"}'),
    },
    /customHeaders/,
  ],
  [
    'a masked header value',
    'update_webhook',
    { webhookId: 1, customHeaders: { 'X-Secret': '********' } },
    /customHeaders\.X-Secret holds a masked value/,
  ],
];

describe('bad input gets one clear error and sends nothing', () => {
  const wire = useToolHarness();

  test.each(bad)('%s', async (_why, tool, args, says) => {
    const result = await wire.call(tool, args).catch((error: Error) => error);
    expect(wire.sent()).toEqual([]);
    if (result instanceof Error) {
      // Arguments that are not an object never reach a tool: the protocol rejects them.
      expect(Array.isArray(args)).toBe(true);
      return;
    }
    expect(result.isError).toBe(true);
    const [first] = result.content;
    expect(first?.text).toMatch(says);
    expect(first?.text).toMatch(/Outcome: not_sent/);
    expect(first?.text.length).toBeLessThan(1_500);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'invalid_input', outcome: 'not_sent' });
  });

  test('the additions of n8n are dropped', async () => {
    const injected = { sessionId: 's', action: 'sendMessage', chatInput: 'hi', toolCallId: 't' };
    const result = await wire.call('check_api_key', injected);
    expect(result.structuredContent).toEqual({ valid: true, source: 'live' });
    await wire.call('check_api_key', null);
    expect(wire.sent().map(({ path }) => path)).toEqual([
      '/api/public/auth/CheckApiKey',
      '/api/public/auth/CheckApiKey',
    ]);
  });
});
