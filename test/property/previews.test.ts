import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeName, literal, quoteLines, quoteName, quoteText, showConstant } from '../../src/lib/outside-text.ts';
import { type Preview, previewText } from '../../src/mcp/confirmation/preview.ts';
import { showCampaign } from '../../src/views/campaign.ts';
import { peopleRows, showPerson, showSender } from '../../src/views/people.ts';
import { outlineSteps } from '../../src/views/sequence-steps.ts';
import { anyCharacter } from '../support/documents/characters.ts';
import { render } from '../support/documents/markdown.ts';
import { runs } from '../support/runs/runs.ts';

/** The node types that a Markdown parser may find in a preview, whatever the names are. */
const PLAIN = ['paragraph', 'text', 'list', 'listItem', 'blockquote', 'break', 'inlineCode'];
/** Texts of the workspace keep their addresses, so that a person sees the exact text. */
const ADDRESS = /:\/\/|www\.|\S@\S/i;

const fragment = fc.constantFrom(
  ...['"', '”', '“', "''", '`', '```', '~~~', '\\', '*', '**', '_', '__', '~~', '[', ']', '](', ')', '![', '<', '>'],
  ...['<b>', '</b>', '<!--', '-->', '<?', '<img src=x>', '<https://example.com>', '&lt;', '&#34;', '&quot;', '&amp;'],
  ...['https://example.com', 'http://', 'www.example.com', 'mailto:', 'jane@example.com', 'ftp://x', '://', '@'],
  ...[
    '\n',
    '\r',
    '\n\n',
    '\u2028',
    '\u0085',
    '\t',
    '    ',
    '- ',
    '# ',
    '> ',
    '1. ',
    '---',
    '| a | b |',
    '[x]: /y',
    '=',
  ],
  ...['Warning: ', 'From: ', 'Text (2 characters):', ', ', ' — ', ' (LinkedIn account 1)', 'Ann Boss', 'é', '名', '💼'],
  ...['\u200b', '\u202e', '\u{e0041}', '\u2060', '[^1]', '- [ ] ', '$x$', ':tada:', '&nbsp;', 'x', ' '],
);
const name = fc.oneof(
  fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: anyCharacter, maxLength: 60 }),
);

/** A preview in which every outside text is the given text. */
function previewOf(text: string): Preview {
  const campaign = { id: 1, name: text, status: text };
  const person = {
    firstName: text,
    lastName: text,
    companyName: text,
    profileUrl: `https://www.linkedin.com/in/${text}`,
  };
  const ours = ADDRESS.test(text) ? 'x' : text;
  const sequence = { nodeType: 'MESSAGE', payload: { messages: [ours, `x ${ours}`], fallbackMessage: ours } } as const;
  return {
    question: `Start the campaign ${showCampaign(campaign).title}, so that it contacts people?`,
    lines: [
      `Campaign: ${showCampaign(campaign).line}`,
      `From: ${showSender({ firstName: text, lastName: text }, 1)}`,
      'Steps: 1',
      ...outlineSteps(sequence).map((line) => `- ${line}`),
      `Last message there: ${quoteName(text, 300)}`,
      `Address: ${literal(text)}`,
      `Event: ${showConstant(text)}`,
      `Fields: ${escapeName(text)}`,
    ],
    warnings: [`The login of ${quoteName(text)} is invalid.`],
    people: ['People:', ...peopleRows([showPerson(person).line, showPerson({ firstName: text }).line], 9)],
    facts: {},
    boundState: null,
  };
}

/** The label of a line, before its first outside text. */
const labelsOf = (text: string) =>
  render(text).blocks.map(({ type, text: line }) => `${type} ${/^(?:Fields|Address|Event): |^[^"(]*/.exec(line)?.[0]}`);

describe('no outside text changes how a preview is read', () => {
  test('names: the same labels, no link, no image, no HTML', () => {
    const labels = labelsOf(previewText(previewOf('Ada')));
    fc.assert(
      fc.property(name, (text) => {
        // Blank names are omitted, so the preview would differ.
        fc.pre(quoteName(`${text}`) !== '' && /[^\s.]/.test(text));
        const shown = previewText(previewOf(text));
        expect(
          [...render(shown).types].filter((type) => !PLAIN.includes(type)),
          shown,
        ).toEqual([]);
        expect(labelsOf(shown), shown).toEqual(labels);
      }),
      { numRuns: runs(300) },
    );
  });

  test('a quoted name contains no quote mark and no address', () => {
    fc.assert(
      fc.property(name, (text) => {
        const quoted = quoteName(text);
        expect(quoted).toMatch(/^$|^"[^"“”\n\r]+"$/);
        expect(quoted.slice(1, -1)).not.toMatch(ADDRESS);
      }),
      { numRuns: runs(300) },
    );
  });

  test('a message renders as the exact text, each line as a quotation', () => {
    const visible = fc.array(
      fragment.filter((part) => !/[\u0085\u200b-\u{e0fff}\n\r\t]|^ +$/u.test(part) && !ADDRESS.test(part)),
      { maxLength: 12 },
    );
    const message = fc.array(
      visible.map((parts) => parts.join('').trim()),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(message, (lines) => {
        const text = lines.join('\n');
        const shown = previewText({ ...previewOf('Ada'), lines: ['Text:', ...quoteLines(text), 'End'] });
        const { blocks, types } = render(shown);
        // An address in a text of the workspace may become a link to exactly that address.
        expect(
          [...types].filter((type) => ![...PLAIN, 'link'].includes(type)),
          shown,
        ).toEqual([]);
        const quoted = blocks.filter(({ type }) => type === 'blockquote').map((block) => block.text);
        const squeeze = (value: string) => value.replace(/\s+/g, '');
        expect(squeeze(quoted.join('\n')), shown).toBe(squeeze(text));
        expect(blocks.at(-1)?.type, shown).toBe('listItem');
      }),
      { numRuns: runs(300) },
    );
  });

  test('the texts of steps cannot end their quotation', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(quoteText(text, 8_000).slice(1, -1)).not.toMatch(/["“”\n\r]/);
      }),
      { numRuns: runs(300) },
    );
  });
});
