import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_lead_tags', () => {
  const wire = useWire();
  const profileUrl = 'https://www.linkedin.com/in/ada-example';

  test.each([
    [{ tags: ['hot lead', 'tech'] }, ['hot lead', 'tech']],
    [{ tags: null }, []],
  ])('sends the URL and answers the tags of %j', async (body, tags) => {
    wire.answerWith({ '/lead/GetTags': { body } });
    const result = await wire.call('get_lead_tags', { profileUrl });
    expect(wire.sent()).toEqual([post('/api/public/lead/GetTags', { profileUrl })]);
    expect(result.structuredContent).toEqual({ tags });
  });

  test('somebody HeyReach does not hold is an error that says who can be found', async () => {
    wire.answerWith({ '/lead/GetTags': { status: 404, body: { errorMessage: 'Lead not found.' } } });
    expectError(await wire.call('get_lead_tags', { profileUrl }), {
      kind: 'not_found',
      status: 404,
      message: 'Lead not found.',
      nextStep: 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.',
      outcome: 'refused',
    });
  });

  test('the name it has in the tagging tools is refused with its own', async () => {
    const result = await wire.call('get_lead_tags', { leadProfileUrl: profileUrl });
    expectInvalid(result, 'unknown parameter leadProfileUrl (did you mean profileUrl?)');
    expect(wire.sent()).toEqual([]);
  });
});
