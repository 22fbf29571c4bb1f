import { describe, expect, test } from 'vitest';
import { listNotFound } from '../../kit/list-examples.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('remove_leads_from_list_by_url', () => {
  const wire = useWire();
  const route = '/list/DeleteLeadsFromListByProfileUrl';
  const removal = (profileUrls: string[]) => ({
    ...post(`/api/public${route}`, { listId: 930001, profileUrls }),
    method: 'DELETE',
  });
  const urls = [
    'https://www.linkedin.com/in/ada-example',
    'https://www.linkedin.com/in/Grace-Example/',
    'https://www.linkedin.com/in/jos%C3%A9-example?trk=x',
    'https://www.linkedin.com/sales/lead/ACwAAexample,NAME_SEARCH,x',
  ];

  test('sends a DELETE with a JSON body; an empty notFoundInList means all were there', async () => {
    wire.answerWith({ [route]: { body: { notFoundInList: [] } } });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: urls });
    expect(wire.sent()).toEqual([removal(urls)]);
    expect(result.structuredContent).toEqual({ listId: 930001, given: 4, accepted: 4, notFound: [] });
  });

  test('slugs that HeyReach did not find are answered as the URLs that were given', async () => {
    const slugs = ['grace-example', 'josé-example', 'jos%C3%A9-example', 'ACwAAexample', 'somebody-else'];
    wire.answerWith({ [route]: { body: { notFoundInList: slugs } } });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: urls });
    expect(result.structuredContent?.notFound).toEqual([urls[1], urls[2], urls[2], urls[3], 'somebody-else']);
  });

  test('a bare slug is sent as the URL it stands for', async () => {
    wire.answerWith({ [route]: { body: { notFoundInList: ['ada-example'] } } });
    const result = await wire.call('remove_leads_from_list_by_url', {
      listId: 930001,
      profileUrls: ['ada-example'],
    });
    expect(wire.sent()).toEqual([removal([urls[0]!])]);
    expect(result.structuredContent?.notFound).toEqual([urls[0]]);
  });

  test('150 URLs go in two calls, and what was not found is joined', async () => {
    const many = Array.from({ length: 150 }, (_, index) => `https://www.linkedin.com/in/person-${index}`);
    wire.answerWith({
      [route]: ({ body }) => {
        const { profileUrls } = JSON.parse(body) as { profileUrls: string[] };
        return { body: { notFoundInList: [profileUrls.at(-1)?.split('/').at(-1)] } };
      },
    });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: many });
    expect(wire.sent()).toEqual([removal(many.slice(0, 100)), removal(many.slice(100))]);
    expect(result.structuredContent).toEqual({
      listId: 930001,
      given: 150,
      accepted: 150,
      notFound: [many[99], many[149]],
    });
  });

  test('after a lost answer, notFound is said to be doubtful', async () => {
    let calls = 0;
    wire.answerWith({
      [route]: () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : { body: { notFoundInList: ['ada-example'] } };
      },
    });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: urls });
    expect(wire.sent()).toEqual([removal(urls), removal(urls)]);
    expect(result.structuredContent).toMatchObject({
      accepted: 4,
      notFound: [urls[0]],
      note: 'A call was repeated after a lost answer, so notFound may name people whom the first attempt removed.',
    });
  });

  test('an unknown list is an error that says where to look', async () => {
    wire.answerWith({ [route]: { status: 404, body: { errorMessage: listNotFound.message } } });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930009, profileUrls: urls });
    expectError(result, listNotFound);
    expect(result.structuredContent).toMatchObject({ accepted: 0, refused: [{ from: 0, to: 3 }] });
    expect(result.structuredContent).not.toHaveProperty('notFound');
  });

  test.each([
    [[urls[0], 'https://www.linkedin.com/company/example'], 'profileUrls[1] is a /company/ URL'],
    [['Ada Example'], 'profileUrls[0] must be a LinkedIn profile URL such as https://www.linkedin.com/in/ada-example'],
    [[], 'profileUrls must have at least 1 entries'],
  ])('refuses %j', async (profileUrls, said) => {
    expectInvalid(await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls }), said);
    expect(wire.sent()).toEqual([]);
  });
});
