import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DoNotContactFile } from '../../../src/safety/do-not-contact-file.ts';

const ENTRIES = `\ufeff# customers
example.com
  WWW.Example.ORG  # with a comment
company: Example  Sons & Co
company:Zoë Ltd

https://www.linkedin.com/in/ada-example/?x=1
linkedin.com/in/mei%2Dexample
münchen.example
`;

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'do-not-contact-'));
  path = join(folder, 'list.txt');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(text: string): Promise<DoNotContactFile> {
  await writeFile(path, text);
  const file = new DoNotContactFile(path);
  await file.reload();
  return file;
}

describe('entries', () => {
  test.each([
    [{ emailAddress: 'ada@example.com' }, 'example.com'],
    [{ emailAddress: 'Ada@Mail.EXAMPLE.com' }, 'example.com'],
    [{ companyDomain: 'https://www.example.org/team?x#y' }, 'WWW.Example.ORG'],
    [{ companyDomain: 'example.org.' }, 'WWW.Example.ORG'],
    [{ companyDomain: 'xn--mnchen-3ya.example' }, 'münchen.example'],
    [{ companyName: ' example sons & CO ' }, 'company: Example  Sons & Co'],
    [{ companyName: 'Zoe\u0308 Ltd' }, 'company:Zoë Ltd'],
    [{ profileUrl: 'http://linkedin.com/in/ADA-example' }, 'https://www.linkedin.com/in/ada-example/?x=1'],
    [{ profileUrl: 'https://de.linkedin.com/in/mei-example/de' }, 'linkedin.com/in/mei%2Dexample'],
  ])('%j has an entry', async (person, entry) => {
    expect((await open(ENTRIES)).find(person)).toBe(entry);
  });

  test.each([
    {},
    { emailAddress: null, companyName: '', companyDomain: undefined, profileUrl: 'no URL' },
    { emailAddress: 'ada@notexample.com' },
    { emailAddress: 'example.com@example.net' },
    { companyDomain: 'com' },
    { companyName: 'Example Sons' },
    { profileUrl: 'https://www.linkedin.com/in/ada-example-2' },
  ])('%j has no entry', async (person) => {
    expect((await open(ENTRIES)).find(person)).toBeUndefined();
  });

  test('a list with only comments is empty', async () => {
    expect((await open('# nothing\n\n')).isEmpty).toBe(true);
    expect((await open(ENTRIES)).isEmpty).toBe(false);
  });

  test.each(['not a domain', 'company:', 'company: ', 'https://www.linkedin.com/company/example', 'linkedin.com'])(
    'the line %j is an error with its number',
    async (line) => {
      await expect(open(`example.com\n${line}\n`)).rejects.toThrow(
        'line 2 must be a domain, "company: Name" or the profile URL of a person',
      );
    },
  );
});

test('keeps the previous entries after an error', async () => {
  const file = await open('example.com\n');
  await writeFile(path, 'example.org\n???\n');
  await expect(file.reload()).rejects.toThrow('line 2');
  expect(file.find({ companyDomain: 'example.com' })).toBe('example.com');
  expect(file.find({ companyDomain: 'example.org' })).toBeUndefined();
  await writeFile(path, 'example.org\n');
  expect(await file.reload()).toBe(1);
  expect(file.find({ companyDomain: 'example.com' })).toBeUndefined();
});
