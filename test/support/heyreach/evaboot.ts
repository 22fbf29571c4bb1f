import type { Workspace } from '../../../src/sandbox/index.ts';

/** The number of rows of each kind in a made-up export. */
export interface SheetCounts {
  good: number;
  duplicates: number;
  companies: number;
  withoutLastName: number;
  running: number;
  blacklisted: number;
  doNotContact: number;
}

const HEADER =
  'First Name,Last Name,Current Job,Company Name,Company Domain,Location,Email,Linkedin URL Public,Linkedin URL Unique ID,Matches Filters';
/** A domain in the do-not-contact file of a test. */
export const UNWANTED_DOMAIN = 'unwanted.example.com';

/** An export of Evaboot with mixed rows, some of them for people of a sandbox. */
export function evabootSheet(workspace: Workspace, counts: SheetCounts): string {
  const rowOf = (url: string, number: number, { last = `Example${letters(number)}`, domain = 'example.org' } = {}) =>
    `Ada,${last},Analyst,"Example, Sons & Co",${domain},"London, UK",,${url},https://www.linkedin.com/in/ACwAAA${number}x,YES`;
  const urlOf = (slug: string) => `https://www.linkedin.com/in/${slug}`;
  const many = (count: number, row: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => row(index));
  const good = many(counts.good, (index) => rowOf(urlOf(`import-${index}-example`), index));
  const spellings = [
    (slug: string) => `http://LinkedIn.com/in/${slug.toUpperCase()}`,
    (slug: string) => `${urlOf(slug)}?utm=x`,
    (slug: string) => `${urlOf(slug)}/`,
    (slug: string) => urlOf(slug.replace('example', '%65xample')),
  ];
  const running = [...workspace.campaigns.get(workspace.fixtures.campaigns.IN_PROGRESS[0]!)!.enrolments.keys()]
    .map((id) => workspace.people.get(id)!.profileUrl)
    .slice(0, counts.running);
  const blacklisted = workspace.blacklist
    .filter(({ matchingStatus }) => matchingStatus === 'Matched')
    .map(({ profileUrl }) => profileUrl ?? '')
    .slice(0, counts.blacklisted);
  const others = [
    ...many(counts.duplicates, (index) => rowOf(spellings[index % 4]!(`import-${index}-example`), index)),
    ...many(counts.companies, (index) =>
      rowOf(`https://www.linkedin.com/${index % 2 === 0 ? 'company' : 'pub'}/example-${index}`, index),
    ),
    ...many(counts.withoutLastName, (index) => rowOf(urlOf(`nameless-${index}-example`), index, { last: '' })),
    ...running.map((url, index) => rowOf(url, index)),
    ...blacklisted.map((url, index) => rowOf(url, index)),
    ...many(counts.doNotContact, (index) =>
      rowOf(urlOf(`unwanted-${index}-example`), index, { domain: UNWANTED_DOMAIN }),
    ),
  ];
  // Duplicates follow the row that they repeat.
  return [HEADER, ...good, ...others].join('\r\n');
}

function letters(number: number): string {
  return [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
}

/** The rows of an outcome file. */
export async function outcomesOf(csv: string) {
  const { parse } = await import('csv-parse/sync');
  return parse(csv, { columns: true, bom: true }) as {
    row: string;
    profileUrl: string;
    outcome: string;
    note: string;
    wasInTarget: string;
  }[];
}
