import { describe, expect, it } from 'vitest';
import { type Client, sandbox, sharedSandbox } from './support.ts';

type Node = Record<string, unknown>;

const end = (actionDelay = 3): Node => ({ nodeType: 'END', actionDelay, actionDelayUnit: 'HOUR' });
const message = (more: Node = {}): Node => ({
  nodeType: 'MESSAGE',
  actionDelay: 1,
  actionDelayUnit: 'DAY',
  payload: { messages: ['Hello'], fallbackMessage: 'Hello' },
  unconditionalNode: end(),
  ...more,
});
const invitation = (more: Node = {}): Node => ({
  nodeType: 'CONNECTION_REQUEST',
  actionDelay: 0,
  actionDelayUnit: 'HOUR',
  payload: { messages: ['Hi {FIRST_NAME}'], fallbackMessage: 'Hi', toBeWithdrawnAfterDays: 21 },
  conditionalNode: message(),
  unconditionalNode: { nodeType: 'END', actionDelay: 21, actionDelayUnit: 'DAY' },
  ...more,
});
const view = (next: Node): Node => ({ nodeType: 'VIEW_PROFILE', unconditionalNode: next });

async function update(api: Client, sequence: unknown) {
  const campaignId = api.workspace.fixtures.campaignWithoutSequence;
  return api.post('/campaign/UpdateSequence', { campaignId, sequence });
}

describe('sequences', () => {
  const shared = sharedSandbox();

  it('returns the stored sequence, with an END added to every message', async () => {
    const api = shared();
    expect(await update(api, invitation())).toMatchObject({ status: 200, text: '' });
    const path = `/campaign/GetCampaignSequence?campaignId=${api.workspace.fixtures.campaignWithoutSequence}`;
    const { body } = await api.get<Node>(path);
    const added = { nodeType: 'END', actionDelay: 0, actionDelayUnit: 'HOUR' };
    expect(body).toEqual({ ...invitation(), conditionalNode: { ...message(), conditionalNode: added } });
    expect((await update(api, body)).status).toBe(200);
  });

  it.each<[string, Node, string]>([
    ['a short delay', view(end(0)), 'Node at: $.sequence.unconditionalNode has invalid delay: 00:00:00'],
    [
      'a short delay after an invitation',
      invitation({ conditionalNode: message({ actionDelay: 2, actionDelayUnit: 'HOUR' }) }),
      'Node at: $.sequence.conditionalNode has invalid delay: 02:00:00',
    ],
    [
      'FOLLOW after an invitation',
      invitation({ conditionalNode: { nodeType: 'FOLLOW', actionDelay: 3, unconditionalNode: end() } }),
      'Cannot have a FOLLOW node after a CONNECTION_REQUEST node, because CONNECTION_REQUEST already follows the lead.',
    ],
    [
      'two invitations',
      invitation({ unconditionalNode: invitation({ actionDelay: 5 }) }),
      'Cannot have 2 CONNECTION_REQUEST nodes in sequence.',
    ],
    [
      'a message to a person who is not connected',
      { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: message(), unconditionalNode: message() },
      "Cannot have MESSAGE node on the 'Not Connected' side of IS_CONNECTION node.",
    ],
  ])('rejects %s with the recorded message of HeyReach', async (_name, sequence, sentence) => {
    const api = shared();
    expect(await update(api, sequence)).toMatchObject({ status: 400, body: { errorMessage: sentence } });
  });

  it('allows a message after an accepted invitation', async () => {
    const api = shared();
    const check = { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: message(), unconditionalNode: invitation() };
    expect((await update(api, check)).status).toBe(200);
  });

  it.each<[string, Node]>([
    ['END at the root', end()],
    ['a path without END', { nodeType: 'VIEW_PROFILE' }],
    ['a delay above 100', view(end(101))],
    ['a check with one side', { nodeType: 'FIND_EMAIL', unconditionalNode: end(0) }],
    ['children under END', view({ ...end(), unconditionalNode: end() })],
    ['a reply branch with a step', message({ conditionalNode: view(end()) })],
    ['no payload', message({ payload: undefined })],
    ['no message', message({ payload: { messages: [] } })],
    ['a long note', invitation({ payload: { messages: ['x'.repeat(301)] } })],
    ['variables without a fallback', invitation({ payload: { messages: ['{{firstName}}'] } })],
    ['an early withdrawal', invitation({ payload: { messages: [''], toBeWithdrawnAfterDays: 13 } })],
    ['a long reference', { ...view(end()), externalReference: 'x'.repeat(101) }],
  ])('rejects %s', async (_name, sequence) => {
    const api = shared();
    const response = await update(api, sequence);
    expect(response.status).toBe(400);
    expect(response.body.errorMessage).toEqual(expect.any(String));
  });

  it('reports the .NET type for values of a wrong type, as plain text', async () => {
    const api = shared();
    const inmail = { nodeType: 'INMAIL', payload: { messages: ['Hi'] }, unconditionalNode: end() };
    expect(await update(api, inmail)).toMatchObject({
      status: 400,
      type: 'text/plain',
      text: `Error converting value "Hi" to type 'Spremo.DTOs.PublicApi.Campaigns.PublicInMailMessage'. Path '$.sequence.payload.messages[0]'.`,
    });
    for (const wrong of [{ nodeType: 'WAVE' }, view({ ...end(), actionDelayUnit: 'WEEK' }), '{}', { nodeType: 1 }]) {
      expect((await update(api, wrong)).text).toMatch(/^Error converting value .* to type 'Spremo/);
    }
  });

  it('returns 500 for an invitation with the key message', async () => {
    const api = shared();
    expect((await update(api, invitation({ payload: { message: 'Hi' } }))).status).toBe(500);
  });

  it('keeps the positions of leads in a paused campaign', async () => {
    const api = await sandbox();
    const campaign = api.workspace.campaigns.get(api.workspace.fixtures.deepSequenceCampaign)!;
    campaign.status = 'PAUSED';
    const same = await api.post('/campaign/UpdateSequence', { campaignId: campaign.id, sequence: campaign.sequence });
    expect(same.status).toBe(200);
    const other = await api.post('/campaign/UpdateSequence', { campaignId: campaign.id, sequence: view(end()) });
    expect(other).toMatchObject({ status: 400, body: { errorMessage: 'Inconsistent sequences for update' } });
  });
});
