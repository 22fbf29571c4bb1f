import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('add_lead_tags', () => {
  const wire = useWire();
  const path = '/api/public/lead/AddTags';
  const leadProfileUrl = 'https://www.linkedin.com/in/ada-example';

  test('sends everything that is given and answers the tags that were new', async () => {
    wire.answerWith({ '/lead/AddTags': { body: { newAssignedTags: ['tech'] } } });
    const args = {
      leadProfileUrl,
      leadLinkedInId: '580000001',
      tags: ['hot lead', 'tech'],
      createTagIfNotExisting: false,
    };
    const result = await wire.call('add_lead_tags', args);
    expect(wire.sent()).toEqual([post(path, args)]);
    expect(result.structuredContent).toEqual({ newAssignedTags: ['tech'] });
  });

  test.each([{ leadProfileUrl }, { leadLinkedInId: '580000001' }])(
    'sends createTagIfNotExisting also when it is not given: %j',
    async (lead) => {
      wire.answerWith({ '/lead/AddTags': { body: { newAssignedTags: null } } });
      const result = await wire.call('add_lead_tags', { ...lead, tags: ['tech'] });
      expect(wire.sent()).toEqual([post(path, { ...lead, tags: ['tech'], createTagIfNotExisting: true })]);
      expect(result.structuredContent).toEqual({ newAssignedTags: [] });
    },
  );

  test('a tag that does not exist is refused, with the way to create it', async () => {
    const errorMessage = "Tag 'tech' does not exist.";
    wire.answerWith({ '/lead/AddTags': { status: 400, body: { errorMessage } } });
    const args = { leadProfileUrl, tags: ['tech'], createTagIfNotExisting: false };
    expectError(await wire.call('add_lead_tags', args), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names; with createTagIfNotExisting true a missing tag is created.',
      outcome: 'refused',
    });
    expect(wire.sent()).toEqual([post(path, args)]);
  });

  test('somebody HeyReach does not hold is an error that says who can be found', async () => {
    wire.answerWith({ '/lead/AddTags': { status: 404, body: { errorMessage: 'Lead not found.' } } });
    expectError(await wire.call('add_lead_tags', { leadProfileUrl, tags: ['tech'] }), {
      kind: 'not_found',
      status: 404,
      message: 'Lead not found.',
      nextStep: 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.',
      outcome: 'refused',
    });
  });

  test.each([
    [['hot lead', 'old', 'tech'], 'success'],
    [['hot lead', 'old'], 'an error'],
  ])('a 400 after a 500, with %j on the lead, is %s', async (tags, ending) => {
    let calls = 0;
    wire.answerWith({
      '/lead/AddTags': () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'The lead is busy.' } };
      },
      '/lead/GetTags': { body: { tags } },
    });
    const args = { leadProfileUrl, tags: ['Hot lead', 'tech'], createTagIfNotExisting: true };
    const result = await wire.call('add_lead_tags', args);
    expect(wire.sent()).toEqual([
      post(path, args),
      post(path, args),
      post('/api/public/lead/GetTags', { profileUrl: leadProfileUrl }),
    ]);
    expect(result.isError ?? false).toBe(ending === 'an error');
    if (ending === 'success') expect(result.structuredContent?.note).toContain('earlier attempt');
    else expect(result.structuredContent?.error).toMatchObject({ message: 'The lead is busy.', outcome: 'refused' });
  });

  test.each([
    [{ tags: ['tech'] }, 'leadProfileUrl or leadLinkedInId is required'],
    [{ leadProfileUrl, tags: [] }, 'tags must have at least 1 entries'],
    [
      { leadProfileUrl, tags: ['tech'], createTagIfNotExisting: 'false' },
      'createTagIfNotExisting must be true or false',
    ],
  ])('refuses %j', async (args, said) => {
    expectInvalid(await wire.call('add_lead_tags', args), said);
    expect(wire.sent()).toEqual([]);
  });
});
