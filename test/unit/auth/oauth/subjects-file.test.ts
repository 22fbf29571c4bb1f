import { renameSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SubjectsFile } from '../../../../src/auth/oauth/subjects-file.ts';
import { makeFifo, type TokenFileOfTest, tokenFile } from '../../../support/programs/token-files.ts';

const file: TokenFileOfTest = tokenFile();
beforeEach(() => file.write('ada full', 'grace draft # a comment', 'group:sales people read-only', 'group:ops full'));
afterAll(() => file.remove());

test.each<[subject: string, groups: string[], mode: string | undefined]>([
  ['ada', [], 'full'],
  ['ADA', [], undefined],
  ['alan', [], undefined],
  ['alan', ['sales people'], 'read-only'],
  ['alan', ['sales people', 'ops'], 'full'],
  ['alan', ['sales'], undefined],
  // The line of the subject takes precedence.
  ['grace', ['ops'], 'draft'],
  ['group:ops', [], undefined],
  ['group:ops', ['sales people'], 'read-only'],
  ['sales people', [], undefined],
  ['__proto__', ['constructor'], undefined],
])('%s in the groups %j: %s', async (subject, groups, mode) => {
  expect((await SubjectsFile.open(file.path)).modeOf(subject, groups)).toBe(mode);
});

test.each([
  ['ada', /line 1 must have a subject or group:NAME, and one of read-only, draft, full/],
  ['ada all', /line 1 must have/],
  ['group: full', /line 1 must have/],
  ['ada full\nada draft', /line 2 repeats/],
  ['# nothing', /contains no subject/],
])('opening a file with %j fails, and the error quotes nothing of it', async (text, problem) => {
  file.write(text);
  const error = await SubjectsFile.open(file.path).catch((reason: Error) => reason);
  expect((error as Error).message).toMatch(problem);
  expect((error as Error).message).not.toContain('ada');
});

test('an invalid file adds no subject and removes subjects that are missing or have another mode', async () => {
  const subjects = await SubjectsFile.open(file.path);
  file.write('ada full', 'grace full', 'alan full', 'group:ops everything');
  expect(await subjects.reload()).toMatch(/line 4/);
  const modes = ['ada', 'grace', 'alan'].map((subject) => subjects.modeOf(subject, ['ops']));
  expect(modes).toEqual(['full', undefined, undefined]);
  file.write('alan draft');
  expect(await subjects.reload()).toBeUndefined();
  expect([subjects.modeOf('ada', []), subjects.modeOf('alan', [])]).toEqual([undefined, 'draft']);
});

test('a missing file removes every subject, an unreadable file none', async () => {
  const own = tokenFile('ada full');
  const subjects = await SubjectsFile.open(own.path);
  own.remove();
  expect(await subjects.reload()).toContain('ENOENT');
  expect(subjects.size).toBe(0);
  const other = tokenFile('ada full');
  const otherSubjects = await SubjectsFile.open(other.path);
  makeFifo(other.folder, 'tokens-new');
  renameSync(`${other.folder}/tokens-new`, other.path);
  expect(await otherSubjects.reload()).toContain('is not a regular file');
  expect(otherSubjects.modeOf('ada', [])).toBe('full');
  other.remove();
});
