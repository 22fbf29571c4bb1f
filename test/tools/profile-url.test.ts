import { describe, expect, test } from 'vitest';
import { readProfileUrl, slugOf } from '../../src/tools/profile-url.ts';

describe('readProfileUrl', () => {
  test.each([
    'https://www.linkedin.com/in/ada-example',
    'https://www.linkedin.com/in/ada-example/',
    'https://www.linkedin.com/in/ada-example///',
    'http://www.linkedin.com/in/ada-example',
    'HTTPS://WWW.LINKEDIN.COM/IN/ADA-EXAMPLE',
    'www.linkedin.com/in/ada-example',
    'linkedin.com/in/ada-example',
    'https://de.linkedin.com/in/ada-example',
    'https://m.linkedin.com/in/ada-example',
    'https://www.linkedin.com/in/ada-example?utm_source=made-up&x=/company/y',
    'https://www.linkedin.com/in/ada-example/#about',
    'https://www.linkedin.com/in/ada-example/de',
    'https://www.linkedin.com/in/ada-example/details/experience/',
    'https://www.linkedin.com/in/ada%2Dexample',
    'https://www.linkedin.com/in/%41da-example',
    '  https://www.linkedin.com/in/ada-example\n',
  ])('%j is one and the same person', (url) => {
    expect(readProfileUrl(url)).toEqual({ ok: true, identity: 'in/ada-example', slug: 'ada-example' });
  });

  test('letters beyond ASCII count the same, percent-encoded or not', () => {
    const spellings = ['zoë-example', 'ZOË-example', 'zo%C3%AB-example', 'zo%c3%ab-example'];
    const identities = spellings.map((slug) => readProfileUrl(`https://www.linkedin.com/in/${slug}`));
    for (const read of identities) expect(read).toMatchObject({ ok: true, identity: 'in/zoë-example' });
  });

  test('a broken percent-encoding is taken as it stands', () => {
    expect(readProfileUrl('https://www.linkedin.com/in/100%-ada')).toMatchObject({ ok: true, slug: '100%-ada' });
  });

  test.each([
    'https://www.linkedin.com/sales/lead/ACwAAAExample,NAME_SEARCH,abcd',
    'https://www.linkedin.com/sales/people/ACwAAAExample',
    'https://www.linkedin.com/SALES/lead/ACwAAAExample?x=1',
  ])('%s is a Sales Navigator URL, whose id keeps its case', (url) => {
    expect(readProfileUrl(url)).toEqual({ ok: true, identity: 'sales/ACwAAAExample', slug: 'ACwAAAExample' });
  });

  test('a public and a Sales Navigator URL are not taken for the same person', () => {
    const [one, other] = ['in/acwaaaexample', 'sales/lead/ACwAAAExample'].map((path) =>
      readProfileUrl(`https://www.linkedin.com/${path}`),
    );
    expect(one).not.toMatchObject({ identity: (other as { identity: string }).identity });
  });

  test.each([
    ['https://www.linkedin.com/company/example', '/company/'],
    ['https://www.linkedin.com/pub/ada-example/1/2/3', '/pub/'],
    ['https://www.linkedin.com/school/example', '/school/'],
    ['https://www.linkedin.com/showcase/example', '/showcase/'],
    ['https://www.linkedin.com/sales/company/123', 'Sales Navigator URL'],
    ['https://www.linkedin.com/in/', "person's /in/"],
    ['https://www.linkedin.com/in', "person's /in/"],
    ['https://www.linkedin.com/in/%20', "person's /in/"],
    ['https://www.linkedin.com/in/%2e%2e', "person's /in/"],
    ['https://www.linkedin.com/feed/', "person's /in/"],
    ['https://www.linkedin.com/', "person's /in/"],
    ['https://www.linkedin.com', 'LinkedIn profile URL'],
    ['https://example.com/in/ada-example', 'LinkedIn profile URL'],
    ['https://linkedin.com.example.com/in/ada-example', 'LinkedIn profile URL'],
    ['https://notlinkedin.com/in/ada-example', 'LinkedIn profile URL'],
    ['https://example.com/linkedin.com/in/ada-example', 'LinkedIn profile URL'],
    ['https://example.com/?u=linkedin.com/in/ada-example', 'LinkedIn profile URL'],
    ['https://user@linkedin.com/in/ada-example', 'LinkedIn profile URL'],
    ['javascript:linkedin.com/in/ada-example', 'LinkedIn profile URL'],
    ['ada-example', 'LinkedIn profile URL'],
    ['https://www.linkedin.com/in/ada example', 'LinkedIn profile URL'],
    ['https://www.linkedin.com/in/ada-example https://example.com', 'LinkedIn profile URL'],
    ['', 'LinkedIn profile URL'],
  ])('%j is refused with a reason', (url, reason) => {
    const read = readProfileUrl(url);
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(read).toMatchObject({ reason: expect.stringContaining('https://www.linkedin.com/in/ada-example') });
  });

  test('a long text made to be slow is not', () => {
    const began = performance.now();
    for (const text of [
      'linkedin.com/'.repeat(50_000),
      `linkedin.com/in/${'%'.repeat(500_000)}`,
      'a-'.repeat(500_000),
    ]) {
      readProfileUrl(text);
    }
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('slugOf gives the slug, or nothing', () => {
    expect(slugOf('https://www.linkedin.com/in/Ada-Example/')).toBe('ada-example');
    expect(slugOf('https://www.linkedin.com/company/example')).toBeUndefined();
    expect(slugOf(null)).toBeUndefined();
    expect(slugOf(undefined)).toBeUndefined();
  });
});
