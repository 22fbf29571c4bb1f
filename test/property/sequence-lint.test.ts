import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NODE_TYPES } from '../../src/client/operations/sequence.ts';
import { lintSequence } from '../../src/workflows/sequence/lint.ts';
import { MAX_LEAD_BYTES, renderSequence } from '../../src/workflows/sequence/render.ts';
import { type Finding, findingLine } from '../../src/workflows/shared/finding.ts';
import { anyCharacter } from '../support/documents/characters.ts';
import { render } from '../support/documents/markdown.ts';
import { runs } from '../support/runs/runs.ts';
import { end, message, type TestNode } from '../support/tools/sequences.ts';

/** The node types that a Markdown parser may find in a line. */
const PLAIN = ['paragraph', 'text', 'inlineCode', 'break'];

const word = fc.constantFrom(
  'We',
  'read',
  'your',
  'post',
  'about',
  '50%',
  'growth',
  'and',
  'déjà',
  '你好',
  '🙂',
  '(again)',
  '1.5',
);
const variable = fc.constantFrom(
  'FIRST_NAME',
  'LAST_NAME',
  'COMPANY',
  'POSITION',
  'INDUSTRY',
  'LOCATION',
  'MY_FIRST_NAME',
  'MY_LAST_NAME',
);
const cleanText = fc
  .array(
    fc.oneof(
      word,
      variable.map((name) => `{${name}}`),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((words) => words.join(' '));
const FALLBACK = 'Good to meet you.';
const days = fc.integer({ min: 1, max: 30 });

/** Steps between messages. */
const quiet = fc.constantFrom('VIEW_PROFILE', 'LIKE_POST').map(
  (nodeType) =>
    (next: TestNode): TestNode => ({
      nodeType,
      actionDelay: 4,
      actionDelayUnit: 'HOUR',
      ...(nodeType === 'LIKE_POST' ? { payload: {} } : {}),
      unconditionalNode: next,
    }),
);
const talk = fc.tuple(fc.array(cleanText, { minLength: 1, maxLength: 3 }), days).map(
  ([texts, wait]) =>
    (next: TestNode, index: number): TestNode =>
      // A number in each text keeps the texts of two steps apart.
      message(
        texts.map((text) => `${text} ${index}`),
        FALLBACK,
        next,
        wait,
      ),
);

/** A sequence that HeyReach accepts, with the variables of its editor. */
const cleanSequence = fc
  .record({
    note: cleanText,
    between: fc.array(fc.oneof(quiet, talk), { maxLength: 6 }),
    accept: days,
    isChecked: fc.boolean(),
  })
  .map(({ note, between, accept, isChecked }): TestNode => {
    const path = between.reduceRight<TestNode>((next, step, index) => step(next, index), end());
    const invite: TestNode = {
      nodeType: 'CONNECTION_REQUEST',
      payload: { messages: [note], fallbackMessage: FALLBACK, toBeWithdrawnAfterDays: accept + 14 },
      conditionalNode: path,
      unconditionalNode: { nodeType: 'END', actionDelay: accept, actionDelayUnit: 'DAY' },
    };
    return isChecked ? { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: path, unconditionalNode: invite } : invite;
  });

const fullLead = {
  firstName: 'Jane',
  lastName: 'Example',
  companyName: 'Example GmbH',
  position: 'Engineer',
  location: 'Berlin',
  customFields: [],
};

test('a clean sequence with the variables of the editor has no finding', () => {
  fc.assert(
    fc.property(cleanSequence, (sequence) => {
      expect(lintSequence(sequence)).toEqual([]);
      // Only the industry cannot be counted.
      const counted = lintSequence(sequence, { leads: [fullLead] }).filter(({ leads }) => leads !== 'unknown');
      expect(counted).toEqual([]);
    }),
    { numRuns: runs(200) },
  );
});

const oddText = fc.oneof(
  cleanText,
  fc
    .array(
      fc.constantFrom(
        '{',
        '}',
        '{{a}}',
        '{nope}',
        '[insert]',
        '<b>',
        '`',
        '``',
        '*',
        '|',
        '\n',
        'TODO',
        'www.example.com',
        '![x](y)',
        '"',
        '~~',
        '\u202e',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: anyCharacter, maxLength: 400 }),
);
const oddPayload = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({
    messages: fc.oneof(
      fc.array(fc.oneof(oddText, fc.record({ subject: oddText, message: oddText })), { maxLength: 4 }),
      fc.jsonValue({ maxDepth: 1 }),
    ),
    fallbackMessage: fc.oneof(oddText, fc.jsonValue({ maxDepth: 1 })),
    toBeWithdrawnAfterDays: fc.oneof(fc.integer(), fc.constant(null), fc.string()),
  }),
);
const { node: oddSequence } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.jsonValue({ maxDepth: 2 }),
    fc.record(
      {
        nodeType: fc.oneof(fc.constantFrom(...NODE_TYPES), oddText),
        actionDelay: fc.oneof(fc.integer(), fc.double(), fc.string()),
        actionDelayUnit: fc.constantFrom('HOUR', 'DAY', 'WEEK', null),
        payload: oddPayload,
        conditionalNode: tie('node'),
        unconditionalNode: tie('node'),
      },
      { requiredKeys: ['nodeType', 'payload'] },
    ),
  ),
}));
const oddValue = fc.oneof(oddText, fc.constant(null));
const oddLead = fc.record(
  {
    firstName: oddValue,
    lastName: oddValue,
    companyName: oddValue,
    customFields: fc.oneof(
      fc.constant(null),
      fc.array(fc.record({ name: fc.oneof(oddValue, fc.constant('nope')), value: oddValue }), { maxLength: 3 }),
    ),
  },
  { requiredKeys: [] },
);
const leadsOfAny = fc.array(oddLead, { maxLength: 6 });

/** The Markdown node types in a line, apart from plain text. */
const markup = (line: string) => [...render(line).types].filter((type) => !PLAIN.includes(type));

test('any JSON tree has ordered findings, each on a plain line, without an exception', () => {
  let stops = 0;
  fc.assert(
    fc.property(oddSequence, leadsOfAny, (sequence, leads) => {
      const findings: Finding[] = lintSequence(sequence, { leads });
      const severities = findings.map(({ severity }) => severity);
      expect(severities).toEqual(severities.toSorted());
      stops += severities.filter((severity) => severity === 'stop').length;
      for (const finding of findings) {
        const line = findingLine(finding);
        expect(line).not.toMatch(/[\n\r]|undefined/);
        expect(markup(line), line).toEqual([]);
        if (typeof finding.leads === 'object') {
          expect(finding.leads.of).toBe(leads.length);
          expect(finding.leads.count).toBeGreaterThan(0);
          expect(finding.leads.count).toBeLessThanOrEqual(leads.length);
        }
      }
    }),
    { numRuns: runs(200) },
  );
  expect(stops).toBeGreaterThan(0);
});

test('a rendering never exceeds its budget, and no text of a lead changes how it is read', () => {
  let texts = 0;
  const anySequence = fc.oneof(
    oddSequence,
    cleanSequence,
    fc.array(oddText, { maxLength: 60 }).map((many) => message(many)),
  );
  fc.assert(
    fc.property(anySequence, leadsOfAny, fc.integer({ min: 0, max: 10 }), (sequence, leads, count) => {
      const rendered = renderSequence(sequence, leads, count);
      expect(rendered.length).toBeLessThanOrEqual(Math.min(count, leads.length));
      for (const preview of rendered) {
        texts += preview.texts.length;
        expect(Buffer.byteLength(JSON.stringify(preview))).toBeLessThanOrEqual(MAX_LEAD_BYTES);
        for (const line of [preview.lead, ...preview.texts]) expect(markup(line), line).toEqual([]);
      }
    }),
    { numRuns: runs(200) },
  );
  expect(texts).toBeGreaterThan(0);
});
