import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('create_tags', () => {
  const wire = useWire();
  const tags = [
    { displayName: 'Hot lead', color: 'Red' },
    { displayName: 'Später', color: 'Cyan' },
  ];

  test('sends names and colours and takes an empty 200', async () => {
    const result = await wire.call('create_tags', { tags });
    expect(wire.sent()).toEqual([post('/api/public/lead_tags/CreateTags', { tags })]);
    expect(result.structuredContent).toEqual({ created: ['Hot lead', 'Später'] });
  });

  test.each([[[{ id: 5, displayName: 'Hot lead', color: 'Red' }]], [{ tagIds: [5] }], [2]])(
    'whatever HeyReach answers is passed on: %j',
    async (body) => {
      wire.answerWith({ '/lead_tags/CreateTags': { body: JSON.stringify(body) } });
      const result = await wire.call('create_tags', { tags });
      expect(result.structuredContent).toEqual({ created: ['Hot lead', 'Später'], answer: body });
    },
  );

  test('a refusal is passed on word for word', async () => {
    const errorMessage = "Tag 'Hot lead' exists already.";
    wire.answerWith({ '/lead_tags/CreateTags': { status: 400, body: { errorMessage } } });
    expectError(await wire.call('create_tags', { tags }), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('after a 500 it is not tried again, and the next step is one that can be taken', async () => {
    wire.answerWith({ '/lead_tags/CreateTags': { status: 500 } });
    expectError(await wire.call('create_tags', { tags }), {
      kind: 'server_error',
      status: 500,
      message: 'HTTP 500 from HeyReach',
      nextStep:
        'Tags cannot be listed, so do not create them again: tag a person with add_lead_tags, which creates only what is missing.',
      outcome: 'unknown',
    });
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [[{ displayName: 'Hot lead', color: 'red' }], 'tags[0].color must be one of Blue, Green, Purple, Pink, Red'],
    [[{ displayName: 'Hot lead' }], 'tags[0].color is required: one of Blue'],
    [['Hot lead'], 'tags[0] must be an object, got the text "Hot lead"'],
    [[{ name: 'Hot lead', color: 'Red' }], 'unknown parameter name in tags[0] (did you mean displayName?)'],
    [[], 'tags must have at least 1 entries'],
  ])('refuses %j', async (given, said) => {
    expectInvalid(await wire.call('create_tags', { tags: given }), said);
    expect(wire.sent()).toEqual([]);
  });
});
