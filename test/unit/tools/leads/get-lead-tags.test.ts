import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_lead_tags', () => {
  const wire = useToolHarness();
  const profileUrl = 'https://www.linkedin.com/in/ada-example';

  test.each([
    [{ tags: ['hot lead', 'tech'] }, ['hot lead', 'tech']],
    [{ tags: null }, []],
  ])('sends the URL and returns the tags of %j', async (body, tags) => {
    wire.answerWith({ '/lead/GetTags': { body } });
    const result = await wire.call('get_lead_tags', { profileUrl });
    expect(wire.sent()).toEqual([post('/api/public/lead/GetTags', { profileUrl })]);
    expect(result.structuredContent).toEqual({ tags });
  });
});
