import { describe, expect, test } from 'vitest';
import { exampleSequence, exampleSequenceReadBack } from '../../../support/fixtures/campaign.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/UpdateSequence';
const read = get('/api/public/campaign/GetCampaignSequence?campaignId=600001');
const end = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
const message = { nodeType: 'MESSAGE', payload: { messages: ['Hi'] }, unconditionalNode: end };

describe('update_campaign_sequence', () => {
  const wire = useToolHarness();

  test('sends the whole tree', async () => {
    const args = { campaignId: 600001, sequence: exampleSequence() };
    const result = await wire.call('update_campaign_sequence', args);
    expect(wire.sent()).toEqual([post(PATH, args)]);
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, updated: true });
    expect(result.structuredContent?.note).toContain('If the campaign was SCHEDULED, it is a DRAFT now');
  });

  test('accepts a tree that get_campaign_sequence returned', async () => {
    wire.answerWith({ '/campaign/GetCampaignSequence': { body: exampleSequenceReadBack() } });
    const readResult = await wire.call('get_campaign_sequence', { campaignId: 600001 });
    const { sequence } = readResult.structuredContent as { sequence: object };
    const result = await wire.call('update_campaign_sequence', { campaignId: 600001, sequence });
    expect(result.isError).toBeFalsy();
    const written = exampleSequence();
    expect(wire.sent()).toEqual([
      read,
      post(PATH, {
        campaignId: 600001,
        sequence: {
          ...written,
          conditionalNode: {
            ...written.conditionalNode,
            conditionalNode: { nodeType: 'END', actionDelay: 0, actionDelayUnit: 'HOUR' },
          },
        },
      }),
    ]);
  });

  test('succeeds on a rejection after a lost response when the tree read back is the requested tree', async () => {
    let attempts = 0;
    wire.answerWith({
      '/campaign/UpdateSequence': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Campaign is running.' } };
      },
      '/campaign/GetCampaignSequence': { body: exampleSequenceReadBack() },
    });
    const args = { campaignId: 600001, sequence: exampleSequence() };
    const result = await wire.call('update_campaign_sequence', args);
    expect(wire.sent()).toEqual([post(PATH, args), post(PATH, args), read]);
    expect(result.structuredContent).toEqual({ campaignId: 600001, updated: true });
  });

  test('sends a blank invitation as an invitation without a note, and never an invisible text', async () => {
    const sequence = {
      nodeType: 'CONNECTION_REQUEST',
      payload: { messages: ['\u200b'], fallbackMessage: '\ufeff' },
      unconditionalNode: end,
      conditionalNode: end,
    };
    await wire.call('update_campaign_sequence', { campaignId: 600001, sequence });
    expect(wire.sent()[0]?.body).toMatchObject({ sequence: { payload: { messages: [''], fallbackMessage: '' } } });
  });

  test.each([
    ['objects', { subject: 'Hello', message: 'May I ask you something?' }],
    ['JSON texts, as in the published schema', '{"subject":"Hello","message":"May I ask you something?"}'],
  ])('accepts the messages of an InMail as %s', async (_, mail) => {
    const payload = { messages: [mail, mail], fallbackMessage: mail };
    await wire.call('update_campaign_sequence', {
      campaignId: 600001,
      sequence: { ...message, nodeType: 'INMAIL', payload },
    });
    const sent = { subject: 'Hello', message: 'May I ask you something?' };
    expect(wire.sent()[0]?.body).toMatchObject({
      sequence: { payload: { messages: [sent, sent], fallbackMessage: sent } },
    });
  });

  test('names variables that HeyReach may not fill in, and sends them', async () => {
    const sequence = { ...message, payload: { messages: ['Hi [First Name], {COMPANYY}'] } };
    const result = await wire.call('update_campaign_sequence', { campaignId: 600001, sequence });
    expect(wire.sent()[0]?.body).toMatchObject({ sequence });
    expect(result.structuredContent).toMatchObject({
      updated: true,
      warnings: [
        expect.stringContaining('Stop: The lead would read `[First Name]`'),
        expect.stringContaining('`{COMPANYY}` (did you mean `{COMPANY}`?)'),
        expect.stringContaining('No fallbackMessage, although the text has variables (step 1 MESSAGE at sequence)'),
      ],
    });
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = "Cannot have MESSAGE node on the 'Not Connected' side of IS_CONNECTION node.";
    wire.answerWith({ '/campaign/UpdateSequence': { status: 400, body: { errorMessage } } });
    const result = await wire.call('update_campaign_sequence', { campaignId: 600001, sequence: message });
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({
      status: 400,
      message: errorMessage,
      nextStep: 'Move the MESSAGE to the conditionalNode of the CHECK_IS_CONNECTION, and call again.',
      outcome: 'refused',
    });
  });

  const request = { nodeType: 'CONNECTION_REQUEST', payload: { messages: [] } };
  test.each([
    ['a path without END', { nodeType: 'VIEW_PROFILE' }, 'sequence: unconditionalNode is required'],
    [
      'a child too soon after an action',
      { ...message, unconditionalNode: { nodeType: 'VIEW_PROFILE', actionDelay: 2, unconditionalNode: end } },
      'sequence.unconditionalNode: actionDelay must be at least 3 HOUR after a MESSAGE',
    ],
    [
      'a second invitation',
      { ...request, unconditionalNode: end, conditionalNode: { ...request, ...end, nodeType: 'CONNECTION_REQUEST' } },
      'sequence.conditionalNode: a second CONNECTION_REQUEST',
    ],
    [
      'a follow after an invitation',
      { ...request, conditionalNode: end, unconditionalNode: { ...end, nodeType: 'FOLLOW', unconditionalNode: end } },
      'sequence.unconditionalNode: FOLLOW cannot come after a CONNECTION_REQUEST',
    ],
    [
      'a message to a person who is not connected',
      { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: message, unconditionalNode: message },
      'sequence.unconditionalNode: MESSAGE cannot be on the not connected side',
    ],
    ['a branch that is missing', { ...request, unconditionalNode: end }, 'sequence: conditionalNode is required'],
    ['a text that is too long', { ...message, payload: { messages: ['x'.repeat(8_001)] } }, '8001 characters, 8000'],
    [
      'an invitation with a variable and no fallback',
      { ...request, payload: { messages: ['Hi {FIRST_NAME}'] }, unconditionalNode: end, conditionalNode: end },
      'payload.fallbackMessage is required',
    ],
    [
      'the singular key',
      { ...message, payload: { message: 'Hi' } },
      'payload.message is unknown (did you mean messages?)',
    ],
    ...['', '  ', '\u200b', '\u3164\u2800'].map((text): [string, object, string] => [
      `a message that shows nothing, ${JSON.stringify(text)}`,
      { ...message, payload: { messages: ['Hi', text] } },
      'sequence: payload.messages[1] must not be blank',
    ]),
    [
      'an InMail without visible text',
      { ...message, nodeType: 'INMAIL', payload: { messages: [{ subject: 'Hi', message: '\u200b' }] } },
      'payload.messages[0].message must not be blank',
    ],
    [
      'a placeholder as a message',
      { ...message, payload: { messages: ['undefined'] } },
      'payload.messages[0] is what a program writes for a missing value',
    ],
    [
      'a blank fallback of an invitation with a variable',
      {
        ...request,
        payload: { messages: ['Hi {FIRST_NAME}'], fallbackMessage: '\u200b' },
        unconditionalNode: end,
        conditionalNode: end,
      },
      'payload.fallbackMessage is required',
    ],
    ['an unknown type of step', { nodeType: 'SEND_MESSAGE' }, 'sequence.nodeType must be one of'],
  ])('rejects %s', async (_, sequence, message) => {
    const result = await wire.call('update_campaign_sequence', { campaignId: 600001, sequence });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
