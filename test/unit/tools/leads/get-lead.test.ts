import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_lead', () => {
  const wire = useToolHarness();
  const profileUrl = 'https://www.linkedin.com/in/ada-example';
  const jobs = [{ title: 'Analyst', company: 'Example Ltd', endDate: null }];
  const schools = [{ school: 'Example University' }];
  const ada = {
    linkedin_id: '580000001',
    imageUrl: 'https://media.example.com/ada.jpg',
    firstName: 'Ada',
    lastName: 'Example',
    fullName: 'Ada Example',
    location: 'London',
    summary: '',
    companyName: 'Example Ltd',
    companyUrl: null,
    position: 'Analyst',
    industry: null,
    about: 'a'.repeat(1_500),
    username: 'ada-example',
    emailAddress: null,
    connections: 0,
    followers: 0,
    experiences: JSON.stringify(jobs),
    education: JSON.stringify(schools),
    profileUrl,
    enrichedEmailAddress: null,
    customEmailAddress: null,
    headline: null,
    emailEnrichments: [],
  };

  test('sends only the URL, and compact rows omit empty fields and parse jobs and education', async () => {
    wire.answerWith({ '/lead/GetLead': { body: ada } });
    const result = await wire.call('get_lead', { profileUrl });
    expect(wire.sent()).toEqual([post('/api/public/lead/GetLead', { profileUrl })]);
    expect(result.structuredContent).toEqual({
      linkedin_id: '580000001',
      firstName: 'Ada',
      lastName: 'Example',
      fullName: 'Ada Example',
      location: 'London',
      companyName: 'Example Ltd',
      position: 'Analyst',
      about: `${'a'.repeat(1_000)}… [1500 characters]`,
      username: 'ada-example',
      connections: 0,
      followers: 0,
      experiences: [{ title: 'Analyst', company: 'Example Ltd' }],
      education: schools,
      profileUrl,
      emailEnrichments: [],
    });
  });

  test('full detail has all 23 fields unchanged', async () => {
    wire.answerWith({ '/lead/GetLead': { body: ada } });
    const result = await wire.call('get_lead', { profileUrl, detail: 'full' });
    expect(wire.sent()).toEqual([post('/api/public/lead/GetLead', { profileUrl })]);
    expect(result.structuredContent).toEqual({ ...ada, experiences: jobs, education: schools });
  });

  test.each([
    ['an empty list in a string', '[]', []],
    ['an empty text', '', null],
    ['null', null, null],
    ['no JSON', 'Analyst at Example', ['Analyst at Example']],
    ['one object in a string', '{"title":"Analyst"}', [{ title: 'Analyst' }]],
    ['a list that is not a string', [{ title: 'Analyst' }], [{ title: 'Analyst' }]],
  ])('jobs that are %s are returned without loss', async (_, experiences, expected) => {
    wire.answerWith({ '/lead/GetLead': { body: { ...ada, experiences } } });
    const result = await wire.call('get_lead', { profileUrl, detail: 'full' });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent?.experiences).toEqual(expected);
  });

  test.each([
    [{ profileUrl: 'https://www.linkedin.com/company/example/' }, 'profileUrl is a /company/ URL'],
    [{ profileUrl: 'https://example.com/in/ada-example' }, 'profileUrl must be a LinkedIn profile URL'],
  ])('rejects %j', async (args, message) => {
    expectInvalid(await wire.call('get_lead', args), message);
    expect(wire.sent()).toEqual([]);
  });
});
