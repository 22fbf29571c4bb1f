import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectError, expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

/**
 * Tests that add_lead_tags and replace_lead_tags share.
 * @param endings whether a 400 after a 500 is a success, for each set of tags on the lead.
 */
export function describeTagTool(
  tool: string,
  operation: string,
  endings: [tags: string[], ending: 'success' | 'an error'][],
): void {
  describe(tool, () => {
    const wire = useToolHarness();
    const path = `/api/public${operation}`;
    const leadProfileUrl = 'https://www.linkedin.com/in/ada-example';

    test('sends all parameters and returns the new tags', async () => {
      wire.answerWith({ [operation]: { body: { newAssignedTags: ['tech'] } } });
      const args = {
        leadProfileUrl,
        leadLinkedInId: '580000001',
        tags: ['hot lead', 'tech'],
        createTagIfNotExisting: false,
      };
      const result = await wire.call(tool, args);
      expect(wire.sent()).toEqual([post(path, args)]);
      expect(result.structuredContent).toEqual({ newAssignedTags: ['tech'] });
    });

    test.each([{ leadProfileUrl }, { leadLinkedInId: '580000001' }])(
      'sends createTagIfNotExisting by default: %j',
      async (lead) => {
        wire.answerWith({ [operation]: { body: { newAssignedTags: null } } });
        const result = await wire.call(tool, { ...lead, tags: ['tech'] });
        expect(wire.sent()).toEqual([post(path, { ...lead, tags: ['tech'], createTagIfNotExisting: true })]);
        expect(result.structuredContent).toEqual({ newAssignedTags: [] });
      },
    );

    test('an empty 200 means that the tags were set, and does not say which were new', async () => {
      wire.answerWith({ [operation]: {} });
      const result = await wire.call(tool, { leadProfileUrl, tags: ['tech'] });
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toEqual({ note: expect.stringContaining('did not say which of them were new') });
    });

    test('a missing tag is an error that says how to create it', async () => {
      const errorMessage = "Tag 'tech' does not exist.";
      wire.answerWith({ [operation]: { status: 400, body: { errorMessage } } });
      const args = { leadProfileUrl, tags: ['tech'], createTagIfNotExisting: false };
      expectError(await wire.call(tool, args), {
        kind: 'bad_request',
        status: 400,
        message: errorMessage,
        nextStep: 'Correct what the message names. With createTagIfNotExisting true, missing tags are created.',
        outcome: 'refused',
      });
      expect(wire.sent()).toEqual([post(path, args)]);
    });

    test.each(endings)('a 400 after a 500, with %j on the lead, is %s', async (tags, ending) => {
      let calls = 0;
      wire.answerWith({
        [operation]: () => {
          calls += 1;
          return calls === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'The lead is busy.' } };
        },
        '/lead/GetTags': { body: { tags } },
      });
      const args = { leadProfileUrl, tags: ['Hot lead', 'tech'], createTagIfNotExisting: true };
      const result = await wire.call(tool, args);
      expect(wire.sent()).toEqual([
        post(path, args),
        post(path, args),
        post('/api/public/lead/GetTags', { profileUrl: leadProfileUrl }),
      ]);
      expect(result.isError ?? false).toBe(ending === 'an error');
      if (ending === 'success') expect(result.structuredContent?.note).toContain('earlier attempt');
      else expect(result.structuredContent?.error).toMatchObject({ message: 'The lead is busy.', outcome: 'refused' });
    });

    test('requires an identifier of the person', async () => {
      expectInvalid(await wire.call(tool, { tags: ['tech'] }), 'leadProfileUrl or leadLinkedInId is required');
      expect(wire.sent()).toEqual([]);
    });
  });
}
