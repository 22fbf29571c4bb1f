import { describe, expect, test } from 'vitest';
import {
  canonicalProfileUrl,
  identityOf,
  readProfileUrl,
  shortProfileUrl,
  slugOf,
} from '../../../src/lib/linkedin-url.ts';

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
  ])('%j names the same person', (url) => {
    expect(readProfileUrl(url)).toMatchObject({ ok: true, identity: 'in/ada-example' });
    expect(slugOf(url)?.toLowerCase()).toBe('ada-example');
  });

  test('reads letters beyond ASCII in the same way, percent-encoded or not', () => {
    const spellings = ['zoë-example', 'ZOË-example', 'zo%C3%AB-example', 'zo%c3%ab-example'];
    const identities = spellings.map((slug) => readProfileUrl(`https://www.linkedin.com/in/${slug}`));
    for (const read of identities) expect(read).toMatchObject({ ok: true, identity: 'in/zoë-example' });
  });

  test('keeps the case of a slug in output and in requests', () => {
    const url = 'https://www.linkedin.com/in/Ada-Example';
    expect(readProfileUrl(url)).toEqual({ ok: true, identity: 'in/ada-example', slug: 'Ada-Example', url });
  });

  test('compares member ids with their case, and vanity slugs without', () => {
    const [mixedCase, lowerCase] = ['ACoAADdu6TsBifd', 'acoaaddu6tsbifd'].map((slug) => identityOf(slug));
    expect(mixedCase).toBe('in/ACoAADdu6TsBifd');
    expect(lowerCase).toBe('in/acoaaddu6tsbifd');
    expect(slugOf('https://www.linkedin.com/in/ACoAADdu6TsBifd/?trk=x')).toBe('ACoAADdu6TsBifd');
    expect(identityOf('https://www.linkedin.com/in/ACADEMY-example')).toBe('in/academy-example');
  });

  test.each([
    ['https://www.linkedin.com/in/ada-example\u200b', 'ada-example'],
    ['\ufeffhttps://www.linkedin.com/in/ada\u2060-example', 'ada-example'],
    ['https://www.linkedin.com/in/ada-example%E2%80%8B', 'ada-example'],
    ['https://www.linkedin.com/in/ada-example\ufe0f', 'ada-example'],
    ['https://www.linkedin.com/in/ada\u200d-example', 'ada-example'],
    ['https://www.linkedin.com/in/ada-example,', 'ada-example'],
    ['https://www.linkedin.com/in/ada-example).', 'ada-example'],
    ['https://www.linkedin.com/in/zoe%CC%88-example', 'zo%C3%AB-example'],
    ['linkedin.com/in/ada-example', 'ada-example'],
    ['[https://www.linkedin.com/in/ada-example](https://www.linkedin.com/in/ada-example)', 'ada-example'],
    ['\\[https://www.linkedin.com/in/ada-example\\](https://www.linkedin.com/in/ada-example)', 'ada-example'],
    ['[Ada](https://www.linkedin.com/in/ada\\_example "Profile")', 'ada_example'],
    ['<https://www.linkedin.com/in/ada-example>', 'ada-example'],
    ['`https://www.linkedin.com/in/ada-example`', 'ada-example'],
  ])('repairs %j', (text, slug) => {
    expect(canonicalProfileUrl(text)).toBe(`https://www.linkedin.com/in/${slug}`);
  });

  test('keeps joiners that a script or an emoji needs', () => {
    for (const slug of ['علی\u200cرضا', '👩\u200d💻-example']) {
      const url = `https://www.linkedin.com/in/${encodeURIComponent(slug)}`;
      expect(readProfileUrl(url)).toEqual({ ok: true, identity: `in/${slug}`, slug, url });
    }
  });

  test('rejects a link with two addresses', () => {
    const link = '[https://www.linkedin.com/in/bob-example](https://www.linkedin.com/in/ada-example)';
    expect(readProfileUrl(link)).toMatchObject({ ok: false });
  });

  test.each([
    'undefined',
    'null',
    'NaN',
    'None',
    '{{slug}}',
    '%7B%7Bslug%7D%7D',
    '${slug}',
    'N/A',
    '#N/A',
    '[First Name]',
  ])('/in/%s names no person, and neither does the text without a URL', (text) => {
    for (const spelling of [`https://www.linkedin.com/in/${text}`, `https://linkedin.com/in/${text}/?x=1`, text]) {
      expect(readProfileUrl(spelling)).toMatchObject({ ok: false, reason: expect.stringContaining('placeholder') });
    }
  });

  test.each(['100%-ada', 'ada,example', 'ada@example', 'ada|example', ':slug', '--'])(
    '/in/%s is not a possible slug',
    (slug) => {
      const url = `https://www.linkedin.com/in/${slug}`;
      expect(readProfileUrl(url)).toMatchObject({ ok: false, reason: expect.stringContaining('cannot exist') });
    },
  );

  test('shortens a URL to its slug only where tools accept the slug', () => {
    expect(shortProfileUrl('https://www.linkedin.com/in/Ada-Example/')).toBe('Ada-Example');
    for (const url of ['https://www.linkedin.com/in/ada.example', 'https://www.linkedin.com/in/ab', null, undefined]) {
      expect(shortProfileUrl(url)).toBe(url);
    }
  });

  test.each([
    'https://www.linkedin.com/sales/lead/ACwAAAExample,NAME_SEARCH,abcd',
    'https://www.linkedin.com/sales/people/ACwAAAExample',
    'https://www.linkedin.com/SALES/lead/ACwAAAExample?x=1',
  ])('%s is a Sales Navigator URL, and its id keeps its case', (url) => {
    expect(readProfileUrl(url)).toEqual({ ok: true, identity: 'sales/ACwAAAExample', slug: 'ACwAAAExample', url });
  });

  test('gives a public and a Sales Navigator URL different identities', () => {
    const [publicProfile, salesProfile] = ['in/acwaaaexample', 'sales/lead/ACwAAAExample'].map((path) =>
      readProfileUrl(`https://www.linkedin.com/${path}`),
    );
    expect(publicProfile).not.toMatchObject({ identity: (salesProfile as { identity: string }).identity });
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
  ])('%j is rejected with a reason', (url, reason) => {
    const read = readProfileUrl(url);
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(read).toMatchObject({ reason: expect.stringContaining('https://www.linkedin.com/in/ada-example') });
  });

  test('reads a long hostile text in linear time', () => {
    const began = performance.now();
    for (const text of [
      'linkedin.com/'.repeat(50_000),
      `linkedin.com/in/${'%'.repeat(500_000)}`,
      'a-'.repeat(500_000),
    ]) {
      readProfileUrl(text);
    }
    // Linear work takes milliseconds. A pattern that backtracks takes minutes.
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test('slugOf returns the slug of an /in/ URL only', () => {
    expect(slugOf('https://www.linkedin.com/in/Ada-Example/')).toBe('Ada-Example');
    expect(slugOf('https://www.linkedin.com/company/example')).toBeUndefined();
    expect(slugOf(null)).toBeUndefined();
    expect(slugOf(undefined)).toBeUndefined();
  });
});
