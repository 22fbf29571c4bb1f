import { describe, expect, test } from 'vitest';
import { exampleSequence, exampleSequenceReadBack } from '../../kit/campaign-examples.ts';
import { get, post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const PATH = '/api/public/campaign/UpdateSequence';
const read = get('/api/public/campaign/GetCampaignSequence?campaignId=600001');
const end = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
const message = { nodeType: 'MESSAGE', payload: { messages: ['Hi'] }, unconditionalNode: end };

describe('update_campaign_sequence', () => {
  const wire = useWire();

  test('sends the whole tree', async () => {
    const args = { campaignId: 600001, sequence: exampleSequence() };
    const result = await wire.call('update_campaign_sequence', args);
    expect(wire.sent()).toEqual([post(PATH, args)]);
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, updated: true });
    expect(result.structuredContent?.note).toContain('A SCHEDULED campaign became a DRAFT');
  });

  test('takes what get_campaign_sequence answered', async () => {
    wire.answerWith({ '/campaign/GetCampaignSequence': { body: exampleSequenceReadBack() } });
    const found = await wire.call('get_campaign_sequence', { campaignId: 600001 });
    const { sequence } = found.structuredContent as { sequence: object };
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

  test('a refusal after a lost answer is success when the tree reads as written', async () => {
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

  test("answers HeyReach's own sentence when it refuses", async () => {
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
    ['a path that does not end', { nodeType: 'VIEW_PROFILE' }, 'sequence: unconditionalNode is required'],
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
      'a message to somebody who is not connected',
      { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: message, unconditionalNode: message },
      'sequence.unconditionalNode: MESSAGE cannot stand on the not connected side',
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
    ['a step that is none', { nodeType: 'SEND_MESSAGE' }, 'sequence.nodeType must be one of'],
  ])('refuses %s', async (_, sequence, said) => {
    const result = await wire.call('update_campaign_sequence', { campaignId: 600001, sequence });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(said);
    expect(wire.sent()).toEqual([]);
  });
});
