import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('create_tags', () => {
  const wire = useToolHarness();
  const tags = [
    { displayName: 'Hot lead', color: 'Red' },
    { displayName: 'Später', color: 'Cyan' },
  ];

  test('sends names and colours and accepts an empty 200', async () => {
    const result = await wire.call('create_tags', { tags });
    expect(wire.sent()).toEqual([post('/api/public/lead_tags/CreateTags', { tags })]);
    expect(result.structuredContent).toEqual({ created: ['Hot lead', 'Später'] });
  });

  test.each([[[{ id: 5, displayName: 'Hot lead', color: 'Red' }]], [{ tagIds: [5] }], [2]])(
    'passes on any response of HeyReach: %j',
    async (body) => {
      wire.answerWith({ '/lead_tags/CreateTags': { body: JSON.stringify(body) } });
      const result = await wire.call('create_tags', { tags });
      expect(result.structuredContent).toEqual({ created: ['Hot lead', 'Später'], answer: body });
    },
  );

  test('is not retried after a 500, and the next step is possible', async () => {
    wire.answerWith({ '/lead_tags/CreateTags': { status: 500 } });
    expectError(await wire.call('create_tags', { tags }), {
      kind: 'server_error',
      status: 500,
      message: 'HTTP 500 from HeyReach',
      nextStep:
        'The tags may exist, and tags cannot be listed. Do not create them again. Tag a person with add_lead_tags, which creates only missing tags.',
      outcome: 'unknown',
    });
    expect(wire.sent()).toHaveLength(1);
  });
});
