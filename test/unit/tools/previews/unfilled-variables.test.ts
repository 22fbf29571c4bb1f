import { expect, test } from 'vitest';
import { ask, campaignNamed, leadRow, listNamed, useAsking } from '../../../support/clients/elicitation.ts';
import { conversations, to } from '../../../support/heyreach/conversations.ts';

const at = useAsking();
const UNFILLED = /HeyReach may send this text as it is, unfilled: `\{\{first_name\}\}`, `%FIRST_NAME%`/;

/** A sequence whose message has variables that HeyReach does not fill. */
const unfilled = () => ({
  nodeType: 'MESSAGE' as const,
  actionDelay: 3,
  actionDelayUnit: 'HOUR' as const,
  payload: { messages: ['Hi {{first_name}}, %FIRST_NAME%'], fallbackMessage: 'Hello' },
  unconditionalNode: { nodeType: 'END' as const, actionDelay: 3, actionDelayUnit: 'HOUR' as const },
});

test.each([
  ['start_campaign', 'Partners, second try', () => ({})],
  ['resume_campaign', 'Fair follow-up', () => ({})],
  ['add_leads_to_campaign', 'Founders, autumn', () => ({ accountLeadPairs: [{ lead: leadRow('jane') }] })],
])('%s warns about variables that HeyReach does not fill', async (tool, name, args) => {
  const campaign = campaignNamed(at, name);
  campaign.sequence = unfilled();
  const { preview } = await ask(at, tool, { campaignId: campaign.id, ...args() });
  expect(preview.warnings).toContainEqual(expect.stringMatching(UNFILLED));
});

test('add_leads_to_list warns about the texts of the campaigns that use the list', async () => {
  campaignNamed(at, 'Heads of sales').sequence = unfilled();
  const args = { listId: listNamed(at, 'Heads of sales').id, leads: [leadRow('jane')] };
  const { preview } = await ask(at, 'add_leads_to_list', args);
  expect(preview.warnings).toContainEqual(expect.stringMatching(new RegExp(`^"Heads of sales": ${UNFILLED.source}`)));
});

test('send_message warns about places that nothing fills', async () => {
  const conversation = conversations(at, (id) => id === 170_001)[0]!;
  const { preview } = await ask(at, 'send_message', to(conversation, 'Hi {FIRST_NAME}, see you'));
  expect(preview.warnings).toContain('HeyReach fills nothing into this message. It is sent with {FIRST_NAME}');
});
