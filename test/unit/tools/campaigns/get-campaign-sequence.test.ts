import { describe, expect, test } from 'vitest';
import { exampleSequenceReadBack } from '../../../support/fixtures/campaign.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const read = get('/api/public/campaign/GetCampaignSequence?campaignId=600001');

/** A chain of messages too large for one result: 20 steps of 4,000 characters. */
function longChain(steps: number): object {
  if (steps === 0) return { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
  return {
    nodeType: 'MESSAGE',
    actionDelay: 1,
    actionDelayUnit: 'DAY',
    payload: { messages: [`${steps} `.padEnd(4_000, 'x')] },
    unconditionalNode: longChain(steps - 1),
    conditionalNode: { nodeType: 'END', actionDelay: 0, actionDelayUnit: 'HOUR' },
  };
}

describe('get_campaign_sequence', () => {
  const wire = useToolHarness();

  test('sends the id in the query and returns the tree unchanged', async () => {
    wire.answerWith({ '/campaign/GetCampaignSequence': { body: exampleSequenceReadBack() } });
    const result = await wire.call('get_campaign_sequence', { campaignId: 600001 });
    expect(wire.sent()).toEqual([read]);
    expect(result.structuredContent).toEqual({ campaignId: 600001, sequence: exampleSequenceReadBack() });
  });

  test('reads an empty 200 as a campaign without a sequence', async () => {
    const result = await wire.call('get_campaign_sequence', { campaignId: 600001 });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      sequence: null,
      note: 'This campaign has no sequence yet.',
    });
  });

  test('returns a branch by its path', async () => {
    wire.answerWith({ '/campaign/GetCampaignSequence': { body: exampleSequenceReadBack() } });
    const node = 'conditionalNode.unconditionalNode';
    const result = await wire.call('get_campaign_sequence', { campaignId: 600001, node });
    expect(result.structuredContent?.sequence).toMatchObject({ nodeType: 'END', actionDelay: 3 });
    const none = await wire.call('get_campaign_sequence', { campaignId: 600001, node: `${node}.unconditionalNode` });
    expect(none.structuredContent).toMatchObject({
      sequence: null,
      note: `The sequence has no step at ${node}.unconditionalNode.`,
    });
  });

  test('returns an outline of a tree that is too large for one result, and its branches add up to the tree', async () => {
    wire.answerWith({ '/campaign/GetCampaignSequence': { body: longChain(20) } });
    const top = await wire.call('get_campaign_sequence', { campaignId: 600001 });
    expect(Buffer.byteLength(top.content[0]?.text ?? '')).toBeLessThanOrEqual(48_000);
    expect(top.structuredContent).toMatchObject({ truncated: true, sequence: { unconditionalNode: null } });
    const outline = top.structuredContent?.outline as { node: string; nodeType: string; bytes: number }[];
    expect(outline).toHaveLength(40);
    const branch = outline.find(({ bytes, node }) => bytes < 45_000 && node.split('.').length === 10);
    expect(branch?.node).toBe(Array(10).fill('unconditionalNode').join('.'));
    expect(branch?.bytes).toBe(JSON.stringify(longChain(10)).length);
    const rest = await wire.call('get_campaign_sequence', { campaignId: 600001, node: branch?.node });
    expect(rest.structuredContent).toEqual({ campaignId: 600001, sequence: longChain(10) });
  });

  test('reports an unknown campaign as an error', async () => {
    wire.answerWith({ '/campaign/GetCampaignSequence': { status: 404, body: { detail: 'Campaign not found' } } });
    const result = await wire.call('get_campaign_sequence', { campaignId: 600001 });
    expect(result.content[0]?.text).toContain('Campaign not found');
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'not_found',
      status: 404,
      message: 'Campaign not found',
      nextStep: 'Find the campaign with list_campaigns.',
      outcome: 'refused',
    });
  });

  test('rejects an invalid path', async () => {
    const result = await wire.call('get_campaign_sequence', { campaignId: 600001, node: 'nextNode' });
    expect(result.content[0]?.text).toContain('node must be a path of unconditionalNode and conditionalNode');
    expect(wire.sent()).toEqual([]);
  });
});
